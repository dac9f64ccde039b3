"""When a notice came to the desk and left it, by what was recorded; what the police's view says of the present."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

import msgspec

from schema.spine import Milestone
from service.clocks.order import Event, in_order

#: A notice that was received had been sent, at the latest then.
_SENT: Final = ("notice_shared", "notice_received")


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """Times of a notice, each with its day where the day alone is known. ``shared_at``: the receipt's, if nothing was
    recorded of the sending or it is said to be later. ``reason``: why it was decided not to share it.
    """

    submitted_on: date | None
    shared_at: datetime | None
    shared_on: date | None
    not_shared_at: datetime | None
    not_shared_on: date | None
    reason: str | None


def course(told: Sequence[Milestone]) -> Course:
    """The course of one notice; by the first of each kind that stands."""
    events = in_order(told)
    submitted, sent, declined = (
        _first(events, kinds) for kinds in (("notice_submitted",), _SENT, ("notice_not_shared",))
    )
    return Course(
        submitted_on=submitted.on if submitted else None,
        shared_at=sent.at if sent else None,
        shared_on=sent.on if sent else None,
        not_shared_at=declined.at if declined else None,
        not_shared_on=declined.on if declined else None,
        reason=declined.milestone.outcome if declined else None,
    )


def _first(events: Sequence[Event], kinds: Sequence[str]) -> Event | None:
    return next((event for event in events if event.kind in kinds), None)
