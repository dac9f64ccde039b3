"""The board's pictures, laid out from its figures."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from service.reports.board.rules import words
from service.reports.board.rules.changing import Series
from service.reports.board.rules.delays import CHAIN, holders, stage_name
from service.reports.disclosure.hidden import is_hidden, number
from service.reports.disclosure.lengths import OTHER_WAYS
from service.reports.measures.child_time import ChildWeek
from service.reports.measures.figures import BoardFigures, Queue, StageFigures
from service.reports.statistics import xmr
from service.reports.statistics.series import BANK_HOLIDAY, UNFINISHED
from service.reports.statistics.variation import Variation, variation
from service.web.charts import run, stages, staying, weeks
from service.web.charts import ways as ways_out

#: Holders drawn each by itself; the others stand together.
_DRAWN: Final = 4
_OTHERS: Final = "other"
_NAMED: Final = {
    ("flow", "weeks"): ("Entered", "", "How many entered the stage each week"),
    ("flow", "four_weeks"): ("Entered", "", "How many entered the stage in each four weeks"),
    ("flow", "between_events"): (
        "Since the one before",
        " days",
        "Days between one incident that entered the stage and the next",
    ),
    ("share", "weeks"): ("Within the limit", "%", "Share within the limit, by the week in which the limit fell"),
    ("share", "four_weeks"): (
        "Within the limit",
        "%",
        "Share within the limit, by the four weeks in which the limit fell",
    ),
}
_BEGINS: Final = {"weeks": "Week", "four_weeks": "Four weeks from", "between_events": "Day"}
_LETTERS: Final = {"all": "A", "high": "H", "medium": "M", "standard": "S", "ungraded": "?"}


def child_day_chart(figures: BoardFigures, changes: Sequence[xmr.Change] = ()) -> xmr.Chart:
    """Child-days week by week with process limits; weeks that are not over are drawn without counting."""
    weekly = every_week(figures)
    points = [
        xmr.Point(
            begins=week.begins,
            value=number(week.certain),
            left_out=None if week.complete else UNFINISHED,
            marks=(BANK_HOLIDAY,) if week.bank_holiday else (),
        )
        for week in weekly
    ]
    return xmr.chart(points, changes=changes, floor=0)


def every_week(figures: BoardFigures) -> list[ChildWeek]:
    """The weeks that are told, from the first whole one in which anybody waited."""
    weekly = figures.child_days.weeks
    empty = next((n for n, week in enumerate(weekly) if number(week.certain) != 0), len(weekly))
    return weekly[empty + 1 if empty else 0 :] or weekly


def child_day_variation(chart: xmr.Chart) -> tuple[Variation, tuple[xmr.Rule, ...]]:
    """Whether child-days are changing, and by which rules: fewer is better."""
    return variation(chart, "down")


def child_days(figures: BoardFigures, chart: xmr.Chart) -> weeks.WeeksPicture:
    """Child-days at unassessed risk week by week, stacked by who held the child."""
    named = holders(figures)
    drawn = named if len(named) <= _DRAWN + 1 else named[:_DRAWN]
    rest = [key for key in named if key not in drawn]
    marked = {signal.first for signal in chart.signals if signal.rule == "outside"}
    limits = chart.limits
    return weeks.layout(
        weeks=[
            weeks.Week(
                begins=week.begins,
                total=number(week.certain),
                parts={
                    **{key: number(week.by_holder.get(key, 0.0)) for key in drawn},
                    **({_OTHERS: _together([week.by_holder.get(key, 0.0) for key in rest])} if rest else {}),
                },
                said={key: str(value) for key, value in week.by_holder.items() if key in drawn and is_hidden(value)},
                said_total=str(week.certain) if is_hidden(week.certain) else "",
                complete=week.complete,
                bank_holiday=week.bank_holiday,
                signal=place in marked,
            )
            for place, week in enumerate(every_week(figures))
        ],
        parts=[
            *((key, words.holder(key)) for key in drawn),
            *([(_OTHERS, "Others")] if rest else []),
        ],
        title="Child-days at unassessed risk each week, by who held the child",
        unit="child-days",
        limits=None
        if limits is None
        else weeks.Limits(centre=limits.centre, low=limits.low, high=limits.high, trial=limits.trial),
        changes=[(change.on, change.words) for change in chart.changes],
        id="child-days",
    )


def _together(values: Sequence[Any]) -> float | None:
    return None if any(is_hidden(value) for value in values) else sum(float(value) for value in values)


def of_stage(figures: BoardFigures, stage: str, by: str = "all") -> list[StageFigures]:
    """The figures of a stage, divided one way."""
    return [each for each in figures.stages if each.stage == stage and each.by == by]


def stage_chain(figures: BoardFigures, href: Any) -> stages.StagesPicture:
    """Stages left to right, by grade.

    Args:
        figures: what is told.
        href: gives a stage's address.
    """
    return stages.layout(
        stages=[
            stages.Stage(
                name=stage_name(figures, key),
                href=href(key),
                lengths=tuple(_length(each) for each in _drawn(figures, key, whole)),
                under=_under(whole),
                alarm=bool(whole.open.past_limit),
            )
            for key in CHAIN
            for whole in of_stage(figures, key)
        ],
        title="How long each stage takes, by the officer's grade",
        id="chain",
    )


def _drawn(figures: BoardFigures, stage: str, whole: StageFigures) -> list[StageFigures]:
    """The grades of a stage; all together where of none of them it is told how long it takes, but of all it is."""
    grades = [each for each in of_stage(figures, stage, "grade") if each.group != "ungraded"]
    told = any(_is_told(each) for each in grades)
    return [*([] if told or not _is_told(whole) else [whole]), *grades]


def _is_told(found: StageFigures) -> bool:
    return any(number(value) is not None for value in (found.median.value, found.median.at_least))


def _length(found: StageFigures) -> stages.Length:
    median = found.median
    hidden = is_hidden(median.value)
    return stages.Length(
        letter=_LETTERS.get(found.group, "?"),
        median=number(median.value),
        low=number(median.low),
        high=number(median.high),
        at_least=None if hidden else number(median.at_least),
        ninetieth=number(found.ninetieth.value),
        said=f"{words.group(found.group)}: half have left after {words.lasting(median)}, nine in ten after "
        f"{words.lasting(found.ninetieth)}",
    )


def _under(found: StageFigures) -> tuple[str, ...]:
    said = [f"{words.count(found.open.count)} open"]
    if found.open.count and found.open.oldest is not None:
        said += ["oldest", words.short(found.open.oldest)]
    if found.open.past_limit:
        said.append(f"{words.count(found.open.past_limit)} past limit")
    return tuple(said)


def series_picture(series: Series) -> run.RunPicture:
    """A flow, a share or the time between events, with the limits of its usual variation and the marked changes."""
    chart = series.chart
    times = 100 if series.of == "share" else 1
    name, unit, title = _NAMED[(series.of, series.grain)]
    return run.layout(
        points=[
            (point.begins, None if point.value is None else times * point.value, point.left_out or "")
            for point in chart.points
        ],
        name=name,
        named=_BEGINS[series.grain],
        unit=unit,
        most=100 if series.of == "share" else None,
        title=title,
        limits=[
            run.Limits(
                first=span.first,
                last=span.last,
                low=times * span.limits.low,
                centre=times * span.limits.centre,
                high=times * span.limits.high,
                trial=span.limits.trial,
            )
            for span in chart.spans
            if span.limits is not None
        ],
        signals={n for signal in chart.signals for n in range(signal.first, signal.last + 1)},
        holidays={n for n, point in enumerate(chart.points) if BANK_HOLIDAY in point.marks},
        changes=[(change.on, change.words) for change in chart.changes],
        id=series.of,
    )


def queue_picture(queue: Queue) -> run.RunPicture:
    """How many stand in a stage at the end of each week, drawn without limits: a stock remembers last week."""
    return run.layout(
        points=[
            (week.begins + timedelta(days=6), number(week.stock), "" if week.complete else "so far")
            for week in queue.weeks
        ],
        name="In the stage",
        unit="",
        title="How many were in the stage at the end of each week",
        id="queue",
    )


def staying_picture(
    found: StageFigures, counts: str, limits: Sequence[staying.Mark] = (), *, guarded: bool
) -> staying.StayingPicture | None:
    """The share of those who entered in the period that was still there; None where none is drawn for the reader.

    Args:
        found: the stage as its reader is told it.
        counts: who is counted.
        limits: what the standards say.
        guarded: whether the curve has lost its ends, so that it begins where it is told and not with everybody.
    """
    curve = found.curve
    if curve is None or not curve.minutes:
        return None
    points = list(zip(curve.minutes, curve.left, curve.low, curve.high, strict=True))
    if not guarded and points[0][0] > 0:
        points.insert(0, (0, 1.0, 1.0, 1.0))
    return staying.layout(
        points=points,
        horizon=found.horizon,
        title=f"Share of {counts} still in it, by time since entering",
        limits=limits,
    )


def routes_picture(found: StageFigures, counts: str) -> ways_out.RoutesPicture | None:
    """Which way those who entered in the period have left, over time; None where it is not told."""
    told = found.routes
    if told is None or not told.minutes:
        return None
    ways = {way: shares for way, shares in told.ways.items() if way != OTHER_WAYS}
    largest = sorted(ways, key=lambda way: (-ways[way][-1], way))
    # One of the patterns is for those who are still there, one for all ways that have none of their own.
    drawn = largest[
        : ways_out.PATTERNS - 1 if len(ways) == len(told.ways) < ways_out.PATTERNS else ways_out.PATTERNS - 2
    ]
    rest = [shares for way, shares in told.ways.items() if way not in drawn]
    layers = [(words.group(way), ways[way]) for way in drawn]
    if rest:
        layers.append(("Other ways", tuple(sum(each) for each in zip(*rest, strict=True))))
    return ways_out.layout(
        minutes=told.minutes, ways=layers, title=f"Which way {counts} have left it, by time since entering"
    )


def queue_of(figures: BoardFigures, stage: str) -> Queue | None:
    """A stage week by week, where it is told."""
    return next((each for each in figures.queues if each.stage == stage), None)
