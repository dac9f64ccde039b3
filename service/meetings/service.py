"""Discussions as people look at them: one whole, and lists."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from schema.meetings import Agency
from service.access import audit
from service.database import Tx
from service.errors import NotFound, Refused, Wrong
from service.meetings import rules, store
from service.meetings.holding.quoracy import quoracy
from service.meetings.structs import Change, Discussion, Listed, Required, View

#: Which discussions a list shows: still to be held, with slots to answer, mine, with a record to send, or all.
LISTS: Final = ("upcoming", "awaiting", "mine", "record_due", "all")
#: Where a limit runs: to be held by, or of its record, to be with everybody required by.
_RUN: Final = ("requested", "scheduled", "held")


async def one(tx: Tx, discussion: UUID) -> View:
    """One discussion as the actor sees it. Leaves an audit row.

    Raises:
        NotFound: there is none, or it is not the actor's to see.
    """
    view = await seen(tx, discussion)
    pathways = [each.pathway for each in view.covered]
    await audit.viewed(tx, "discussion_viewed", "take part in a discussion", pathways, {"discussion": str(discussion)})
    return view


async def seen(tx: Tx, discussion: UUID) -> View:
    """As `one`, for pages that show more beside it and audit the whole view themselves.

    Raises:
        NotFound: there is none, or it is not the actor's to see.
    """
    row = await store.discussion(tx.connection, discussion)
    if row is None:
        raise NotFound("There is no such discussion.")
    connection = tx.connection
    invitees = await store.invitees(connection, row.id)
    offered = await store.slots(connection, row.id)
    answers = await store.answers(connection, row.id)
    clocks = await store.clocks(connection, row.id)
    kept = await store.records(connection, row.id) if row.held_from else []
    entries = await store.required(connection)
    required = rules.required_on(entries, row.area, row.held_from or row.scheduled_from or tx.now)
    still_open = rules.is_open(row)
    due = rules.due_at(clocks) if still_open else None
    convenes = tx.actor.kind == "system" or bool(set(row.areas) & set(tx.actor.areas(*rules.CONVENERS)))
    return View(
        discussion=row,
        state=rules.state(row),
        covered=tuple(await store.covered(connection, row.id)),
        not_covered=tuple(await store.not_covered(connection, row.id)) if still_open else (),
        clocks=tuple(clocks),
        due_at=due,
        required=required,
        invitees=tuple(invitees),
        slots=rules.ranked(offered, answers, invitees, required, due, tx.now),
        answers=tuple(answers),
        waits_for=rules.waits_for(offered, answers, invitees, required) if still_open else (),
        delays=tuple(await store.delays(connection, row.id)),
        record=kept[-1] if kept else None,
        quoracy=quoracy(kept[-1].record.attendance, required) if kept else None,
        copies=tuple(await store.copies(connection, row.id)),
        mine=tuple(each.id for each in invitees if rules.is_mine(each, tx.actor, row.forces)),
        convenes=convenes,
    )


async def listing(tx: Tx, which: str = "upcoming", *, limit: int = 50, offset: int = 0) -> list[Listed]:
    """Discussions that the actor sees; no child is named. Leaves an audit row."""
    found, pathways = await listed(tx, which, limit=limit, offset=offset)
    await audit.viewed(tx, "discussions_viewed", "see which discussions need me", pathways, {"which": which})
    return found


async def listed(
    tx: Tx, which: str = "upcoming", *, limit: int = 50, offset: int = 0
) -> tuple[list[Listed], list[UUID]]:
    """As `listing`, with the pathways, for pages that show more beside it and audit the whole view themselves."""
    keys = sorted(rules.keys_of(tx.actor))
    rows = await store.listed(tx.connection, which, tx.actor.id, keys, rules.TO_MEET, limit=limit, offset=offset)
    entries = await store.required(tx.connection)
    found = []
    for row in rows:
        each = row.discussion
        waits: tuple[str, ...] = ()
        if row.offered and rules.is_open(each):
            at = each.scheduled_from or tx.now
            waits = rules.in_order(set(rules.required_on(entries, each.area, at)) - set(row.answered))
        found.append(
            Listed(
                id=each.id,
                area=each.area,
                state=rules.state(each),
                kind=each.kind,
                urgency=each.urgency,
                form=each.form,
                requested_at=each.requested_at,
                scheduled_from=each.scheduled_from,
                scheduled_until=each.scheduled_until,
                held_from=each.held_from,
                cancelled_at=each.cancelled_at,
                quorate=each.quorate,
                children=row.children,
                due_at=row.due_at if rules.state(each) in _RUN else None,
                waits_for=waits,
                version=each.version,
            )
        )
    return found, [pathway for row in rows for pathway in row.pathways]


async def looked(tx: Tx, discussion: UUID, action: str) -> None:
    """Leave an audit row for a part of a discussion that is shown by itself."""
    pathways = [each.pathway for each in await store.covered(tx.connection, discussion)]
    await audit.viewed(tx, action, "take part in a discussion", pathways, {"discussion": str(discussion)})


async def of_pathways(tx: Tx, pathways: Sequence[UUID]) -> list[Discussion]:
    """Discussions that cover any of these pathways, newest first. For pages that audit the view themselves."""
    found = [await store.discussion(tx.connection, each) for each in await store.of_pathways(tx.connection, pathways)]
    return [row for row in found if row is not None]


async def history(tx: Tx, discussion: UUID) -> list[Change]:
    """Every change of a discussion with its values before and after; for those who convene it.

    Raises:
        NotFound: there is no such discussion for this actor.
    """
    if await store.discussion(tx.connection, discussion) is None:
        raise NotFound("There is no such discussion.")
    return await store.changes(tx.connection, discussion)


async def required(tx: Tx) -> list[Required]:
    """Every entry of which agencies must take part, where and from when."""
    return await store.required(tx.connection)


async def require(
    tx: Tx,
    *,
    agency: Agency,
    required: bool,
    basis: str,
    area: str | None = None,
    effective_from: datetime | None = None,
) -> Required:
    """Record that an agency must take part from now on (or later), or need not any more.

    Discussions that were held keep the rule of their day.

    Raises:
        Refused: no basis, an area that is none, or a time that has passed.
    """
    wrong = []
    since = (effective_from or tx.now).replace(microsecond=0)
    if not basis.strip():
        wrong.append(Wrong("basis", "nothing", "on whose word", "Name the agreement or the law."))
    if area is not None and not await store.area_exists(tx.connection, area):
        wrong.append(Wrong("area", area, "an area of the tracker", "Choose one from the list, or none for everywhere."))
    if since < tx.now.replace(microsecond=0):
        help_ = "What discussions needed is never changed behind them: let it take effect from now on."
        wrong.append(Wrong("effective_from", since.isoformat(), "now or later", help_))
    if agency == "childrens_social_care" and not required:
        help_ = "A manager of children's social care is always present."
        wrong.append(Wrong("agency", agency, "another agency", help_))
    if wrong:
        raise Refused(wrong)
    entry = Required(
        area=area, agency=agency, required=required, effective_from=since, basis=basis.strip(), recorded_at=tx.now
    )
    await store.add_required(tx, entry)
    return entry
