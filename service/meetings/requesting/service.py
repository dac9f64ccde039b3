"""Ask for a discussion, and change whom it asks and what it covers."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from schema.meetings import Asked, InviteeSaid
from service.database import Tx
from service.errors import Conflict, Forbidden, NotFound, Refused, Wrong
from service.meetings import rules as meeting_rules
from service.meetings import store as meetings
from service.meetings.changing import locked, saved
from service.meetings.facts import Fact, tell
from service.meetings.invitations import service as invitations
from service.meetings.requesting import rules, store
from service.meetings.requesting.store import Whole
from service.meetings.structs import Covered, Discussion


async def managers(tx: Tx, area: str) -> dict[UUID, str]:
    """Whose word counts in an area that the threshold is reached: names by id."""
    return await meetings.people_of(tx.connection, area, meeting_rules.MANAGERS)


async def request(tx: Tx, asked: Asked) -> UUID:
    """Ask for a discussion; its id. Its required agencies are invited at once.

    A first discussion records that the threshold was reached (where that does not stand already) and that the
    discussion was asked for. A review records neither: it has no limit of its own and resets nothing.

    Raises:
        NotFound: a pathway is not there, or not the actor's.
        Forbidden: the actor does not convene in that area.
        Conflict: a discussion that is still to be held covers one of them; ``facts`` name it.
        Refused: something is wrong; every wrong field is named.
    """
    whole = await _whole(tx, asked.pathways)
    area = _convenes_in(tx, whole)
    known = await managers(tx, area)
    wrong = rules.wrong_with_request(asked, known, tx.actor.id, tx.now)
    wrong += await _wrong_with_people(tx, asked.invitees)
    follows, unheld = await _follows(tx, asked, whole)
    wrong += unheld
    manager = asked.manager or tx.actor.id
    if wrong or manager is None:
        raise Refused(wrong)
    if standing := await meetings.open_covering(tx.connection, [each.id for each in whole]):
        raise Conflict(
            "A discussion that is still to be held covers one of these already.",
            discussions=[str(each) for each in standing],
        )
    requested = (asked.requested_at or asked.threshold_at or tx.now).replace(microsecond=0)
    reached = (asked.threshold_at or requested).replace(microsecond=0) if asked.kind == "initial" else None
    asked = msgspec.structs.replace(asked, follows=follows)
    identity = await store.add_discussion(tx, area, asked, (manager, known[manager]), requested, reached)
    await store.cover(tx, identity, [each.id for each in whole])
    for invitee in await _required_invitees(tx, area):
        await store.invite(tx, identity, invitee, area)
    for invitee in asked.invitees:
        await store.invite(tx, identity, invitee, area)
    for slot in asked.slots:
        await store.add_slot(tx, identity, slot)
    row = await _seen(tx, identity)
    await meetings.add_change(tx, identity, row.version, "requested", {"reason": [None, row.reason]})
    covered = await meetings.covered(tx.connection, identity)
    await _tell_request(tx, row, covered, reached or requested, requested)
    await invitations.tell(tx, identity)
    return identity


async def cover(tx: Tx, discussion: UUID, expected: int, pathways: Sequence[UUID]) -> int:
    """Let a discussion that is still to be held cover further pathways; the new version.

    An incident later than the invitation is covered from here on and not before. People of another area whose social
    care is invited put their own children into it, and with that let its convenor record what it decides for them.

    Raises:
        NotFound, Forbidden, PreconditionFailed: as `changing.locked`; a pathway that is not the actor's.
        Conflict: the discussion is over, or a restricted record would be shared with another area.
    """
    row = await locked(tx, discussion, expected)
    _still_open(row)
    whole = await _whole(tx, pathways)
    if any(each.restricted and each.area != row.area for each in whole):
        raise Conflict("A restricted record is discussed in its own area: ask for a discussion there.")
    before = await meetings.covered(tx.connection, discussion)
    await store.cover(tx, discussion, [each.id for each in whole])
    known = {each.pathway for each in before}
    added = [each for each in await meetings.covered(tx.connection, discussion) if each.pathway not in known]
    if not added:
        return row.version
    now = await _seen(tx, discussion)
    names = {"covers": [sorted(map(str, known)), sorted(map(str, known | {each.pathway for each in added}))]}
    version = await saved(tx, now, now, "covered_more", names)
    await _tell_request(tx, now, added, tx.now, tx.now)
    return version


async def invite(tx: Tx, discussion: UUID, expected: int, said: InviteeSaid) -> tuple[UUID, int]:
    """Ask somebody else to take part; the invitation and the new version.

    Raises:
        NotFound, Forbidden, PreconditionFailed: as `changing.locked`.
        Refused: there is no such person or area, or the address cannot be one.
    """
    row = await locked(tx, discussion, expected)
    if wrong := rules.wrong_with_invitee(said, "") + await _wrong_with_people(tx, [said], whole=False):
        raise Refused(wrong)
    identity = await store.invite(tx, discussion, said, row.area)
    await invitations.tell(tx, discussion, only=identity)
    now = await _seen(tx, discussion)
    return identity, await saved(tx, now, now, "invited", {"invitee": [None, said.name.strip() or said.agency]})


async def withdraw_invitation(tx: Tx, discussion: UUID, expected: int, invitee: UUID) -> int:
    """Ask somebody no longer. They see the discussion no more; the new version.

    Raises:
        NotFound: no such invitation; or as `changing.locked`.
        Conflict: a required agency stays invited.
    """
    row = await locked(tx, discussion, expected)
    known = {each.id: each for each in await meetings.invitees(tx.connection, discussion)}
    found = known.get(invitee)
    if found is None:
        raise NotFound("There is no such invitation.")
    if found.required and found.person is None and not found.name:
        raise Conflict("This agency is required here: it stays invited.")
    await store.withdraw_invitee(tx, discussion, invitee)
    await invitations.tell(tx, discussion, only=invitee)
    now = await _seen(tx, discussion)
    named = found.person_name or found.name or found.agency
    return await saved(tx, row, now, "invitation_withdrawn", {"invitee": [named, None]})


async def _whole(tx: Tx, pathways: Sequence[UUID]) -> list[Whole]:
    whole = await store.pathways(tx.connection, list(dict.fromkeys(pathways)))
    if missing := rules.missing(pathways, [each.id for each in whole]):
        raise NotFound("There is no such pathway.", pathways=missing)
    return whole


def _convenes_in(tx: Tx, whole: Sequence[Whole]) -> str:
    """The area that convenes: that of the first pathway in which the actor does."""
    mine = tx.actor.areas(*meeting_rules.CONVENERS)
    found = [each.area for each in whole if tx.actor.kind == "system" or each.area in mine]
    if not found:
        raise Forbidden("You do not convene discussions in this area.")
    if set(found) != {each.area for each in whole}:
        raise Conflict("Some of these children are in another area: invite it, and it puts its own children in.")
    return found[0]


async def _required_invitees(tx: Tx, area: str) -> list[InviteeSaid]:
    entries = await meetings.required(tx.connection)
    agencies = meeting_rules.required_on(entries, area, tx.now)
    return [msgspec.convert({"agency": agency, "required": True}, InviteeSaid) for agency in agencies]


async def _wrong_with_people(tx: Tx, said: Sequence[InviteeSaid], *, whole: bool = True) -> list[Wrong]:
    found = []
    for number, each in enumerate(said):
        at = f"invitees[{number}]." if whole else ""
        if each.person is not None and await store.person(tx.connection, each.person) is None:
            found.append(Wrong(f"{at}person", str(each.person), "somebody with an account", "Choose from the list."))
        if each.area is not None and not await meetings.area_exists(tx.connection, each.area):
            found.append(Wrong(f"{at}area", each.area, "an area of the tracker", "Choose one from the list."))
    return found


async def _follows(tx: Tx, asked: Asked, whole: Sequence[Whole]) -> tuple[UUID | None, list[Wrong]]:
    """The discussion that this one follows: as said, else the last one held for these children."""
    children = [each.child for each in whole]
    held = await meetings.held_before(tx.connection, children, UUID(int=0))
    if asked.follows is not None and asked.follows not in held:
        help_ = "Choose a discussion that was held for these children."
        return None, [Wrong("follows", str(asked.follows), "an earlier discussion of these children", help_)]
    if asked.kind == "review" and not held:
        help_ = "A review follows a discussion that was held: ask for a first discussion."
        return None, [Wrong("kind", "review", "`initial`: no discussion was held yet", help_)]
    return asked.follows or next(iter(held), None), []


async def _seen(tx: Tx, identity: UUID) -> Discussion:
    row = await meetings.discussion(tx.connection, identity)
    if row is None:
        raise NotFound("There is no such discussion.")
    return row


def _still_open(row: Discussion) -> None:
    if not meeting_rules.is_open(row):
        raise Conflict("This discussion is over: ask for another one.")


async def _tell_request(
    tx: Tx, row: Discussion, covered: Sequence[Covered], reached_at: datetime, at: datetime
) -> None:
    """Threshold, request and what is arranged already, for pathways that have just been covered."""
    if row.kind == "review":
        return
    reached = await meetings.recorded(tx.connection, [each.pathway for each in covered], "threshold_reached")
    new = frozenset(each.pathway for each in covered) - reached
    why = {"manager": row.manager_name, "reason": row.reason}
    facts = [Fact(kind="threshold_reached", at=reached_at, detail=why, only=new)] if new else []
    asked = {"immediate": row.urgency == "immediate", "form": row.form, **why}
    facts.append(Fact(kind="strategy_requested", at=at, detail=asked))
    if row.scheduled_from is not None:
        planned = {"planned_for": row.scheduled_from.isoformat()}
        facts.append(Fact(kind="strategy_scheduled", at=at, detail=planned))
    await tell(tx, row, covered, facts)
