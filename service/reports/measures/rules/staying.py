"""The figures of one stage, of all its groups at once: who is in it, how long staying in it takes, how it is left."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, Literal, NamedTuple

import msgspec
import numpy as np

from service.clocks import ReadyCalendar
from service.reports.measures import figures
from service.reports.measures.figures import Cohort, Estimate, Exit, StageFigures
from service.reports.measures.rules import records, stages
from service.reports.measures.rules.few import NOBODY, Few
from service.reports.measures.rules.frame import MINUTE, Frame, Ints, Mask, Part, Span, edges
from service.reports.measures.rules.groups import Groups, Ordered
from service.reports.measures.rules.hours import at_work
from service.reports.measures.rules.reckoning import (
    completeness,
    minutes_of,
    opens,
    within,
)
from service.reports.statistics import bounds, estimates, incidence, lifetable
from service.reports.statistics.centiles import MEDIAN, Intervals, evenly
from service.reports.statistics.curves import Curve, Curves, curves
from service.reports.statistics.estimates import Centile
from service.reports.statistics.waits import WAITING, Floats, Waits, waits

By = Literal["all", "grade", "area", "district", "force", "hours"]
#: Minutes to which the cohorts of a stage are followed, so that all can reach them.
HORIZONS: Final = {
    "unassessed": 7 * 1_440, "police_share": 3 * 1_440, "late_found": 3 * 1_440, "in_transit": 240,
    "contact_decision": 4_320, "accepted_not_seen": 14 * 1_440, "allocation": 7 * 1_440,
    "awaiting_strategy": 7 * 1_440, "requested_to_held": 7 * 1_440, "awaiting_quorate": 7 * 1_440,
    "strategy_record": 4_320, "under_enquiry": 30 * 1_440, "seen_in_enquiry": 4_320, "conference": 30 * 1_440,
    "linked_not_reviewed": 7 * 1_440, "early_help_offered": 14 * 1_440, "assessment": 90 * 1_440,
    "core_group": 21 * 1_440, "review": 190 * 1_440, "transfer": 4_320,
    "transfer_in_conference": 30 * 1_440, "school": 4_320, "whole": 30 * 1_440,
}  # fmt: skip
STANDARDS: Final = {stage.key: stage.standard for stage in stages.STAGES} | {
    "unassessed": "unassessed", "police_share": "police_share", "late_found": "police_share",
}  # fmt: skip
#: What most is told of first: of everybody, then of each grade, then of all others.
_DETAILS: Final[tuple[By, ...]] = ("all", "grade")
#: Stages told of in a section of their own.
_SECTIONS: Final = {"late_found": "police/late_found", "requested_to_held": "protection/requested_to_held"}
_POINTS: Final = 100
_ROUTE_POINTS: Final = 40
_WAYS: Final = len(stages.CAUSES) + 1
_UNKNOWN: Final = Estimate(value=None)
#: From so many months on cohorts are quarters.
_MANY_MONTHS: Final = 18


def told(part: Part, mask: Mask | None = None) -> Waits:
    """Stays as the statistics take them. Who moved to another area goes on waiting there, seen from then on."""
    chosen = part if mask is None else part.that(mask)
    return _told(chosen, chosen.rows["family"])


def _told(part: Part, families: Ints) -> Waits:
    cause, observed = part.rows["cause"], part.rows["observed"]
    late = observed > 0
    entered = np.where(late, (observed - part.start) // MINUTE, 0) if late.any() else None
    return waits(part.minutes, np.where(cause == stages.MOVED, WAITING, cause), None, families, entered)


def _apart(rows: Waits, groups: int) -> Curves:
    """Curves of waits whose families were numbered through from group to group (see `_numbered`)."""
    group = rows.families // records.FAMILIES
    family = rows.families - group * records.FAMILIES
    return curves(msgspec.structs.replace(rows, families=family), np.searchsorted(group, np.arange(groups + 1)))


def _numbered(groups: Groups, places: Ints) -> Ints:
    """Families of records at some places, those of each group with numbers of their own."""
    return groups.of[places] * records.FAMILIES + groups.part.rows["family"][places]


class Stay(NamedTuple):
    """A group of a stage, and the places of its records among others."""

    stage: str
    by: By
    group: str
    places: Ints


def stage_figures(every: Part, stays: Sequence[Stay], span: Span, few: Few = NOBODY) -> list[StageFigures]:
    """All figures of groups of some stages, worked out together: of everybody and of grades; the others have fewer."""
    ranks = [_DETAILS.index(stay.by) if stay.by in _DETAILS else len(_DETAILS) for stay in stays]
    order = sorted(range(len(stays)), key=ranks.__getitem__)
    stays = [stays[place] for place in order]
    groups = Groups.at(every, [stay.places for stay in stays])
    whole, detailed = groups.first(ranks.count(0)), groups.first(ranks.count(0) + ranks.count(1))
    part, rest = groups.part, len(groups) - len(detailed)
    horizons = np.array([HORIZONS[stay.stage] for stay in stays])
    started = part.began_in(span) & (part.rows["entry"] == 0)
    left = part.ended_in(span)
    begun = np.flatnonzero(started & part.exact)
    fitted = _apart(_told(part.that(begun), _numbered(groups, begun)), len(groups))
    intervals = Intervals(fitted)
    middles = intervals.centiles((0.5, 0.9))
    now = opens(groups)
    entered, gone, stand = groups.counts(started), groups.counts(left), groups.behind(started)
    current = _current(groups, span, begun, [middle for middle, _ in middles])
    before = [*_current(detailed, span.before()), *[_UNKNOWN] * rest]
    vague = [*_bounds(detailed, started[: len(detailed.of)]), *[None] * rest]
    drawn = [*_drawn(intervals, fitted, len(detailed)), *[None] * rest]
    curves_of_all = [fitted[place] for place in range(len(whole))]
    ways = [incidence.Routes(each) for each in curves_of_all]
    exits = [*_exits(detailed, left[: len(detailed.of)], ways, horizons), *[[]] * rest]
    limits = within(groups, span, [STANDARDS[stay.stage] for stay in stays])
    rests_on = completeness(groups, started)
    names = [_where(stay) for stay in stays]
    if few.wanted:
        _look_behind(few, names, groups, started, left)
    cohorts = [*_cohorts(whole, span, horizons[: len(whole)], few, names), *[[]] * (len(groups) - len(whole))]
    routes = [*map(_routes, curves_of_all, ways, horizons.tolist()), *[None] * (len(groups) - len(whole))]
    found = {
        order[place]: StageFigures(
            stage=stay.stage,
            by=stay.by,
            group=stay.group,
            open=now[place],
            entered=entered[place],
            left=gone[place],
            median=minutes_of(middles[place][0]),
            ninetieth=minutes_of(middles[place][1]),
            current=current[place],
            before=before[place],
            bounds=vague[place],
            horizon=HORIZONS[stay.stage],
            curve=drawn[place],
            exits=exits[place],
            within=limits[place],
            cohorts=cohorts[place],
            completeness=rests_on[place],
            behind=stand[place],
            routes=routes[place],
        )
        for place, stay in enumerate(stays)
    }
    return [found[place] for place in range(len(found))]


def _where(stay: Stay) -> str:
    """Where a group of a stage stands in a report."""
    return _SECTIONS.get(stay.stage) or f"stages/{stay.stage}/{stay.by}/{stay.group}"


def _look_behind(few: Few, names: Sequence[str], groups: Groups, started: Mask, left: Mask) -> None:
    """Who left, who entered and how it is known when, and who is open without a limit or a time."""
    part = groups.part
    unknown = started & part.flagged(records.CANNOT_COMPUTE) & (part.due == 0)
    for name, mask in (
        ("left", left),
        ("median/n", started & part.exact),
        ("completeness/approximate", started & ~part.exact),
        ("completeness/cannot_compute", unknown),
        ("open/without_limit", part.is_open & (part.due == 0)),
        ("open/approximate", part.is_open & ~part.exact),
    ):
        few.each(f"{{}}/{name}", names, part.that(mask), groups.of[mask])


def _drawn(intervals: Intervals, fitted: Curves, count: int) -> list[figures.Curve | None]:
    """The curves of the first groups, at a hundred points."""
    points = [begin + evenly(after - begin, _POINTS) for begin, after in pairwise(fitted.steps[: count + 1].tolist())]
    size = np.zeros(len(fitted), np.int64)
    size[:count] = [len(each) for each in points]
    steps = np.concatenate(points)
    minutes = tuple(fitted.times[steps].tolist())
    left, low, high = map(_rounded, intervals.bands(steps, size))
    return [
        figures.Curve(
            minutes=minutes[begin:after], left=left[begin:after], low=low[begin:after], high=high[begin:after]
        )
        if begin < after
        else None
        for begin, after in pairwise([0, *np.cumsum(size[:count]).tolist()])
    ]


def _rounded(shares: Floats) -> tuple[float, ...]:
    """To four places, as `round` does it: what lies between two of them is left to it, the others are done at once."""
    scaled = shares * 10_000
    whole = np.rint(scaled)
    found = (whole / 10_000).tolist()
    for place in np.flatnonzero(np.abs(np.abs(scaled - whole) - 0.5) < 1e-6).tolist():
        found[place] = round(float(shares[place]), 4)
    return tuple(found)


def _current(groups: Groups, span: Span, begun: Ints | None = None, middles: Sequence[Centile] = ()) -> list[Estimate]:
    """The median of each group from a period's exits by length of wait, whenever those waits began.

    ``begun``: where those are who entered in the period and were seen from then on, with the medians of their groups:
    of a group of which the period saw nobody else, until now, its own is the same.
    """
    part = groups.part
    since, until = span.since // MINUTE, min(span.until, part.instant) // MINUTE
    places = np.flatnonzero((part.began < span.until) & (part.until >= span.since) & part.exact)
    found = [_UNKNOWN] * len(groups)
    if until <= since:
        return found
    if begun is not None and span.until >= part.instant:
        alike = _nobody_else(groups, places, begun)
        places = places[~alike[groups.of[places]]]
        for group in np.flatnonzero(alike).tolist():
            found[group] = minutes_of(middles[group]) if middles[group].children else _UNKNOWN
    if not len(places):
        return found
    here = part.that(places)
    cause = here.rows["cause"]
    seen = lifetable.in_period(
        here.start // MINUTE,
        here.minutes,
        np.where(cause == stages.MOVED, WAITING, cause),
        since=np.maximum(since, here.rows["observed"] // MINUTE),
        until=until,
        families=_numbered(groups, places),
    )
    for group, (middle,) in enumerate(Intervals(_apart(seen, len(groups))).centiles((MEDIAN,))):
        if middle.children:
            found[group] = minutes_of(middle)
    return found


def _nobody_else(groups: Groups, places: Ints, begun: Ints) -> Mask:
    """In which groups there is nobody at some places but those who entered in the period, seen from the start."""
    number = np.bincount(groups.of[places], minlength=len(groups))
    late = begun[groups.part.rows["observed"][begun] > 0]
    entered = np.bincount(groups.of[begun], minlength=len(groups))
    return np.asarray((number == entered) & (np.bincount(groups.of[late], minlength=len(groups)) == 0))


def _bounds(groups: Groups, started: Mask) -> list[tuple[float | None, float | None] | None]:
    """Where the median of each group may lie with times known to the day alone at their earliest and latest; None
    without such."""
    part = groups.part
    vague = groups.counts(started & (part.rows["early"] + part.rows["slack"] > 0))
    seen = started & (part.rows["observed"] == 0)
    return [
        _bounded(part.that(begin + np.flatnonzero(seen[begin:after]))) if number else None
        for number, (begin, after) in zip(vague, pairwise(groups.rows.tolist()), strict=True)
    ]


def _bounded(here: Part) -> tuple[float | None, float | None]:
    rows = told(here)
    shortest = msgspec.structs.replace(rows, minutes=np.maximum(rows.minutes - here.rows["slack"], 0))
    found = bounds.centile_bounds(shortest, rows.minutes + here.rows["early"])
    return (
        None if found.earliest is None else float(found.earliest),
        None if found.latest is None else float(found.latest),
    )


def _routes(fitted: Curve, ways: incidence.Routes, horizon: int) -> figures.Routes | None:
    """Every way out over time, told at points that lie evenly among the minutes at which anybody leaves."""
    there = int(np.searchsorted(fitted.times, 2 * horizon, side="right"))
    if not there:
        return None
    places = evenly(there, _ROUTE_POINTS)
    shares = ways.reached[places].round(4).T.tolist()
    return figures.Routes(
        minutes=tuple(fitted.times[places].tolist()),
        ways={stages.CAUSES[cause - 1]: tuple(share) for cause, share in zip(ways.causes, shares, strict=True)},
        waiting=tuple(fitted.waiting[places].round(4).tolist()),
    )


def _exits(groups: Groups, left: Mask, routes: Sequence[incidence.Routes], horizons: Ints) -> list[list[Exit]]:
    """Each way out of each group, the most frequent first; the chance of it for everybody, who are the first groups."""
    part = groups.part
    gone = np.flatnonzero(left)
    size = len(groups) * _WAYS
    code = groups.of[gone] * _WAYS + part.rows["cause"][gone]
    exact = part.exact[gone]
    taken = Ordered(code[exact], part.minutes[gone[exact]], size)
    counts = np.bincount(code, minlength=size)
    stand = part.that(gone).behind_each(code, size)
    found = []
    for group, row in enumerate(counts.reshape(-1, _WAYS)):
        ways = np.flatnonzero(row)
        ways = ways[np.argsort(-row[ways], kind="stable")]
        chances: Sequence[Estimate] = [_UNKNOWN] * len(ways)
        if group < len(routes):
            chances = list(map(_estimate, routes[group].left(int(horizons[group]), ways.tolist())))
        found.append(
            [
                Exit(
                    cause=stages.CAUSES[way - 1],
                    count=count,
                    median=taken.centile(group * _WAYS + way, 0.5),
                    incidence=chance,
                    behind=stand[group * _WAYS + way],
                )
                for way, count, chance in zip(ways.tolist(), row[ways].tolist(), chances, strict=True)
            ]
        )
    return found


def _estimate(found: estimates.Estimate | None) -> Estimate:
    if found is None:
        return _UNKNOWN
    return Estimate(value=found.value, low=found.low, high=found.high, n=found.children)


def _cohorts(groups: Groups, span: Span, horizons: Ints, few: Few, names: Sequence[str]) -> list[list[Cohort]]:
    """Those of each group who entered in each month, or each quarter of a long period."""
    part, months = groups.part, span.months()
    if len(months) > _MANY_MONTHS:
        months = [month for month in months[:-1] if month.month % 3 == 1 or month == months[0]] + months[-1:]
    marks = np.clip(edges(months), span.since, span.until)
    here = np.flatnonzero(part.exact & (part.rows["entry"] == 0) & (part.start >= marks[0]) & (part.start < marks[-1]))
    here = here[np.lexsort((part.start[here], groups.of[here]))]
    whole, size = part.that(here), len(months) - 1
    place = groups.of[here] * size + np.searchsorted(marks, whole.start, side="right") - 1
    entered = np.bincount(place, minlength=len(groups) * size).tolist()
    if few.wanted:
        begun = [f"{name}/cohorts/{month}" for name in names[: len(groups)] for month in months[:-1]]
        few.each("{}/entered", begun, whole, place)
    fitted = _apart(_told(whole, place * records.FAMILIES + whole.rows["family"]), len(groups) * size)
    # Everybody is followed to the horizon and no further, so that an early cohort has no advantage.
    reached = incidence.left_of_each(fitted, np.repeat(horizons, size))
    maturing = marks[1:] + horizons[:, np.newaxis] * MINUTE > part.instant
    columns = zip(months[:-1] * len(groups), entered, reached, maturing.ravel().tolist(), strict=True)
    found = [
        Cohort(begins=begins, entered=number, left_by_horizon=_estimate(result), maturing=young)
        for begins, number, result, young in columns
    ]
    return [found[place : place + size] for place in range(0, len(found), size)]


def divided(frame: Frame, stage: str, span: Span, ready: ReadyCalendar, agency: str, ways: Sequence[By]) -> list[Stay]:
    """A stage for everybody, and for every group of each of some ways to divide them."""
    part, lies = frame.part(stage), frame.where(stage)
    # What was over before both periods began is in none of their figures.
    recent = part.recent(span.before().since)
    found = [Stay(stage, "all", "all", recent + lies.start)]
    for by in ways:
        for name, mask in _groups(part, by, ready, agency):
            if mask.any():
                found.append(Stay(stage, by, name, recent[mask[recent]] + lies.start))
    return found


def _groups(part: Part, by: By, ready: ReadyCalendar, agency: str) -> list[tuple[str, Mask]]:
    """Who is in each group of one way to divide them; of places where there is more than one."""
    if by == "grade":
        return [(name, part.rows["grade"] == number) for number, name in enumerate(records.GRADES)]
    if by == "hours":
        # A day without a time is in no hours.
        inside, timed = at_work(ready, agency, part.start), part.rows["early"] == 0
        return [("in_hours", inside & timed), ("out_of_hours", ~inside & timed)]
    if by == "all":
        return []
    places = part.by_place(by)
    return places if len(places) > 1 else []
