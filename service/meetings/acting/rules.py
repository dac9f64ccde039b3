"""Pure rules of actions: where one stands, who may do what, and from when until when it was overdue."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

import msgspec

from service.actor import Actor
from service.errors import Wrong
from service.meetings.rules import CONVENERS, keys_of
from service.timepiece import minute_of

ActionState = Literal["given", "accepted", "sent_back", "overdue", "done", "done_late", "cancelled"]
#: The rule and subject of the flag of an action that is overdue.
RULE: Final = "overdue"
SUBJECT: Final = "action"
#: It was done in time and only said so later: the flag ends and was no lateness of the owner's.
IN_TIME: Final = "found_done_in_time"
_OURS: Final = "childrens_social_care"
_TOLERANCE: Final = timedelta(minutes=5)


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody is to do. ``late``: a due time passed before it was done, also one that was moved since.

    ``areas`` are those of its discussion; none for somebody who sees the action alone.
    """

    id: UUID
    discussion: UUID
    area: str
    force: str | None
    pathways: tuple[UUID, ...]
    what: str
    outcome_sought: str
    owner_agency: str
    owner_person: UUID | None
    owner_name: str
    owner_key: str
    due_at: datetime
    version: int
    accepted_at: datetime | None
    sent_back_at: datetime | None
    done_at: datetime | None
    cancelled_at: datetime | None
    given_at: datetime
    late: bool
    areas: tuple[str, ...]


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that became of an action; ``at`` when it happened, ``recorded_at`` when it was told."""

    id: UUID
    kind: str
    at: datetime
    recorded_at: datetime
    by_name: str | None
    note: str
    evidence: str
    due_at: datetime | None
    owner_agency: str | None
    owner_name: str | None
    discussion: UUID | None


class Overdue(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch in which an action was overdue; ``episode`` is the event that set the due time."""

    episode: UUID
    true_from: datetime
    true_until: datetime | None
    cause: str | None


def state(action: Action, now: datetime) -> ActionState:
    """Where an action stands. One that was late stays late, however it ends."""
    if action.cancelled_at is not None:
        return "cancelled"
    if action.done_at is not None:
        return "done_late" if action.late or action.done_at > action.due_at else "done"
    if now > action.due_at:
        return "overdue"
    if action.sent_back_at is not None:
        return "sent_back"
    return "given" if action.accepted_at is None else "accepted"


def overdue(events: Iterable[Event]) -> list[Overdue]:
    """When an action was overdue: one stretch for each due time that passed before something ended it.

    The last due time's stretch is there even while it lies ahead: nothing here depends on now.
    """
    found: list[Overdue] = []
    since: Event | None = None
    for event in sorted(events, key=lambda each: (each.recorded_at, each.id)):
        if event.kind in ("given", "due_changed"):
            if since is not None:
                found += _ended(since, event, "due_changed")
            since = event
        elif event.kind in ("done", "cancelled") and since is not None:
            found += _ended(since, event, event.kind)
            since = None
    if since is not None and since.due_at is not None:
        found.append(Overdue(episode=since.id, true_from=since.due_at, true_until=None, cause=None))
    return found


def _ended(since: Event, end: Event, cause: str) -> list[Overdue]:
    due = since.due_at
    if due is None or end.recorded_at <= due:
        return []
    if end.at <= due:
        return [Overdue(episode=since.id, true_from=due, true_until=end.recorded_at, cause=IN_TIME)]
    return [Overdue(episode=since.id, true_from=due, true_until=end.at, cause=cause)]


def convenes(actor: Actor, areas: Sequence[str]) -> bool:
    """Whether somebody convenes in one of the areas, and so changes the terms of an action."""
    return actor.kind == "system" or bool(set(areas) & set(actor.areas(*CONVENERS)))


def owns(action: Action, actor: Actor) -> bool:
    """Whether an action is this person's, or their agency's where it names nobody."""
    if action.owner_person is not None:
        return action.owner_person == actor.id
    return action.owner_key in keys_of(actor) or (
        action.owner_agency == _OURS and action.area in actor.areas("social_worker", *CONVENERS)
    )


def wrong_with_done(done_at: datetime, evidence: str, action: Action, now: datetime) -> list[Wrong]:
    """Done at a time that has passed, after it was given; told late but done in time needs evidence."""
    found = []
    if done_at > now + _TOLERANCE:
        found.append(Wrong("at", done_at.isoformat(), "a time that has passed", "Record it when it is done."))
    if done_at < minute_of(action.given_at):
        found.append(Wrong("at", done_at.isoformat(), "a time after it was given", "Check the date and time."))
    if now > action.due_at >= done_at and not evidence.strip():
        help_ = "Its time has passed: name the log, letter or record that shows it was done before."
        found.append(Wrong("evidence", "nothing", "what shows that it was done in time", help_))
    return found


def wrong_with_due(due_at: datetime, reason: str, now: datetime) -> list[Wrong]:
    """Another due time lies ahead and has a reason."""
    found = []
    if due_at <= now:
        found.append(Wrong("due_at", due_at.isoformat(), "a time to come", "Choose a time ahead."))
    if not reason.strip():
        found.append(Wrong("reason", "nothing", "why it is moved", "Say why."))
    return found
