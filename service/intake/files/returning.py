"""Give back the rows that were held or refused, as a file that can be mended and sent again."""

from collections.abc import AsyncIterator
from typing import Final
from uuid import UUID

from service.access import audit
from service.actor import Actor
from service.database import Database
from service.errors import Conflict, NotFound
from service.intake.files import store
from service.intake.files.parse.profile import load_profile
from service.intake.files.parse.returned import returned_heading, returned_line
from service.intake.files.parse.source import match_header

PART: Final = 2_000


async def returned(database: Database, actor: Actor, identity: UUID) -> AsyncIterator[str]:
    """The lines of the file, the heading first, a part at a time.

    Rows that the actor may not see are left out, and those that somebody settled need no mending.
    The first part leaves the trace of the export.

    Raises:
        NotFound: there is no such import for this actor.
        Conflict: its columns are not known, because it could not be read.
    """
    after = 0
    async with database.transaction(actor) as tx:
        job = await store.job(tx.connection, identity)
        feed = await store.feed(tx.connection, job.feed) if job is not None and job.feed else None
        if job is None or feed is None:
            raise NotFound("There is no such import.")
        columns = await store.columns(tx.connection, identity)
        if not columns:
            raise Conflict("Nothing of this file was read, so that there is nothing to give back.")
        count = await store.count_open(tx.connection, identity)
        await audit.viewed(
            tx, "import_rows_exported", "mend rows and send them again", detail={"import": str(identity), "rows": count}
        )
    header = match_header(columns, load_profile(feed.profile))
    yield returned_heading(header)
    while True:
        async with database.transaction(actor, readonly=True) as tx:
            rows = await store.open_rows(tx.connection, identity, after, PART)
        if not rows:
            return
        yield "".join(returned_line(header, row.number, row.cells, row.texts) for row in rows)
        after = rows[-1].number
