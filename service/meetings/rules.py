"""Pure rules of discussions: where one stands, which agencies it needs, which slot is best, what changed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from schema.meetings import TAKES_PART, State
from schema.vocabulary import AGENCIES
from service.actor import Actor
from service.meetings.structs import Answered, ClockOf, Discussion, Invitee, RankedSlot, Required, Slot

#: Who convenes discussions in an area; the database's `convening_areas()` says the same.
CONVENERS: Final = ("mash_coordinator", "mash_manager", "out_of_hours", "team_manager")
#: Whose word counts that the threshold is reached.
MANAGERS: Final = ("mash_manager", "team_manager", "out_of_hours")
#: Who opens discussions at all; which ones is the database's to say.
READERS: Final = (*CONVENERS, "social_worker", "conference_service", "police_liaison", "partner")
#: The clocks that a discussion still to be held is to meet.
TO_MEET: Final = ("strategy_discussion", "strategy_quorate")
_OPEN: Final = ("requested", "scheduled")
_NOT_SHOWN: Final = frozenset({"version", "sequence", "areas", "forces", "recorded_at"})


def state(discussion: Discussion) -> State:
    """Where a discussion stands."""
    if discussion.cancelled_at is not None:
        return "cancelled"
    if discussion.issued_at is not None:
        return "record_issued"
    if discussion.held_from is not None:
        return "held"
    return "scheduled" if discussion.scheduled_from is not None else "requested"


def is_open(discussion: Discussion) -> bool:
    """Whether it is still to be held."""
    return state(discussion) in _OPEN


def required_on(entries: Iterable[Required], area: str, at: datetime) -> tuple[str, ...]:
    """The agencies that must take part in an area at an instant, in the vocabulary's order.

    Of the entries in effect the newest counts; one of the area before one for everywhere.
    """
    newest: dict[str, Required] = {}
    for entry in entries:
        if entry.area in (None, area) and entry.effective_from <= at:
            known = newest.get(entry.agency)
            if known is None or _weight(known) <= _weight(entry):
                newest[entry.agency] = entry
    return in_order(agency for agency, entry in newest.items() if entry.required)


def _weight(entry: Required) -> tuple[bool, datetime, datetime]:
    return entry.area is not None, entry.effective_from, entry.recorded_at


def in_order(agencies: Iterable[str]) -> tuple[str, ...]:
    """Agencies once each, in the vocabulary's order."""
    return tuple(sorted(set(agencies), key=AGENCIES.index))


def due_at(clocks: Iterable[ClockOf]) -> datetime | None:
    """The earliest due time that a discussion still to be held is to meet."""
    return min((clock.due_at for clock in clocks if clock.due_at is not None and _runs(clock)), default=None)


def _runs(clock: ClockOf) -> bool:
    return clock.standard in TO_MEET and clock.standing == "ok" and clock.rules and clock.stopped_at is None


def ranked(
    slots: Sequence[Slot],
    answers: Sequence[Answered],
    invitees: Sequence[Invitee],
    required: Collection[str],
    due: datetime | None,
    now: datetime,
) -> tuple[RankedSlot, ...]:
    """Slots in order of their time, but the first to come that every required agency accepts before all others.

    An agency accepts when anybody asked of it accepts or sends a representative.
    """
    who = {invitee.id: invitee for invitee in invitees}
    made = []
    for slot in sorted(slots, key=lambda each: (each.starts_at, each.id)):
        mine = [each for each in answers if each.slot == slot.id and each.invitee in who]
        accepted = {who[each.invitee].agency for each in mine if each.answer in TAKES_PART}
        made.append((slot, in_order(accepted), in_order(set(required) - accepted)))
    best = next((slot.id for slot, _, missing in made if not missing and slot.ends_at >= now), None)
    found = [
        RankedSlot(
            slot=slot,
            accepted_by=accepted,
            missing=missing,
            in_time=None if due is None else slot.starts_at <= due,
            first=slot.id == best,
            over=slot.ends_at < now,
        )
        for slot, accepted, missing in made
    ]
    return tuple(sorted(found, key=lambda each: not each.first))


def waits_for(
    slots: Collection[Slot], answers: Sequence[Answered], invitees: Sequence[Invitee], required: Collection[str]
) -> tuple[str, ...]:
    """Required agencies of which nobody has answered any slot that is offered; none where none is offered."""
    offered = {slot.id for slot in slots}
    who = {invitee.id: invitee.agency for invitee in invitees}
    answered = {who[each.invitee] for each in answers if each.slot in offered and each.invitee in who}
    return in_order(set(required) - answered) if offered else ()


def owner_key(agency: str, area: str, force: str | None) -> str:
    """An agency as the database's policies know it: the police by force, every other by area."""
    return f"force:{force}:police" if agency == "police" and force else f"area:{area}:{agency}"


def keys_of(actor: Actor) -> frozenset[str]:
    """The agencies for which somebody takes part; the database's `allowed_agencies()` says the same."""
    keys = {f"area:{grant.area}:{grant.agency}" for grant in actor.grants if grant.role == "partner" and grant.agency}
    return frozenset(keys | {f"force:{force}:police" for force in actor.forces("police_liaison")})


def is_mine(invitee: Invitee, actor: Actor, forces: Collection[str]) -> bool:
    """Whether an invitation is this person's to answer."""
    if invitee.person is not None:
        return invitee.person == actor.id
    keys = keys_of(actor)
    if f"area:{invitee.area}:{invitee.agency}" in keys:
        return True
    return invitee.agency == "police" and any(f"force:{force}:police" in keys for force in forces)


def changed(before: msgspec.Struct, after: msgspec.Struct) -> dict[str, Any]:
    """The fields that differ, each with its value before and after, as JSON has them."""
    old, new = msgspec.to_builtins(before), msgspec.to_builtins(after)
    return {
        name: [old.get(name), new.get(name)]
        for name in new
        if name not in _NOT_SHOWN and old.get(name) != new.get(name)
    }


def since(changes: Iterable[Mapping[str, Any]]) -> list[str]:
    """The names of all fields that a number of changes touched, once each."""
    return sorted({name for change in changes for name in change})
