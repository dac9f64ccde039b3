"""Give actions, and what their owners and those who gave them do with them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from schema.ids import new_id
from schema.meetings import ActionSaid, Agency, WhatChanged
from service.access import audit
from service.database import Tx
from service.errors import Conflict, Forbidden, NotFound, PreconditionFailed, Refused, Wrong
from service.meetings import rules as meeting_rules
from service.meetings import store as meetings
from service.meetings.acting import rules, store
from service.meetings.acting.rules import Action, Event
from service.meetings.acting.store import Owner, Wanted
from service.meetings.changing import locked, saved
from service.meetings.holding.rules import wrong_with_action
from service.meetings.structs import Covered, Discussion

_SHOWN: int = 200


class Detail(msgspec.Struct, frozen=True, kw_only=True):
    """One action with what became of it; ``yours``: the actor's to do; ``terms``: theirs to move or cancel."""

    action: Action
    state: rules.ActionState
    events: tuple[Event, ...]
    yours: bool
    terms: bool


async def give(tx: Tx, discussion: UUID, expected: int, said: ActionSaid) -> tuple[UUID, int]:
    """Give a further action after a discussion was held; its id and the discussion's new version.

    Raises:
        NotFound, Forbidden, PreconditionFailed: as `changing.locked`.
        Conflict: the discussion was not held.
        Refused: what, for which outcome, who or by when is missing.
    """
    row = await locked(tx, discussion, expected)
    if row.held_from is None:
        raise Conflict("Actions are given at a discussion: it was not held.")
    covered = await meetings.covered(tx.connection, discussion)
    children = {each.child for each in covered}
    wrong = wrong_with_action(said) + await wrong_with_owners(tx, [said], "")
    if strange := [str(child) for child in said.children if child not in children]:
        wrong.append(Wrong("children", ", ".join(strange), "covered children", "Choose children of this discussion."))
    if said.due_at is not None and said.due_at <= tx.now:
        wrong.append(Wrong("due_at", said.due_at.isoformat(), "a time to come", "Choose a time ahead."))
    if wrong:
        raise Refused(wrong)
    (identity,) = await give_all(tx, row, covered, [said])
    return identity, await saved(tx, row, row, "action_given", {"action": [None, said.what.strip()]})


async def give_all(tx: Tx, row: Discussion, covered: Sequence[Covered], said: Sequence[ActionSaid]) -> list[UUID]:
    """Write the actions of a discussion, checked by the caller, with the conditions of their due times."""
    made = []
    for each in said:
        if each.due_at is None:
            raise Refused([Wrong("due_at", "nothing", "by when", "Say by when it is to be done.")])
        owner = await _owner(tx, row, each.owner_agency, each.owner_person, each.owner_name)
        action = Action(
            id=new_id(tx.now),
            discussion=row.id,
            area=row.area,
            force=owner.force or next(iter(row.forces), None),
            pathways=tuple(c.pathway for c in covered if not each.children or c.child in each.children),
            what=each.what.strip(),
            outcome_sought=each.outcome_sought.strip(),
            owner_agency=owner.agency,
            owner_person=owner.person,
            owner_name=owner.name,
            owner_key=owner.key,
            due_at=each.due_at.replace(microsecond=0),
            version=1,
            accepted_at=None,
            sent_back_at=None,
            done_at=None,
            cancelled_at=None,
            given_at=tx.now,
            late=False,
            areas=row.areas,
        )
        await store.add(tx, action)
        await store.add_event(tx, action.id, "given", due_at=action.due_at, owner=owner, discussion=row.id)
        await _flag_when_due(tx, action)
        made.append(action.id)
    return made


async def wrong_with_owners(tx: Tx, said: Sequence[ActionSaid], at: str) -> list[Wrong]:
    """Owners who are no person of the tracker."""
    found = []
    for number, each in enumerate(said):
        if each.owner_person is not None and await store.owner(tx.connection, each.owner_person, "") is None:
            field = f"{at}[{number}].owner_person" if at else "owner_person"
            found.append(Wrong(field, str(each.owner_person), "somebody with an account", "Choose from the list."))
    return found


async def to_ask_about(tx: Tx, row: Discussion) -> list[UUID]:
    """The actions of which a discussion asks what changed for the child: the last one's, and all that are open.

    Those due first come first, so that each keeps its place on the form whatever becomes of the others.
    """
    return await store.earlier(tx.connection, row.id, row.follows)


async def earlier(tx: Tx, discussion: UUID) -> list[Detail]:
    """What a discussion opens with, in the order in which it is asked about (`to_ask_about`).

    Raises:
        NotFound: there is no such discussion for this actor.
    """
    row = await meetings.discussion(tx.connection, discussion)
    if row is None:
        raise NotFound("There is no such discussion.")
    ids = await to_ask_about(tx, row)
    found = {each.action.id: each for each in await _detailed(tx, Wanted(ids=tuple(ids), limit=len(ids)))}
    return [found[each] for each in ids if each in found]


async def answer_what_changed(tx: Tx, row: Discussion, said: Sequence[WhatChanged]) -> None:
    """Keep with each earlier action what changed for the child, as this discussion said."""
    known = set(await to_ask_about(tx, row))
    for each in said:
        if each.action in known and each.what_changed.strip():
            await store.add_event(tx, each.action, "what_changed", note=each.what_changed, discussion=row.id)


async def listing(
    tx: Tx, which: str = "mine", *, limit: int = 50, offset: int = 0, discussion: UUID | None = None
) -> list[Detail]:
    """Actions that the actor sees: mine, open, overdue, closed or all. Leaves an audit row."""
    found = await listed(tx, which, limit=limit, offset=offset, discussion=discussion)
    pathways = [pathway for each in found for pathway in each.action.pathways]
    await audit.viewed(tx, "actions_viewed", "do what was agreed", pathways, {"which": which})
    return found


async def listed(
    tx: Tx, which: str = "mine", *, limit: int = 50, offset: int = 0, discussion: UUID | None = None
) -> list[Detail]:
    """As `listing`, for pages that show more beside them and audit the whole view themselves."""
    wanted = Wanted(
        which=which,
        keys=_keys(tx),
        discussions=None if discussion is None else (discussion,),
        limit=min(limit, _SHOWN),
        offset=offset,
    )
    return await _detailed(tx, wanted)


async def of_discussion(tx: Tx, discussion: UUID) -> list[Detail]:
    """The actions that a discussion gave, for pages that audit the view themselves."""
    return await _detailed(tx, Wanted(discussions=(discussion,)))


async def one(tx: Tx, action: UUID) -> Detail:
    """One action with what became of it. Leaves an audit row.

    Raises:
        NotFound: there is none, or it is not the actor's to see.
    """
    found = await _detailed(tx, Wanted(ids=(action,)))
    if not found:
        raise NotFound("There is no such action.")
    await audit.viewed(tx, "action_viewed", "do what was agreed", found[0].action.pathways, {"action": str(action)})
    return found[0]


async def accept(tx: Tx, action: UUID, expected: int) -> int:
    """The owner takes it on; the new version.

    Raises:
        NotFound, Forbidden, Conflict, PreconditionFailed: as `_change`.
    """
    known = await _change(tx, action, expected, terms=False)
    await store.add_event(tx, action, "accepted")
    return await _save(tx, msgspec.structs.replace(known, accepted_at=tx.now, sent_back_at=None))


async def send_back(tx: Tx, action: UUID, expected: int, reason: str) -> int:
    """The owner does not take it on and says why; somebody else must. Its time runs on. The new version.

    Raises:
        Refused: no reason.
        NotFound, Forbidden, Conflict, PreconditionFailed: as `_change`.
    """
    known = await _change(tx, action, expected, terms=False)
    if not reason.strip():
        raise Refused([Wrong("reason", "nothing", "why it is sent back", "Say why it is not yours to do.")])
    await store.add_event(tx, action, "sent_back", note=reason)
    return await _save(tx, msgspec.structs.replace(known, accepted_at=None, sent_back_at=tx.now))


async def progress(tx: Tx, action: UUID, expected: int, note: str, evidence: str = "") -> int:
    """Say how far it is; the new version.

    Raises:
        Refused: nothing is said.
        NotFound, Forbidden, Conflict, PreconditionFailed: as `_change`.
    """
    known = await _change(tx, action, expected, terms=False)
    if not note.strip():
        raise Refused([Wrong("note", "nothing", "how far it is", "Say what was done so far.")])
    await store.add_event(tx, action, "progress", note=note, evidence=evidence)
    return await _save(tx, known)


async def complete(
    tx: Tx, action: UUID, expected: int, *, note: str = "", evidence: str = "", at: datetime | None = None
) -> int:
    """It is done, now or at a time that has passed; the new version. Late stays late.

    Raises:
        Refused: a time ahead or before it was given, or done in time without evidence and told too late.
        NotFound, Forbidden, Conflict, PreconditionFailed: as `_change`.
    """
    known = await _change(tx, action, expected, terms=False)
    done_at = (at or tx.now).replace(microsecond=0)
    if wrong := rules.wrong_with_done(done_at, evidence, known, tx.now):
        raise Refused(wrong)
    await store.add_event(tx, action, "done", at=done_at, note=note, evidence=evidence)
    return await _save(tx, msgspec.structs.replace(known, done_at=done_at))


async def cancel(tx: Tx, action: UUID, expected: int, reason: str) -> int:
    """Those who gave it call it off and say why; the new version.

    Raises:
        Refused: no reason.
        NotFound, Forbidden, Conflict, PreconditionFailed: as `_change`.
    """
    known = await _change(tx, action, expected, terms=True)
    if not reason.strip():
        raise Refused([Wrong("reason", "nothing", "why it is called off", "Say why it is no longer needed.")])
    await store.add_event(tx, action, "cancelled", note=reason)
    return await _save(tx, msgspec.structs.replace(known, cancelled_at=tx.now))


async def move(tx: Tx, action: UUID, expected: int, due_at: datetime, reason: str) -> int:
    """Those who gave it set another time; the new version. A time that has passed stays on record as missed.

    Raises:
        Refused: the time is not ahead, or has no reason.
        NotFound, Forbidden, Conflict, PreconditionFailed: as `_change`.
    """
    known = await _change(tx, action, expected, terms=True)
    due_at = due_at.replace(microsecond=0)
    if wrong := rules.wrong_with_due(due_at, reason, tx.now):
        raise Refused(wrong)
    await store.add_event(tx, action, "due_changed", note=reason, due_at=due_at)
    return await _save(tx, msgspec.structs.replace(known, due_at=due_at))


async def reassign(
    tx: Tx,
    action: UUID,
    expected: int,
    *,
    agency: Agency | None = None,
    person: UUID | None = None,
    name: str = "",
    reason: str = "",
) -> int:
    """Those who gave it give it to somebody else; the new version. Its time runs on.

    Raises:
        Refused: nobody is named, or somebody without an account.
        NotFound, Forbidden, Conflict, PreconditionFailed: as `_change`.
    """
    known = await _change(tx, action, expected, terms=True)
    said = ActionSaid(owner_agency=agency, owner_person=person, owner_name=name)
    wrong = await wrong_with_owners(tx, [said], "")
    if agency is None and person is None:
        wrong.append(Wrong("owner_agency", "nobody", "who is to do it", "Name the agency, the person, or both."))
    row = await meetings.discussion(tx.connection, known.discussion)
    if wrong or row is None:
        raise Refused(wrong)
    owner = await _owner(tx, row, agency, person, name)
    await store.add_event(tx, action, "reassigned", note=reason, owner=owner)
    changed = msgspec.structs.replace(
        known,
        owner_agency=owner.agency,
        owner_person=owner.person,
        owner_name=owner.name,
        owner_key=owner.key,
        force=owner.force or known.force,
        accepted_at=None,
        sent_back_at=None,
    )
    return await _save(tx, changed)


def _keys(tx: Tx) -> tuple[str, ...]:
    """The agencies whose actions are mine: as a partner, or social care's own in areas where I convene."""
    ours = {f"area:{area}:childrens_social_care" for area in tx.actor.areas(*meeting_rules.CONVENERS)}
    return tuple(sorted(meeting_rules.keys_of(tx.actor) | ours))


async def _detailed(tx: Tx, wanted: Wanted) -> list[Detail]:
    found = await store.actions(tx, wanted)
    happened = await store.events(tx.connection, [each.id for each in found])
    return [
        Detail(
            action=action,
            state=rules.state(action, tx.now),
            events=tuple(happened.get(action.id, ())),
            yours=rules.owns(action, tx.actor),
            terms=rules.convenes(tx.actor, action.areas),
        )
        for action in found
    ]


async def _owner(tx: Tx, row: Discussion, agency: Agency | None, person: UUID | None, name: str) -> Owner:
    """The owner as policies know them: a person speaks for the agency of their role unless another one is named."""
    area, force = row.area, next(iter(row.forces), None)
    known = await store.owner(tx.connection, person, row.area) if person is not None else None
    found: str = agency or "other"
    if known is not None:
        name = known.name
        found = agency or known.agency
        area, force = known.area or area, known.force or force
    key = meeting_rules.owner_key(found, area, force)
    return Owner(agency=found, person=person, name=name.strip(), key=key, force=force if found == "police" else None)


async def _change(tx: Tx, action: UUID, expected: int, *, terms: bool) -> Action:
    """The action, locked for a change by its owner, or (``terms``) by those who gave it.

    Raises:
        NotFound: the actor does not see it.
        Forbidden: it is not the actor's to change in this way.
        PreconditionFailed: it has changed meanwhile; ``facts`` say what became of it.
        Conflict: it is done or called off.
    """
    may = await store.lock(tx.connection, action)
    found = await store.actions(tx, Wanted(ids=(action,)))
    if not found:
        raise NotFound("There is no such action.")
    known = found[0]
    convenes = rules.convenes(tx.actor, known.areas)
    if not may or not (convenes or (not terms and rules.owns(known, tx.actor))):
        raise Forbidden(
            "Only those who gave this action change its terms." if terms else "This action is somebody else's."
        )
    if known.version != expected:
        happened = (await store.events(tx.connection, [action])).get(action, [])
        raise PreconditionFailed(
            "This action has changed since you looked at it.",
            version=known.version,
            changes=[{"what": e.kind, "by": e.by_name, "at": e.recorded_at} for e in happened[-5:]],
        )
    if known.done_at is not None or known.cancelled_at is not None:
        raise Conflict("This action is done or called off already.")
    return known


async def _save(tx: Tx, action: Action) -> int:
    version = await store.save(tx.connection, action)
    await _flag_when_due(tx, action)
    return version


async def _flag_when_due(tx: Tx, action: Action) -> None:
    """Write from when until when it is overdue: what the sweep raises its flags from."""
    happened = (await store.events(tx.connection, [action.id])).get(action.id, [])
    await store.replace_conditions(tx.connection, action, rules.overdue(happened))
