"""Which discussions need me: a convenor's list, and for everybody else their invitations and actions."""

from collections.abc import Sequence
from typing import Any, Final

from litestar import Request, Response, get
from litestar.di import NamedDependency

from service.access import audit
from service.access.permissions import allow
from service.actor import Actor
from service.database import Database, Tx
from service.meetings import rules
from service.meetings import service as meetings
from service.meetings.acting import service as acting
from service.meetings.acting.service import Detail
from service.meetings.counting import store as counting
from service.meetings.pages import wording
from service.pathways.pages import beside
from service.pathways.pages.beside import Line, Section
from service.pathways.view.store import Head
from service.web import live
from service.web.page import page
from service.web.tables import ListView

#: The tiles: which list, and what is asked of it.
TILES: Final = (
    ("upcoming", "to be held"),
    ("awaiting", "with times to answer"),
    ("record_due", "held, record not with everybody"),
)
ENDED: Final = ("done", "done_late", "cancelled")
_MOST: Final = 200


@get("/meetings", opt=allow(*rules.READERS), include_in_schema=False)
async def show(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """The list; for those who convene nothing, their invitations and their actions."""
    if not actor.holds(*rules.CONVENERS):
        return await _mine(request, actor, database)
    view = ListView.of(request, path="/meetings", sorts=("time",), filters=("which",))
    which = view.filters.get("which", "upcoming")
    which = which if which in (*dict(TILES), "mine", "all") else "upcoming"
    async with database.transaction(actor) as tx:
        counts = await counting.counts(tx.connection, tx.now)
        # One more than is shown, to know whether there is a next page.
        found, pathways = await meetings.listed(tx, which, limit=view.size + 1, offset=view.offset)
        await audit.viewed(tx, "discussions_viewed", "see which discussions need me", pathways, {"which": which})
    return await page(
        request,
        "meetings/list.html",
        tiles=[(each, text, getattr(counts, each)) for each, text in TILES],
        overdue=counts.overdue,
        which=which,
        found=found[: view.size],
        total=view.offset + len(found),
        view=view,
        wording=wording,
    )


async def _mine(request: Request[Any, Any, Any], actor: Actor, database: Database) -> Response[str]:
    async with database.transaction(actor) as tx:
        invited, pathways = await meetings.listed(tx, "all", limit=_MOST)
        actions = await acting.listed(tx, "mine", limit=_MOST)
        ids = [each.id for each in invited]
        asked = await counting.asked_of(tx.connection, ids, actor.id, sorted(rules.keys_of(actor)), tx.now)
        about = [*pathways, *(each for detail in actions for each in detail.action.pathways)]
        await audit.viewed(tx, "discussions_viewed", "see which discussions and actions need me", about)
    to_come = [each for each in invited if each.state in ("requested", "scheduled")]
    return await page(
        request,
        "meetings/mine.html",
        open=to_come,
        over=[each for each in invited if each.state not in ("requested", "scheduled")],
        asked=asked,
        to_answer=sum(each.id in asked and asked[each.id].answered < asked[each.id].offered for each in to_come),
        actions=in_order(actions),
        late=sum(each.state == "overdue" for each in actions),
        wording=wording,
    )


def in_order(found: Sequence[Detail]) -> list[Detail]:
    """What is open first, the earliest due before the later."""
    return sorted(found, key=lambda each: (each.state in ENDED, each.action.due_at))


async def _counts(tx: Tx) -> dict[str, str]:
    """For open pages: how many stand in each list now."""
    counts = await counting.counts(tx.connection, tx.now)
    return {f"meetings.{which}": str(getattr(counts, which)) for which in (*dict(TILES), "overdue")}


async def _of_pathway(tx: Tx, head: Head) -> Section | None:
    """Discussions about a child's incident, on its page, for those who may open them."""
    if not tx.actor.holds(*rules.READERS):
        return None
    found = await meetings.of_pathways(tx, [head.pathway])
    lines = [Line(f"/meetings/{each.id}", wording.title(each.id), wording.briefly(each, tx.now)) for each in found]
    return Section("Strategy discussions", tuple(lines)) if lines else None


live.register_group("meetings", _counts)
beside.register(_of_pathway)
handlers: list[Any] = [show]
