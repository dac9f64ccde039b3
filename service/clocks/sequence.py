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


def out_of_order(events: Sequence[Event]) -> list[Condition]:
    """One condition per pair, from when the later-known of the two was recorded."""
    first: dict[str, Event] = {}
    for event in events:
        if event.kind not in first:
            first[event.kind] = event
    found = []
    for earlier, later, holder in PAIRS:
        a, b = first.get(earlier), first.get(later)
        if a is None or b is None or not _reversed(a, b):
            continue
        found.append(
            Condition(
                rule="out_of_order",
                subject=f"{earlier}:{later}",
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
