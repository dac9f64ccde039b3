"""Keep the draft of a record while it is written: the page's script asks for it, and says what came of it.

It is the draft that the button saves, guarded by the draft's version. Without scripts there is only the button.
"""

from uuid import UUID

import msgspec
from litestar import Response

from service.actor import Actor
from service.database import Database
from service.errors import Conflict, PreconditionFailed
from service.meetings.holding import service as holding
from service.meetings.pages.discussion import Changed
from service.meetings.pages.record_form import Read
from service.web import times
from service.web.forms import Form


class Kept(msgspec.Struct, frozen=True):
    """What the page says, and the version of the draft that stands now; None where nothing was saved."""

    said: str
    version: int | None = None


async def keep(
    actor: Actor, database: Database, discussion: UUID, version: int, found: Read, form: Form
) -> Response[Kept]:
    """Save the draft, or say why not: what stands in the browser stays there, and the button settles it.

    Raises:
        NotFound, Forbidden: as `changing.locked`.
    """
    if form.errors:
        return Response(Kept(f"Not saved yet. {form.errors[0].text}."), status_code=422)
    try:
        async with database.transaction(actor) as tx:
            saved = await holding.save_draft(tx, discussion, version, found.record)
            return Response(Kept(f"Draft saved at {times.clock_time(tx.now)}.", saved))
    except PreconditionFailed as failed:
        said = f"{Changed.of(failed).who} saved while you were writing. Press Save draft: it puts both together."
        return Response(Kept(said), status_code=412)
    except Conflict as conflict:
        return Response(Kept(conflict.message), status_code=409)
