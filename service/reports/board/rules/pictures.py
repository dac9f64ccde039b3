"""The board's pictures, laid out from its figures."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from service.reports.board.rules import words
from service.reports.board.rules.delays import CHAIN, holders, stage_name
from service.reports.disclosure.hidden import is_hidden, number
from service.reports.measures.figures import BoardFigures, Queue, StageFigures
from service.reports.statistics import xmr
from service.reports.statistics.series import BANK_HOLIDAY, UNFINISHED, Tally, share_points
from service.reports.statistics.variation import Variation, variation
from service.web.charts import run, stages, weeks

#: Holders drawn each by itself; the others stand together.
_DRAWN: Final = 4
_OTHERS: Final = "other"
_LETTERS: Final = {"high": "H", "medium": "M", "standard": "S", "ungraded": "?"}


def child_day_chart(figures: BoardFigures, changes: Sequence[xmr.Change] = ()) -> xmr.Chart:
    """Child-days week by week with process limits; weeks that are not over are drawn without counting."""
    points = [
        xmr.Point(
            begins=week.begins,
            value=number(week.certain),
            left_out=None if week.complete else UNFINISHED,
            marks=(BANK_HOLIDAY,) if week.bank_holiday else (),
        )
        for week in figures.child_days.weeks
    ]
    return xmr.chart(points, changes=changes, floor=0)


def child_day_variation(chart: xmr.Chart) -> Variation:
    """Whether child-days are changing: fewer is better."""
    return variation(chart, "down")[0]


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
            for place, week in enumerate(figures.child_days.weeks)
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
                lengths=tuple(_length(each) for each in of_stage(figures, key, "grade") if each.group != "ungraded"),
                under=_under(whole),
                alarm=bool(number(whole.open.past_limit)),
            )
            for key in CHAIN
            for whole in of_stage(figures, key)
        ],
        title="How long each stage takes, by the officer's grade",
        id="chain",
    )


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


def share_chart(queue: Queue) -> xmr.Chart | None:
    """The share within its limit week by week; None where a number of it is not told, or nothing fell due."""
    told = [week for week in queue.weeks if not is_hidden(week.due) and not is_hidden(week.met)]
    if len(told) < len(queue.weeks) or not any(week.due for week in told):
        return None
    return xmr.chart(
        share_points(
            [
                Tally(
                    begins=week.begins,
                    events=week.met,
                    of=week.due,
                    complete=week.complete,
                    settled=week.settled,
                    bank_holiday=week.bank_holiday,
                )
                for week in told
            ]
        ),
        floor=0,
        ceiling=1,
    )


def share_picture(chart: xmr.Chart) -> run.RunPicture:
    """A share week by week with its limits."""
    limits = chart.limits
    return run.layout(
        points=[
            (point.begins, None if point.value is None else 100 * point.value, point.left_out or "")
            for point in chart.points
        ],
        name="Share within the limit",
        unit="%",
        most=100,
        title="Share within the limit, by the week in which the limit fell",
        limits=None if limits is None else (100 * limits.low, 100 * limits.centre, 100 * limits.high, limits.trial),
        signals={n for signal in chart.signals for n in range(signal.first, signal.last + 1)},
        id="share",
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


def queue_of(figures: BoardFigures, stage: str) -> Queue | None:
    """A stage week by week, where it is told."""
    return next((each for each in figures.queues if each.stage == stage), None)
