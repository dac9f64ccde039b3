"""The figures of one stage: who is in it, how long staying in it takes, how it is left, week by week."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Final, Literal

import numpy as np

from service.clocks import ReadyCalendar
from service.clocks.local_time import local_day
from service.reports.measures import figures
from service.reports.measures.figures import Cohort, Estimate, Exit, Queue, StageFigures, Week
from service.reports.measures.rules import records, stages
from service.reports.measures.rules.frame import MINUTE, Ints, Mask, Part, Span, at, edges
from service.reports.measures.rules.hours import at_work
from service.reports.measures.rules.reckoning import (
    centile,
    completeness,
    minutes_of,
    open_now,
    per_week,
    standing,
    within,
)
from service.reports.statistics import bounds, centiles, estimates, incidence, lifetable
from service.reports.statistics.curves import Curve as Fitted
from service.reports.statistics.curves import curve
from service.reports.statistics.series import ENOUGH_EVENTS, WEEKS_TOGETHER
from service.reports.statistics.waits import WAITING, Waits, waits

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
_MOVED: Final = stages.cause_number("moved")
_POINTS: Final = 100
_ROUTE_POINTS: Final = 40
#: From so many months on cohorts are quarters.
_MANY_MONTHS: Final = 18


def told(part: Part, mask: Mask | None = None) -> Waits:
    """Stays as the statistics take them. Who moved to another area goes on waiting there, seen from then on."""
    chosen = part if mask is None else part.that(mask)
    cause, observed = chosen.rows["cause"], chosen.rows["observed"]
    late = observed > 0
    entered = np.where(late, (observed - chosen.start) // MINUTE, 0) if late.any() else None
    return waits(chosen.minutes, np.where(cause == _MOVED, WAITING, cause), None, chosen.rows["family"], entered)


def stage_figures(stage: str, part: Part, span: Span, by: By = "all", group: str = "all") -> StageFigures:
    """All figures of one stage for one group of children; details are those of the whole and of grades."""
    started = part.began_in(span) & (part.rows["entry"] == 0)
    left = part.ended_in(span) & (part.rows["cause"] != _MOVED)
    exact = part.exact
    fitted = curve(told(part, started & exact))
    half, most = centiles.centiles(fitted, (0.5, 0.9))
    detail = by in ("all", "grade")
    standard = STANDARDS[stage]
    horizon = HORIZONS[stage]
    drawn = None
    if detail and len(fitted.times):
        places = np.unique(np.linspace(0, len(fitted.times) - 1, _POINTS).astype(np.int64))
        marks = fitted.times[places]
        share, low, high = centiles.band(fitted, marks)
        drawn = figures.Curve(
            minutes=tuple(int(m) for m in marks),
            left=tuple(round(float(v), 4) for v in share),
            low=tuple(round(float(v), 4) for v in low),
            high=tuple(round(float(v), 4) for v in high),
        )
    return StageFigures(
        stage=stage,
        by=by,
        group=group,
        open=open_now(part),
        entered=int(started.sum()),
        left=int(left.sum()),
        median=minutes_of(half),
        ninetieth=minutes_of(most),
        current=_current(part, span),
        before=_current(part, span.before()) if detail else Estimate(value=None),
        bounds=_bounds(part, started) if detail else None,
        horizon=horizon,
        curve=drawn,
        exits=_exits(part, left, fitted, horizon, chances=by == "all") if detail else [],
        within=None if standard is None else within(part, span, standard),
        cohorts=_cohorts(part, span, horizon) if by == "all" else [],
        completeness=completeness(part, started),
        incidents=part.incidents_of(started),
        routes=_routes(fitted, horizon) if by == "all" else None,
    )


def _current(part: Part, span: Span) -> Estimate:
    """The median from a period's exits by length of wait, whenever those waits began."""
    since, until = span.since // MINUTE, min(span.until, part.instant) // MINUTE
    here = part.that((part.began < span.until) & (part.until >= span.since) & part.exact)
    if until <= since or not len(here):
        return Estimate(value=None)
    cause = here.rows["cause"]
    seen = lifetable.in_period(
        here.start // MINUTE,
        here.minutes,
        np.where(cause == _MOVED, WAITING, cause),
        since=np.maximum(since, here.rows["observed"] // MINUTE),
        until=until,
        families=here.rows["family"],
    )
    if not len(seen.minutes):
        return Estimate(value=None)
    return minutes_of(centiles.median(curve(seen)))


def _bounds(part: Part, started: Mask) -> tuple[float | None, float | None] | None:
    """Where the median may lie with times known to the day alone at their earliest and latest; None without such."""
    vague = part.rows["early"] + part.rows["slack"] > 0
    if not (started & vague).any():
        return None
    here = part.that(started & (part.rows["observed"] == 0))
    rows = told(here)
    slack, early = here.rows["slack"], here.rows["early"]
    shortest = np.maximum(rows.minutes - slack, 0)
    found = bounds.centile_bounds(
        waits(shortest, rows.causes, rows.counts.astype(np.int64), rows.families), rows.minutes + early
    )
    return (
        None if found.earliest is None else float(found.earliest),
        None if found.latest is None else float(found.latest),
    )


def _routes(fitted: Fitted, horizon: int) -> figures.Routes | None:
    """Every way out over time, told at points that lie evenly among the minutes at which anybody leaves."""
    there = int(np.searchsorted(fitted.times, 2 * horizon, side="right"))
    if not there:
        return None
    places = np.unique(np.linspace(0, there - 1, _ROUTE_POINTS).astype(np.int64))
    causes = np.unique(fitted.waits.causes[fitted.gone]).tolist()
    return figures.Routes(
        minutes=tuple(fitted.times[places].tolist()),
        ways={
            stages.CAUSES[cause - 1]: tuple(incidence.incidence(fitted, cause)[places].round(4).tolist())
            for cause in causes
        },
        waiting=tuple(fitted.waiting[places].round(4).tolist()),
    )


def _exits(part: Part, left: Mask, fitted: Fitted, horizon: int, *, chances: bool) -> list[Exit]:
    found = []
    gone = part.that(left)
    counts = np.bincount(gone.rows["cause"])
    for cause in sorted(np.flatnonzero(counts).tolist(), key=lambda each: -counts[each]):
        one = gone.that(gone.rows["cause"] == cause)
        chance = incidence.left_by_then(fitted, horizon, cause) if chances else None
        found.append(
            Exit(
                cause=stages.CAUSES[cause - 1],
                count=len(one),
                median=centile(one.that(one.exact).minutes, 0.5),
                incidence=_estimate(chance),
                incidents=one.incidents,
            )
        )
    return found


def _estimate(found: estimates.Estimate | None) -> Estimate:
    if found is None:
        return Estimate(value=None)
    return Estimate(value=found.value, low=found.low, high=found.high, n=found.children)


def _cohorts(part: Part, span: Span, horizon: int) -> list[Cohort]:
    months = span.months()
    if len(months) > _MANY_MONTHS:
        months = [month for month in months[:-1] if month.month % 3 == 1 or month == months[0]] + months[-1:]
    found = []
    whole = part.that(part.exact & (part.rows["entry"] == 0))
    whole = whole.that(np.argsort(whole.start, kind="stable"))
    for begins, ends in pairwise(months):
        since, until = max(at(begins), span.since), min(at(ends), span.until)
        first, after = np.searchsorted(whole.start, (since, until))
        one = whole.that(np.arange(first, after))
        # Everybody is followed to the horizon and no further, so that an early cohort has no advantage.
        maturing = until + horizon * MINUTE > part.instant
        result = incidence.left_by_then(curve(told(one)), horizon) if len(one) else None
        found.append(Cohort(begins=begins, entered=len(one), left_by_horizon=_estimate(result), maturing=maturing))
    return found


def split(
    stage: str, part: Part, span: Span, ready: ReadyCalendar, agency: str, ways: Sequence[By]
) -> list[StageFigures]:
    """A stage for everybody, and for every group of each of some ways to divide them."""
    # What was over before both periods began is in none of their figures.
    recent = part.recent(span.before().since)
    told_of = part.that(recent)
    found = [stage_figures(stage, told_of, span)]
    for by in ways:
        for name, mask in _groups(part, by, ready, agency):
            if mask.any():
                found.append(stage_figures(stage, told_of.that(mask[recent]), span, by, name))
    return found


def _groups(part: Part, by: By, ready: ReadyCalendar, agency: str) -> list[tuple[str, Mask]]:
    """Who is in each group of one way to divide them; of places where there is more than one."""
    if by == "grade":
        return [(name, part.rows["grade"] == number) for number, name in enumerate(records.GRADES)]
    if by == "hours":
        inside = at_work(ready, agency, part.start)
        return [("in_hours", inside), ("out_of_hours", ~inside)]
    if by == "all":
        return []
    places = part.by_place(by)
    return places if len(places) > 1 else []


def queue(stage: str, part: Part, span: Span, holiday: Callable[[date], bool]) -> Queue:
    """A stage week by week. An exit to another area and an arrival from one are counted, as its stock is."""
    mondays = span.weeks()
    marks = edges(mondays)
    began, end, due = part.began, part.end, part.due
    arrived, gone = per_week(began, marks), per_week(end[end > 0], marks)
    stock = standing(began, end, marks)[1:]
    limit = (due > 0) & (due < part.instant)
    fell = per_week(due[limit], marks)
    met = per_week(due[limit & (end > 0) & (end <= due)], marks)
    by_cause: list[tuple[str, list[int]]] = []
    ended = part.that(end > 0)
    for cause in np.unique(ended.rows["cause"]):
        numbers = per_week(ended.end[ended.rows["cause"] == cause], marks)
        if numbers.any() and cause:
            by_cause.append((stages.CAUSES[int(cause) - 1], numbers.tolist()))
    columns = zip(arrived.tolist(), gone.tolist(), stock.tolist(), fell.tolist(), met.tolist(), strict=True)
    weeks = []
    for place, (came, went, stands, fallen, kept) in enumerate(columns):
        complete = int(marks[place + 1]) <= part.instant
        weeks.append(
            Week(
                begins=mondays[place],
                arrived=came,
                left=went,
                stock=stands,
                due=fallen,
                met=kept,
                exits={name: numbers[place] for name, numbers in by_cause if numbers[place]},
                complete=complete,
                settled=complete,
                bank_holiday=holiday(mondays[place]),
            )
        )
    return Queue(stage=stage, weeks=weeks, days=_rare_days(part, began, marks))


def _rare_days(part: Part, began: Ints, marks: Ints) -> list[date]:
    """On which days incidents entered a stage, where they are too few for periods of four weeks."""
    here = (began >= marks[0]) & (began < min(int(marks[-1]), part.instant))
    first = np.sort(began[here][np.unique(part.rows["token"][here], return_index=True)[1]])
    if len(first) * WEEKS_TOGETHER >= ENOUGH_EVENTS * (len(marks) - 1):
        return []
    return [local_day(datetime.fromtimestamp(second, UTC)) for second in first.tolist()]
