"""The backlog as a liaison sees it, as a list and in figures."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from service.access import audit
from service.database import Tx
from service.errors import Refused, Wrong
from service.reports.backlog import knowing, rules, store
from service.reports.backlog.rules import (
    Batch,
    Day,
    Declined,
    Expected,
    Figures,
    Found,
    Horizons,
    Notice,
    OpenIncident,
    Outlook,
    Rates,
)
from service.reports.backlog.store import Child

_LONDON: Final = ZoneInfo("Europe/London")
#: Days of the usual period: whole weeks.
_DAYS: Final = 28
_LONGEST: Final = 366
#: Nothing is known of earlier days.
_FIRST: Final = date(2000, 1, 1)
_SORTS: Final = {
    "worst": rules.worst_first,
    "reference": lambda row: row.reference,
    "waited": lambda row: (row.known_at is None, row.known_at),
    "due": lambda row: (row.due_at is None, row.due_at),
}
SORTS: Final = tuple(_SORTS)
#: What narrows figures and list alike; the other filters narrow the list alone.
SCOPE: Final = ("force", "area", "district")


class Period(msgspec.Struct, frozen=True):
    """Local days, the first and the last of them included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1


class Passed(msgspec.Struct, frozen=True, kw_only=True):
    """What came and went in the period; and the pace of the last weeks, with what follows for the incidents held."""

    period: Period
    flow: list[Day]
    rates: Rates | None
    outlook: Outlook | None
    expected: list[Expected]
    batches: list[Batch]
    declined: list[Declined]
    found_late: Found


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """One incident of the list, with its children."""

    incident: OpenIncident
    children: list[Child]


class Backlog(msgspec.Struct, frozen=True, kw_only=True):
    """The backlog in figures, what filters leave of it, and one page of that.

    ``shared_only``: forces whose feeds send only what was shared, so that their backlog is not estimable.
    """

    everything: Figures
    horizons: Horizons
    passed: Passed
    sentences: list[str]
    ahead: list[str]
    estimable: bool
    shared_only: list[str]
    total: int
    rows: list[Listed]
    forces: list[str]
    areas: list[str]
    districts: list[str]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The backlog in figures alone, as at one instant. Ages are in whole seconds.

    ``by_grade`` and ``ages`` are by the grade that the officer first gave. ``lowered``: the instant
    that was asked for is not certain yet, and ``as_of`` is earlier. ``not_estimable``: forces whose
    feeds send only what was shared; of these, only what was typed here is counted.
    """

    as_of: datetime
    lowered: bool
    not_estimable: list[str]
    total: int
    by_grade: dict[str, int]
    ages: dict[str, dict[str, int]]
    age_unknown: int
    oldest_seconds: dict[str, int]
    graded_higher_since: int
    graded_lower_since: int
    late: int
    late_by_shift: int
    shift_ends: datetime
    late_by_monday: int
    monday: datetime
    first_day: date
    last_day: date
    days: list[Day]
    rates: Rates | None
    outlook: Outlook | None
    expected: list[Expected]
    batches: list[Batch]
    declined: list[Declined]
    found_late: Found
    sentences: list[str]
    ahead: list[str]


def period(now: datetime, first: date | None = None, last: date | None = None) -> Period:
    """The period asked for; the four weeks before today without.

    Raises:
        Refused: it ends before it begins, is longer than a year, or goes beyond today.
    """
    early = [
        Wrong(name, day.isoformat(), f"{_FIRST} or later", "Choose a day of this century.")
        for name, day in (("as_of", now.date()), ("from", first), ("to", last))
        if day is not None and day < _FIRST
    ]
    if early:
        raise Refused(early)
    today = now.astimezone(_LONDON).date()
    end = last or today - timedelta(days=1)
    start = first or end - timedelta(days=_DAYS - 1)
    wrong = []
    if end > today:
        wrong.append(Wrong("to", end.isoformat(), f"{today} or earlier", "Choose a day that has begun."))
    if start > end:
        wrong.append(Wrong("from", start.isoformat(), f"{end} or earlier", "Choose a first day before the last."))
    elif (end - start).days >= _LONGEST:
        wrong.append(Wrong("from", start.isoformat(), f"at most {_LONGEST} days", "Choose a shorter period."))
    if wrong:
        raise Refused(wrong)
    return Period(start, end)


async def backlog(
    tx: Tx,
    *,
    filters: Mapping[str, str] | None = None,
    sort: str = "worst",
    descending: bool = False,
    limit: int | None = 50,
    offset: int = 0,
    over: Period | None = None,
    by: date | None = None,
    action: str = "backlog_viewed",
) -> Backlog:
    """The backlog of the actor's forces. Leaves one row in the audit, of the children that are named.

    Args:
        tx: as a liaison.
        filters: ``force``, ``area``, ``district`` narrow everything; ``grade``, ``first``, ``due`` the list.
        sort: one of ``SORTS``.
        descending: the other way round.
        limit: incidents of a page; None for all of them (an export).
        offset: incidents before this page.
        over: the period of what came and went.
        by: the day by which it is asked what clears it.
        action: what the audit calls it.
    """
    forces = tx.actor.forces("police_liaison")
    ahead, asked = rules.horizons(tx.now), over or period(tx.now)
    notices = await knowing.notices(tx, forces, min(asked.first, period(tx.now).first), None)
    scope = {name: value for name, value in (filters or {}).items() if name in SCOPE}
    there = rules.incidents(notices)
    everything = rules.incidents(rules.within(notices, scope))
    # A row has all children of its incident, whichever areas they are of: they are read and decided together.
    rows = sorted(rules.chosen(there, filters or {}, ahead), key=_SORTS[sort], reverse=descending)
    page = rows[offset : None if limit is None else offset + limit]
    named = await store.children(tx.connection, [pathway for row in page for pathway in row.pathways])
    place = {pathway: number for number, pathway in enumerate(named)}
    detail = {"filters": dict(filters or {}), "incidents": len(page)}
    await audit.viewed(tx, action, "decide what leaves the office today", named, detail)
    figures = rules.figures(everything, ahead)
    of = [scope["force"]] if "force" in scope else forces
    silent = await store.shared_only(tx.connection, of)
    estimable = _estimable(silent, of)
    passed = _passed(rules.within(notices, scope), everything, asked, ahead, by, estimable=estimable)
    return Backlog(
        everything=figures,
        horizons=ahead,
        passed=passed,
        sentences=rules.sentences(figures, passed.rates, estimable=estimable),
        ahead=_ahead(figures.total, passed),
        estimable=estimable,
        shared_only=silent,
        total=len(rows),
        rows=[Listed(incident=row, children=_children(row, named, place)) for row in page],
        forces=list(forces),
        areas=sorted({area for row in there for area in row.areas}),
        districts=sorted({row.district for row in there if row.district}),
    )


async def report(
    tx: Tx,
    forces: Sequence[str],
    *,
    filters: Mapping[str, str] | None = None,
    first: date | None = None,
    last: date | None = None,
    by: date | None = None,
    as_of: datetime | None = None,
) -> Report:
    """The figures of the page for these forces.

    Args:
        tx: as a liaison of these forces, or as the system; an instant in the past wants a snapshot.
        forces: codes.
        filters: ``area``, ``district``, ``first`` (the officer's grade).
        first: the first day of what came and went.
        last: the last day of it; see `period`.
        by: the day by which it is asked what clears it.
        as_of: what was known at an earlier instant; now without. Days are counted from that instant.

    Raises:
        Refused: days that cannot be; see `period` and `day_ahead`.
    """
    spoken = await knowing.instant(tx, as_of)
    at = spoken.at if spoken else tx.now
    asked, by = period(at, first, last), day_ahead(at, by)
    ahead, since = rules.horizons(at), min(asked.first, period(at).first)
    notices = rules.within(await knowing.notices(tx, forces, since, spoken.at if spoken else None), filters or {})
    rows = rules.incidents(notices)
    found = rules.figures(rows, ahead)
    silent = await store.shared_only(tx.connection, forces)
    estimable = _estimable(silent, forces)
    passed = _passed(notices, rows, asked, ahead, by, estimable=estimable)
    return Report(
        as_of=at,
        lowered=spoken is not None and spoken.lowered,
        not_estimable=silent,
        total=found.total,
        by_grade=found.by_grade,
        ages={
            grade: {name: count for (name, _), count in zip(rules.BANDS, numbers, strict=True)}
            for grade, numbers in found.bands.items()
        },
        age_unknown=found.age_unknown,
        oldest_seconds={grade: int(age.total_seconds()) for grade, age in found.oldest.items()},
        graded_higher_since=found.raised,
        graded_lower_since=found.lowered,
        late=found.late,
        late_by_shift=found.late_by_shift,
        shift_ends=ahead.shift,
        late_by_monday=found.late_by_monday,
        monday=ahead.monday,
        first_day=asked.first,
        last_day=asked.last,
        days=passed.flow,
        rates=passed.rates,
        outlook=passed.outlook,
        expected=passed.expected,
        batches=passed.batches,
        declined=passed.declined,
        found_late=passed.found_late,
        sentences=rules.sentences(found, passed.rates, estimable=estimable),
        ahead=_ahead(found.total, passed),
    )


async def listing(
    tx: Tx, filters: Mapping[str, str], sort: str = "worst", *, descending: bool = False
) -> tuple[list[OpenIncident], list[OpenIncident]]:
    """Every incident that the actor's forces hold, and those that filters leave in their order; no record is shown."""
    today = period(tx.now).last
    held = rules.incidents(await knowing.notices(tx, tx.actor.forces("police_liaison"), today, None))
    chosen = rules.chosen(held, filters, rules.horizons(tx.now))
    return held, sorted(chosen, key=_SORTS[sort], reverse=descending)


def day_ahead(now: datetime, by: date | None) -> date | None:
    """The day by which it is asked what clears the backlog.

    Raises:
        Refused: it is not after today, or more than a year ahead.
    """
    today = now.astimezone(_LONDON).date()
    if by is not None and not 0 < (by - today).days <= _LONGEST:
        help_ = "Choose a day of the next year."
        raise Refused([Wrong("by", by.isoformat(), "a day after today, within a year", help_)])
    return by


def _ahead(held: int, passed: Passed) -> list[str]:
    return [*rules.outlook_sentences(held, passed.outlook), *rules.expected_sentences(passed.expected)]


def _estimable(silent: Sequence[str], forces: Sequence[str]) -> bool:
    """Whether any of the forces sends more than what was shared."""
    return not silent or set(silent) != set(forces)


def _passed(
    notices: Sequence[Notice],
    rows: Sequence[OpenIncident],
    asked: Period,
    ahead: Horizons,
    by: date | None,
    *,
    estimable: bool,
) -> Passed:
    # Of what a feed sends only once it is shared, no arrival is known before it has left again.
    whole = [notice for notice in notices if notice.coverage != "shared_only"]
    # Rates, and what follows from them, are those of the present, whichever days are looked back on.
    usual = period(ahead.now)
    lately = rules.flow(whole, usual.first, usual.last)
    return Passed(
        period=asked,
        flow=lately if asked == usual else rules.flow(whole, asked.first, asked.last),
        rates=rules.rates(lately) if estimable else None,
        outlook=rules.outlook(len(rows), lately, ahead.now.astimezone(_LONDON).date(), by) if estimable else None,
        expected=rules.expected(rows, notices, ahead, datetime.combine(usual.first, time(), _LONDON))
        if estimable
        else [],
        batches=rules.batches(notices, asked.first, asked.last),
        declined=rules.declined(notices, asked.first, asked.last),
        found_late=rules.found_late(notices, asked.first, asked.last),
    )


def _children(row: OpenIncident, named: Mapping[UUID, Child], place: Mapping[UUID, int]) -> list[Child]:
    """The children of a row in the order in which they were read: the eldest first."""
    return [
        named[pathway] for pathway in sorted((each for each in row.pathways if each in named), key=place.__getitem__)
    ]
