"""Many rows at once: COPY to a temporary table, then INSERT … SELECT.

COPY straight into the tables is not possible under row-level security; through a temporary table
it still takes half the time of arrays, whose elements the driver looks at one by one. For a few
rows the arrays are quicker: no table to stage.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final, Literal

from service.database import Connection, Queries

#: Up to how many clocks and conditions everything derived goes in one statement.
FEW: Final = 200
#: From how many cells on staging pays.
MANY: Final = 8_000

_PLACE: Final = re.compile(r"\$(\d+)")
queries: Final = Queries("service.pathways", "bulk.sql")

Table = Literal["milestone", "segment", "clock", "condition", "state"]


def columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    """Rows turned into one list a column, as unnest takes them."""
    if not rows:
        return [[] for _ in range(width)]
    return [list(column) for column in zip(*rows, strict=True)]


def _later(by: int, place: re.Match[str]) -> str:
    return f"${int(place[1]) + by}"


def together(*statements: str) -> str:
    """Several writes as one statement, with the arguments of all in their order.

    None of them sees what another writes. One journey to the database and back instead of one for each: for a few rows
    that is most of what they cost.
    """
    moved: list[str] = []
    before = 0
    for statement in statements:
        numbers = [int(number) for number in _PLACE.findall(statement)]
        moved.append(_PLACE.sub(partial(_later, before), statement))
        before += max(numbers)
    *first, last = moved
    parts = ", ".join(f"part_{number} as (\n{text}\n)" for number, text in enumerate(first))
    return f"with {parts}\n{last}"


def is_many(rows: Sequence[tuple[Any, ...]]) -> bool:
    """Whether staging these rows pays."""
    return bool(rows) and len(rows) * len(rows[0]) >= MANY


async def insert(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]], few: str) -> None:
    """Write rows, in the order of columns that both ways share.

    Args:
        connection: in a transaction that runs as an actor.
        table: where to.
        rows: any number, none too.
        few: the query that takes a list for each column.
    """
    if is_many(rows):
        await insert_many(connection, table, rows)
    elif rows:
        await connection.execute(few, *columns(rows, len(rows[0])))


async def insert_many(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """As `insert`, by way of the temporary table in any case."""
    # Emptied first: within one transaction there may be a second time.
    await connection.execute(getattr(queries, f"stage_{table}"))
    await connection.copy_records_to_table(f"bulk_{table}", records=rows)
    await connection.execute(getattr(queries, f"take_{table}"))


@asynccontextmanager
async def meanwhile(writing: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Let the database write while the body, which leaves the connection alone, works on.

    Both are done at the end. Where the body fails, what was being written is given up.
    """
    task = asyncio.ensure_future(writing)
    await asyncio.sleep(0)  # sends it
    try:
        yield
    except BaseException:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise
    await task
