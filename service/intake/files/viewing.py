"""What people see of imports: the files, how far they are, their rows, and what is not yet on the books."""

from typing import Any
from uuid import UUID

import msgspec

from service.access import audit
from service.database import Tx
from service.errors import NotFound
from service.intake.files import store
from service.intake.files.store import ImportLine, NotYet, RowLine

PAGE: int = 50


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    """One page of an import's rows, of those that the actor may see, and how many there are."""

    total: int
    rows: list[RowLine]


class NotOnTheBooks(msgspec.Struct, frozen=True, kw_only=True):
    """One page of what came and is not on the books, longest waiting first."""

    total: int
    rows: list[NotYet]


async def imports(tx: Tx, page: int = 1) -> tuple[int, list[ImportLine]]:
    """Files that came, the latest first, and how many there are."""
    return await store.imports(tx.connection, PAGE, (page - 1) * PAGE)


async def one(tx: Tx, identity: UUID) -> ImportLine:
    """One import.

    Raises:
        NotFound: there is none for this actor.
    """
    found = await store.one_import(tx.connection, identity)
    if found is None:
        raise NotFound("There is no such import.")
    return found


async def rows(tx: Tx, identity: UUID, *, outcome: str | None, page: int = 1) -> Rows:
    """Rows of an import with what became of them; leaves the trace of looking.

    Raises:
        NotFound: there is no such import for this actor.
    """
    await one(tx, identity)
    total, found = await store.rows(tx.connection, identity, outcome, PAGE, (page - 1) * PAGE)
    detail: dict[str, Any] = {"import": str(identity), "outcome": outcome, "page": page, "rows": len(found)}
    pathways = [row.pathway for row in found if row.pathway]
    await audit.viewed(tx, "import_rows_viewed", "account for the rows of a police file", pathways, detail)
    return Rows(total=total, rows=found)


async def not_on_the_books(tx: Tx, page: int = 1) -> NotOnTheBooks:
    """Incidents that came in a file and are not on the books; leaves the trace of looking."""
    total, found = await store.not_on_the_books(tx.connection, PAGE, (page - 1) * PAGE)
    detail: dict[str, Any] = {"page": page, "rows": len(found)}
    await audit.viewed(tx, "not_on_the_books_viewed", "find what is missing from the books", [], detail)
    return NotOnTheBooks(total=total, rows=found)
