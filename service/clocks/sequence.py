"""Milestones out of their natural order: a condition, never a crash and never a negative length."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from schema.spine import Condition
from service.clocks.local_time import local_day
from service.clocks.order import Event

#: Pairs that can only happen in this order: (earlier, later, who can put it right).
PAIRS: Final = (
    ("incident_occurred", "police_reported", "police"),
    ("incident_occurred", "police_attended", "police"),
    ("police_attended", "notice_submitted", "police"),
    ("notice_submitted", "notice_shared", "police"),
    ("police_attended", "notice_shared", "police"),
    ("notice_shared", "notice_received", "childrens_social_care"),
    ("notice_received", "contact_decided", "childrens_social_care"),
    ("strategy_requested", "strategy_held", "childrens_social_care"),
    ("strategy_held", "strategy_record_issued", "childrens_social_care"),
    ("enquiry_started", "enquiry_completed", "childrens_social_care"),
    ("enquiry_started", "conference_held", "childrens_social_care"),
    ("conference_held", "core_group_held", "childrens_social_care"),
    ("conference_held", "review_held", "childrens_social_care"),
    ("transfer_in_notified", "transfer_in_conference_held", "childrens_social_care"),
    ("assessment_started", "assessment_authorised", "childrens_social_care"),
)
_MINUTE: Final = timedelta(seconds=59)


#: A pair that is there: the places of its two events, their kinds as one word, who can put it right.
Pair = tuple[int, int, str, str]


def pairs_of(events: Sequence[Event]) -> tuple[Pair, ...]:
    """The pairs of which both stand, each by the first of its kind."""
    first: dict[str, int] = {}
    for number, event in enumerate(events):
        first.setdefault(event.kind, number)
    return tuple(
        (first[earlier], first[later], f"{earlier}:{later}", holder)
        for earlier, later, holder in PAIRS
        if earlier in first and later in first
    )


def out_of_order(pairs: Sequence[Pair], events: Sequence[Event]) -> list[Condition]:
    """One condition per reversed pair, from when the later-known of the two was recorded."""
    found: list[Condition] = []
    for earlier, later, subject, holder in pairs:
        a, b = events[earlier], events[later]
        if (earlier < later and not (a.vague or b.vague)) or not _reversed(a, b):
            continue
        found.append(
            Condition(
                rule="out_of_order",
                subject=subject,
                episode=b.milestone.root,
                true_from=max(a.milestone.recorded_at, b.milestone.recorded_at),
                true_until=None,
                cause=None,
                holder=holder,
                evidence=(a.milestone.id, b.milestone.id),
            )
        )
    return found


def _reversed(a: Event, b: Event) -> bool:
    """Whether ``b`` certainly came before ``a``, as far as their precision tells."""
    if not (a.vague or b.vague):
        at = b.at
        if at >= a.at:
            return False
        return _latest(b) < a.at
    return _day(b) < _day(a)


def _latest(event: Event) -> datetime:
    return event.at + _MINUTE if event.milestone.precision == "minute" else event.at


def _day(event: Event) -> date:
    return event.on or local_day(event.at)
