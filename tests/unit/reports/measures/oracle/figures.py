"""Figures of stages counted one by one, without regard to speed, from stays."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from service.reports.measures.rules.behind import MANY
from tests.fixtures.oracle.counting import at_work
from tests.fixtures.oracle.happenings import Happening
from tests.fixtures.oracle.reading import Told, told
from tests.unit.reports.measures.oracle.stays import STAGES, UNASSESSED, Stay, earliest, midnight, stays
from tests.unit.reports.measures.oracle.worlds import Pathway, World

MINUTE = timedelta(minutes=1)
#: What a way out by a milestone is called, where it is not called by its kind.
_CALLED = {"notice_shared": "shared", "notice_received": "received", "strategy_record_issued": "record_issued"}
_UNMET = ("closed", "stepped_down")


@dataclass(frozen=True)
class Row:
    """One stay while one area had it. ``came``: when it came there from another; ``cause``: how it ended, if it did."""

    stage: str
    incident: int
    child: int
    grade: str
    district: str
    area: str
    start: datetime
    started_on: datetime
    earliest: datetime
    end: datetime | None
    ended_on: datetime | None
    end_earliest: datetime | None
    cause: str | None
    due: datetime | None
    cannot: bool
    vague: bool
    vague_start: bool
    counted: bool = True
    came: datetime | None = None
    came_on: datetime | None = None

    def minutes(self, now: datetime) -> int:
        return _minutes(self.start, self.end or now)


def _minutes(start: datetime, end: datetime) -> int:
    return max(0, int((end - start).total_seconds() // 60))


def counted_on(h: Happening) -> datetime:
    """When it counts as having happened: where the day alone is known, at the beginning of that day."""
    return h.at if h.on is None else midnight(h.on)


def rows(world: World) -> list[Row]:
    """Every stay of a world, cut where another area took over."""
    found: list[Row] = []
    for each in world.pathways:
        clocks = told(each.history)
        before: dict[str, datetime] = {}
        for stay in sorted(stays(each.found), key=lambda stay: each.found.index(stay.start)):
            found += _cut(each, stay, clocks, before.get(stay.stage))
            if stay.end is not None:
                before[stay.stage] = max(stay.end.at, before.get(stay.stage, stay.end.at))
    return found


def _cut(each: Pathway, stay: Stay, clocks: Sequence[Told], before: datetime | None) -> Iterable[Row]:
    if stay.stage == "school" and not _asked_of_school(clocks):
        return
    end = stay.end
    over = None if end is None else max(end.at, stay.start.at)
    due, cannot, began = _limit(each, stay, clocks)
    whole = Row(
        stage=stay.stage,
        incident=each.incident,
        child=each.child,
        grade=each.grade,
        district=each.district,
        area=each.area(stay.start.at),
        start=stay.start.at,
        started_on=counted_on(stay.start),
        earliest=earliest(stay.start),
        end=over,
        ended_on=None if end is None or over is None else max(counted_on(end), counted_on(stay.start)),
        end_earliest=over if end is None or end.on is None else earliest(end),
        cause=None if end is None else cause_of(end),
        due=due,
        cannot=cannot,
        vague=stay.vague or not stay.start.known or _perhaps_earlier(each, stay.start),
        vague_start=stay.start.at - earliest(stay.start) >= MINUTE,
        # A clock that runs on after the case was closed over has one limit, whatever begins again.
        counted=began is None or before is None or began > before,
    )
    moves = [at for at, _ in each.areas if at is not None and at > whole.start and (over is None or at < over)]
    came: datetime | None = None
    came_on: datetime | None = None
    for until in [*moves, None]:
        piece = replace(whole, area=each.area(came or whole.start), came=came, came_on=came_on)
        if until is not None:
            came_on = max(_moved_on(each, until), whole.started_on)
            piece = replace(piece, end=until, ended_on=came_on, end_earliest=until, cause="moved")
            # Whose limit passes after the move, is for the next area to keep.
            if due is not None and due >= until:
                piece = replace(piece, due=None)
        yield piece
        came = until


def _moved_on(each: Pathway, at: datetime) -> datetime:
    """On which day it counts as having moved then: where the day alone is known, on that day."""
    return min(counted_on(h) for h in each.found if h.at == at and h.kind == "transfer_accepted")


def _perhaps_earlier(each: Pathway, start: Happening) -> bool:
    """Whether the police were told that same day, at an hour that nobody wrote down."""
    if start.kind != "police_aware":
        return False
    return any(h.on == start.day for h in each.found if h.kind in ("police_reported", "police_attended"))


def _asked_of_school(clocks: Sequence[Told]) -> bool:
    return any(c.standard == "school_notified" and c.standing != "not_applicable" for c in clocks)


def _limit(each: Pathway, stay: Stay, clocks: Sequence[Told]) -> tuple[datetime | None, bool, datetime | None]:
    """Its limit, whether none can be computed, and of a limit that ran already since when."""
    stage = UNASSESSED if stay.stage == "unassessed" else STAGES[stay.stage]
    mine = [c for c in clocks if c.standard in stage.standards]
    own = [c for c in mine if c.episode == stay.start.row.root and c.rules]
    begun = {h.row.root: h.at for h in each.found}
    until = stay.end.at if stay.end else None
    # What begins as the stay ends is the next one's.
    inside = [
        c for c in mine
        if begun[c.episode] == stay.start.at
        or (begun[c.episode] > stay.start.at and (until is None or begun[c.episode] < until))
    ]  # fmt: skip
    if own and len(stage.standards) > 1:
        # A review is owed by the first of the two: a plan made while another stands is looked at in its three months.
        own = [c for c in inside if c.rules]
    if any(c.standing == "ok" for c in own):
        return min(c.due for c in own if c.standing == "ok" and c.due is not None), False, None
    if any(c.standing == "cannot_compute" for c in own):
        return None, True, None
    if own:
        return None, False, None
    dues = [c.due for c in inside if c.rules and c.standing == "ok" and c.due is not None]
    if dues or any(c.standing == "cannot_compute" for c in inside):
        return min(dues, default=None), not dues, None
    running = [
        c for c in mine
        if c.rules and c.standing == "ok" and begun[c.episode] < stay.start.at
        and (c.stop is None or c.stop > stay.start.at)
    ]  # fmt: skip
    if not running:
        return None, False, None
    return running[-1].due, False, begun[running[-1].episode]


def cause_of(end: Happening) -> str:
    if end.kind == "contact_decided":
        return end.outcome or "decided_not_recorded"
    if end.kind == "enquiry_completed":
        return end.outcome or "enquiry_completed"
    return _CALLED.get(end.kind, end.kind)


@dataclass(frozen=True)
class Period:
    """Local days, both included."""

    first: date
    last: date

    @property
    def since(self) -> datetime:
        return midnight(self.first)

    @property
    def until(self) -> datetime:
        return midnight(self.last + timedelta(days=1))

    def has(self, at: datetime | None) -> bool:
        return at is not None and self.since <= at < self.until


def centile(values: Sequence[int], share: float) -> float | None:
    """The smallest value that so large a share of the values does not exceed."""
    ordered = sorted(values)
    return float(ordered[max(0, math.ceil(share * len(ordered)) - 1)]) if ordered else None


@dataclass(frozen=True)
class Seen:
    """One wait as a curve takes it: seen from one length on until another, when it ended in some way, or not yet."""

    entry: int
    minutes: int
    cause: str | None


def steps(waits: Sequence[Seen]) -> list[tuple[int, float, dict[str, float]]]:
    """Kaplan and Meier's share still waiting after each end, and how it was left by each way meanwhile."""
    share = 1.0
    by: dict[str, float] = defaultdict(float)
    found: list[tuple[int, float, dict[str, float]]] = []
    for minute in sorted({w.minutes for w in waits if w.cause is not None}):
        there = sum((w.entry < minute or w.entry == 0) and minute <= w.minutes for w in waits)
        gone = Counter(w.cause for w in waits if w.minutes == minute and w.cause is not None)
        for cause, number in gone.items():
            by[str(cause)] += share * number / there
        share *= 1 - gone.total() / there
        found.append((minute, share, dict(by)))
    return found


def reached(waits: Sequence[Seen], left: float) -> int | None:
    """The wait after which no more than so large a share is left; None where the curve does not come down to it."""
    for minute, share, _ in steps(waits):
        if share <= left + 1e-9:
            later = any(w.entry >= minute for w in waits if w.entry)
            return None if share < 1e-9 and later else minute
    return None


def left_by(waits: Sequence[Seen], horizon: int) -> float | None:
    """The share that left by a horizon; None where nobody was followed so long and some still waited."""
    left = [1 - share for minute, share, _ in steps(waits) if minute <= horizon]
    if max((w.minutes for w in waits), default=0) < horizon and not (left and left[-1] > 1 - 1e-9):
        return None
    return left[-1] if left else 0.0


@dataclass
class Stage:
    """What the board says of one stage and group."""

    open: tuple[int, float | None, float | None, int | None, int, int, int, int]
    entered: int
    left: int
    median: tuple[float | None, int]
    ninetieth: float | None
    current: float | None
    before: float | None
    bounds: tuple[float | None, float | None] | None
    exits: dict[str, tuple[int, float | None]]
    incidence: dict[str, float]
    within: tuple[int, int, int, int]
    cohorts: list[tuple[date, int, float | None, bool]]
    completeness: tuple[int, int, int]


def stage(here: Sequence[Row], period: Period, before: Period, now: datetime, horizon: int) -> Stage:
    """All of it. ``horizon`` in minutes."""
    waiting = [r for r in here if r.end is None]
    ages = [r.minutes(now) for r in waiting]
    began = [r for r in here if r.came is None and period.has(r.started_on)]
    exact = [r for r in began if not r.vague]
    gone = [r for r in here if r.cause not in (None, "moved") and period.has(r.ended_on)]
    seen = [_seen(r, now) for r in exact]
    return Stage(
        open=(
            len(waiting),
            centile(ages, 0.5),
            centile(ages, 0.9),
            max(ages, default=None),
            sum(r.due is not None and r.due < now for r in waiting),
            sum(r.due is None for r in waiting),
            sum(r.vague for r in waiting),
            min(len({r.incident for r in waiting}), len({r.child for r in waiting}), MANY),
        ),
        entered=len(began),
        left=len(gone),
        median=(reached(seen, 0.5), len(seen)),
        ninetieth=reached(seen, 0.1),
        current=_current(here, period, now),
        before=_current(here, before, now),
        bounds=_bounds(began, now),
        exits={
            cause: (
                sum(r.cause == cause for r in gone),
                centile([r.minutes(now) for r in gone if r.cause == cause and not r.vague], 0.5),
            )
            for cause in {str(r.cause) for r in gone}
        },
        incidence=_incidence(seen, horizon),
        within=_within(here, began, period, now),
        cohorts=_cohorts(here, period, now, horizon),
        completeness=(len(began), sum(r.vague for r in began), sum(r.cannot for r in began)),
    )


def _seen(r: Row, now: datetime) -> Seen:
    return Seen(0, r.minutes(now), None if r.cause in (None, "moved") else r.cause)


def _incidence(seen: Sequence[Seen], horizon: int) -> dict[str, float]:
    upto = [by for minute, _, by in steps(seen) if minute <= horizon]
    return upto[-1] if upto else {}


def _current(here: Sequence[Row], period: Period, now: datetime) -> float | None:
    """The median at the rates of a period: whoever waited in it, from how long they had waited when it began."""
    until = min(period.until, now)
    if until <= period.since:
        return None
    found = []
    for r in here:
        begins = max(r.start, r.came or r.start, period.since)
        ends = min(r.end or now, until)
        ended_here = r.cause not in (None, "moved") and r.end is not None and period.since <= r.end <= until
        if r.vague or begins > ends or (begins == ends and not ended_here) or (r.came or r.start) >= until:
            continue
        seen = Seen(_minutes(r.start, begins), _minutes(r.start, ends), r.cause if ended_here else None)
        if seen.entry < seen.minutes or not seen.entry:
            found.append(seen)
    return reached(found, 0.5)


def _bounds(began: Sequence[Row], now: datetime) -> tuple[float | None, float | None] | None:
    """Where the median lies with all that is vague at its shortest, and at its longest."""
    if not any(r.earliest < r.start or (r.end_earliest and r.end and r.end_earliest < r.end) for r in began):
        return None
    shortest, longest = [], []
    for r in began:
        cause = None if r.cause == "moved" else r.cause
        shortest.append(Seen(0, _minutes(r.start, now if r.end is None else r.end_earliest or r.end), cause))
        longest.append(Seen(0, _minutes(r.earliest, r.end or now), cause))
    return reached(shortest, 0.5), reached(longest, 0.5)


def _within(here: Sequence[Row], began: Sequence[Row], period: Period, now: datetime) -> tuple[int, int, int, int]:
    fell = [
        r for r in here
        if r.due is not None and r.counted and period.has(r.due) and r.due < now and (r.came is None or r.due >= r.came)
    ]  # fmt: skip
    met = sum(r.end is not None and r.end <= r.due and r.cause not in _UNMET for r in fell if r.due is not None)
    overdue = sum(r.end is None for r in fell)
    return met, len(fell) - met - overdue, overdue, sum(r.cannot for r in began)


def _cohorts(
    here: Sequence[Row], period: Period, now: datetime, horizon: int
) -> list[tuple[date, int, float | None, bool]]:
    found = []
    first = period.first.replace(day=1)
    while first <= period.last:
        after = (first + timedelta(days=32)).replace(day=1)
        part = Period(max(first, period.first), min(after - timedelta(days=1), period.last))
        exact = [r for r in here if r.came is None and not r.vague and part.has(r.started_on)]
        seen = [_seen(r, now) for r in exact]
        maturing = part.until + horizon * MINUTE > now
        found.append((first, len(exact), left_by(seen, horizon), maturing))
        first = after
    return found


def week(here: Sequence[Row], of: Period, now: datetime) -> tuple[int, int, int, int, int, dict[str, int]]:
    """Of one week: who came, who left, who stood there at its end, whose limit fell, met by how many, and how it was
    left; an area's own coming and going included.
    """
    came = [r for r in here if of.has(r.came_on or r.started_on)]
    gone = [r for r in here if of.has(r.ended_on)]
    stock = [
        r for r in here
        if (r.came_on or r.started_on) < of.until and (r.ended_on is None or r.ended_on >= of.until)
    ]  # fmt: skip
    met, missed, overdue, _ = _within(here, [], of, now)
    ways = Counter(str(r.cause) for r in gone)
    return len(came), len(gone), len(stock), met + missed + overdue, met, dict(ways)


def in_hours(r: Row) -> bool:
    return at_work(r.start)
