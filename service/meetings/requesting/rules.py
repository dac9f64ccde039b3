"""Pure rules of asking for a discussion and of finding a time for it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from schema.meetings import CANCEL_CAUSES, MOST_SLOTS, POSTPONE_CAUSES, Asked, InviteeSaid, SlotSaid
from schema.vocabulary import AGENCIES
from service.errors import Wrong
from service.meetings.structs import Slot

#: A discussion that lasts longer than this was typed wrongly.
LONGEST: Final = timedelta(hours=12)
#: Nobody plans a strategy discussion further ahead.
FURTHEST: Final = timedelta(days=365)
_TOLERANCE: Final = timedelta(minutes=5)


def wrong_with_request(asked: Asked, managers: Mapping[UUID, str], me: UUID | None, now: datetime) -> list[Wrong]:
    """Everything wrong with a request by itself."""
    found = []
    if not asked.reason.strip():
        what = "why the threshold is thought reached" if asked.kind == "initial" else "what the review is to look at"
        found.append(Wrong("reason", "nothing", what, f"Say {what}."))
    if (asked.manager is None and me not in managers) or (asked.manager is not None and asked.manager not in managers):
        names = ", ".join(managers.values()) or "nobody yet: an administrator gives the role"
        got = "nobody" if asked.manager is None else "somebody else"
        found.append(Wrong("manager", got, f"one of: {names}", "Name the manager who thinks the threshold is reached."))
    for field in ("threshold_at", "requested_at"):
        at: datetime | None = getattr(asked, field)
        if at is not None and at > now + _TOLERANCE:
            found.append(Wrong(field, at.isoformat(), "a time that has passed", "Check the date and time."))
    reached, requested = asked.threshold_at, asked.requested_at
    if reached is not None and requested is not None and reached > requested:
        found.append(
            Wrong(
                "threshold_at",
                reached.isoformat(),
                "a time not after the request",
                "The threshold was reached before anybody asked for a discussion: check both times.",
            )
        )
    for number, invitee in enumerate(asked.invitees):
        found += wrong_with_invitee(invitee, f"invitees[{number}]")
    return found + wrong_with_slots(asked.slots, (), now, past=requested is not None)


def wrong_with_invitee(invitee: InviteeSaid, at: str) -> list[Wrong]:
    """An address of mail must look like one; control characters would end up in a header."""
    mail = invitee.mail.strip()
    if mail and (mail.count("@") != 1 or not all(mail.split("@")) or any(c.isspace() or ord(c) < 32 for c in mail)):
        return [Wrong(f"{at}.mail", mail, "an address of mail", "Write it as name@example.nhs.uk.")]
    return []


def wrong_with_slots(
    said: Sequence[SlotSaid], known: Sequence[Slot], now: datetime, *, past: bool = False
) -> list[Wrong]:
    """At most three times, each with its end after its beginning, none twice, none long over.

    ``past``: the request itself is told of the past (a night's telephone discussion), and so may be its times.
    """
    found = []
    if len(said) + len(known) > MOST_SLOTS:
        count = len(said) + len(known)
        found.append(Wrong("slots", str(count), f"at most {MOST_SLOTS} times", "Withdraw one that cannot be."))
    taken = {slot.starts_at for slot in known}
    for number, slot in enumerate(said):
        field = f"slots[{number}]"
        if slot.ends_at <= slot.starts_at:
            found.append(Wrong(f"{field}.ends_at", slot.ends_at.isoformat(), "a time after its start", "Check both."))
        elif slot.ends_at - slot.starts_at > LONGEST:
            found.append(Wrong(f"{field}.ends_at", slot.ends_at.isoformat(), "at most 12 hours", "Check the date."))
        if slot.starts_at > now + FURTHEST or (not past and slot.ends_at < now):
            found.append(Wrong(f"{field}.starts_at", slot.starts_at.isoformat(), "a time to come", "Check the date."))
        if slot.starts_at in taken:
            found.append(Wrong(f"{field}.starts_at", slot.starts_at.isoformat(), "another time", "It stands twice."))
        taken.add(slot.starts_at)
    return found


def wrong_with_delay(kind: str, cause: str, agency: str, note: str) -> list[Wrong]:
    """A postponement or cancellation needs a cause of the list and the agency it waits on."""
    found = []
    causes = POSTPONE_CAUSES if kind == "postponed" else CANCEL_CAUSES
    if cause not in causes:
        found.append(Wrong("cause", cause or "nothing", " or ".join(causes), "Choose why."))
    if agency not in AGENCIES:
        found.append(Wrong("agency", agency or "nothing", " or ".join(AGENCIES), "Choose the agency it waits on."))
    if cause == "other" and not note.strip():
        found.append(Wrong("note", "nothing", "the cause in words", "Say what the cause was."))
    return found


def wrong_with_answer(answer: str, representative: str) -> list[Wrong]:
    """A representative has a name."""
    if answer == "representative" and not representative.strip():
        return [Wrong("representative", "nothing", "a name", "Say who comes instead.")]
    return []


def detail_of_delay(
    cause: str, agency: str, note: str, was_for: datetime | None, now_for: datetime | None
) -> dict[str, Any]:
    """What the milestone of a postponement or cancellation carries, for measures by cause and agency."""
    detail: dict[str, Any] = {"cause": cause, "agency": agency}
    if note.strip():
        detail["note"] = note.strip()
    if was_for is not None:
        detail["was_planned_for"] = was_for.isoformat()
    if now_for is not None:
        detail["planned_for"] = now_for.isoformat()
    return detail


def missing(asked: Collection[UUID], seen: Collection[UUID]) -> list[str]:
    """Pathways that were named and are not the actor's."""
    return sorted(str(each) for each in set(asked) - set(seen))
