"""What passed through the police desk in a period: arrivals, clearances, batches, refusals, children found late."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from service.reports.backlog.rules.rows import (
    GRADES,
    Notice,
    by_incident,
    is_late_found,
    local_day,
    submitted,
)

#: Days over which arrivals and clearances are averaged: whole weeks, so that weekends weigh as they should.
RATE_DAYS: Final = 14
#: Incidents shared with one area within the same hour that make a batch.
BATCH: Final = 5


class Day(msgspec.Struct, frozen=True):
    """Incidents that arrived and were cleared on one local day."""

    day: date
    arrived: int
    cleared: int


class Rates(msgspec.Struct, frozen=True):
    """Incidents a day, to one decimal, over the days that were there to average."""

    arriving: float
    clearing: float
    days: int

    @property
    def in_a_week(self) -> int:
        """How many more (or fewer) there will be a week from now at this rate."""
        return round(7 * (self.arriving - self.clearing))


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """Incidents that were shared with one area within the same clock hour.

    ``since``: the hour's beginning; ``longest_seconds``: the longest that police had known of one of them.
    """

    since: datetime
    area: str
    incidents: int
    longest_seconds: int | None


class Declined(msgspec.Struct, frozen=True, kw_only=True):
    """Children whose notices were not shared for one reason, by the officer's grade."""

    reason: str
    children: int
    by_grade: dict[str, int]


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Children named only after the officer's record had been submitted: how many, and how many still wait."""

    children: int
    waiting: int


def last_to_leave(group: Sequence[Notice]) -> Notice | None:
    """The last notice to be shared or declined, of the children known at the submission of an incident's record; None
    while one of them is held.
    """
    at = submitted(group)
    known = [notice for notice in group if not is_late_found(notice, at)]
    # What left on a day without an hour left before its midnight.
    left = [
        (notice.left_at, notice.left_in_an_hour, notice.pathway, notice)
        for notice in known
        if notice.left_at is not None
    ]
    return max(left)[3] if left and len(left) == len(known) else None


def flow(notices: Iterable[Notice], first: date, last: date) -> list[Day]:
    """Incidents that arrived and were cleared on each day, from ``first`` to ``last``.

    An incident arrives with its first child. It is cleared when the last child known when its
    record was submitted has been shared or declined: one found late neither opens it again nor
    delays it.
    """
    arrived: Counter[date] = Counter()
    cleared: Counter[date] = Counter()
    for group in by_incident(notices).values():
        begun = min((day for notice in group if (day := notice.arrived_on) is not None), default=None)
        if begun is not None:
            arrived[begun] += 1
        left = last_to_leave(group)
        if left is not None and left.left_on is not None:
            cleared[left.left_on] += 1
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [Day(day, arrived[day], cleared[day]) for day in days]


def rates(days: Sequence[Day]) -> Rates | None:
    """Average the last whole weeks; None where nothing moved at all."""
    last = days[-RATE_DAYS:]
    if not last or not any(each.arrived or each.cleared for each in last):
        return None
    return Rates(
        round(sum(each.arrived for each in last) / len(last), 1),
        round(sum(each.cleared for each in last) / len(last), 1),
        len(last),
    )


def batches(notices: Iterable[Notice], first: date, last: date) -> list[Batch]:
    """Hours in which many incidents were shared with one area, the latest first.

    A batch says that notices had been waiting for somebody to sit down to them; its longest wait shows how long.
    An incident of two areas is in the batches of both, each with its own last child. What left on a day without a time
    left in no hour.
    """
    sent: dict[tuple[UUID, str], Notice] = {}
    for notice in notices:
        if notice.shared_at is not None:
            before = sent.get((notice.incident, notice.area))
            if before is None or before.shared_at is None or before.shared_at < notice.shared_at:
                sent[notice.incident, notice.area] = notice
    hours: dict[tuple[datetime, str], list[Notice]] = {}
    for (_, area), one in sent.items():
        if not one.left_in_an_hour:
            continue
        # In UTC, where an hour that England's clocks have twice is two.
        at = (one.shared_at or one.seen_at).astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        if first <= local_day(at) <= last:
            hours.setdefault((at, area), []).append(one)
    found = [
        Batch(since=at, area=area, incidents=len(together), longest_seconds=_longest(together))
        for (at, area), together in hours.items()
        if len(together) >= BATCH
    ]
    return sorted(found, key=lambda each: (each.since, each.incidents), reverse=True)


def _longest(sent: Iterable[Notice]) -> int | None:
    known = [
        int((notice.shared_at - notice.aware_at).total_seconds())
        for notice in sent
        if notice.shared_at is not None and notice.aware_at is not None
    ]
    return max(known, default=None)


def declined(notices: Iterable[Notice], first: date, last: date) -> list[Declined]:
    """Children whose notices were decided not to be shared, by reason, the commonest first."""
    reasons: dict[str, Counter[str]] = {}
    for notice in notices:
        day = notice.declined_on
        if day is not None and first <= day <= last:
            reasons.setdefault(notice.reason or "not_recorded", Counter())[notice.first_grade] += 1
    found = [
        Declined(reason=reason, children=sum(counts.values()), by_grade={grade: counts[grade] for grade in GRADES})
        for reason, counts in reasons.items()
    ]
    return sorted(found, key=lambda each: (-each.children, each.reason))


def found_late(notices: Iterable[Notice], first: date, last: date) -> Found:
    """Children found late who came on the books in a period."""
    children = waiting = 0
    for group in by_incident(notices).values():
        at = submitted(group)
        for notice in group:
            if is_late_found(notice, at) and first <= local_day(notice.seen_at) <= last:
                children += 1
                waiting += notice.left_at is None
    return Found(children=children, waiting=waiting)
