"""Many rows at once: COPY to a temporary table, then INSERT … SELECT.

COPY straight into the tables is not possible under row-level security; through a temporary table
it still takes half the time of arrays, whose elements the driver looks at one by one. For a few
rows the arrays are quicker: no table to stage.
"""

from collections.abc import Sequence
from typing import Any, Final, Literal, NamedTuple

from service.database import Connection, Queries

#: From how many rows on staging pays.
MANY: Final = 1_000

queries: Final = Queries("service.pathways", "bulk.sql")

Table = Literal["milestone", "segment", "clock", "condition"]


def columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    """Rows turned into one list a column, as unnest takes them."""
    if not rows:
        return [[] for _ in range(width)]
    return [list(column) for column in zip(*rows, strict=True)]


class Rows(NamedTuple):
    """Rows for one table, in the order of columns that both ways share; ``few`` takes a list for each column."""

    table: Table
    rows: Sequence[tuple[Any, ...]]
    few: str


async def insert(connection: Connection, *parts: Rows) -> None:
    """Write rows, any number and none too, with as few questions and answers as may be.

    Args:
        connection: in a transaction that runs as an actor.
        parts: what to write, in this order.
    """
    staged = [getattr(queries, f"stage_{part.table}") for part in parts if len(part.rows) >= MANY]
    if staged:
        await connection.execute(";\n".join(staged))
    for part in parts:
        if len(part.rows) >= MANY:
            await connection.copy_records_to_table(f"bulk_{part.table}", records=part.rows)
            # Emptied at once: within one transaction there may be a second time.
            await connection.execute(";\n".join(getattr(queries, f"{step}_{part.table}") for step in ("take", "clear")))
        elif part.rows:
            await connection.execute(part.few, *columns(part.rows, len(part.rows[0])))
