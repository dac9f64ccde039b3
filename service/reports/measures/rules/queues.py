"""A stage week by week: who arrives, who leaves and how, and who stands in it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from service.reports.measures.figures import Queue, Week
from service.reports.measures.rules import stages
from service.reports.measures.rules.few import NOBODY, Few
from service.reports.measures.rules.frame import DAY, Ints, Part, Span, different, edges, every_day
from service.reports.measures.rules.reckoning import by_way, done_in_time, owed, per_week, standing
from service.reports.statistics.series import ENOUGH_EVENTS, WEEKS_TOGETHER


def queue(stage: str, part: Part, span: Span, holiday: Callable[[date], bool], few: Few = NOBODY) -> Queue:
    """A stage week by week. An exit to another area and an arrival from one are counted, as its stock is."""
    mondays = span.weeks()
    marks = edges(mondays)
    began, end, due = part.came, part.ended, part.due
    arrived, gone = per_week(began, marks), per_week(end[end > 0], marks)
    stock = standing(began, end, marks)[1:]
    limit = owed(part) & (due < part.instant)
    fell = per_week(due[limit], marks)
    met = per_week(due[limit & done_in_time(part)], marks)
    ended = np.flatnonzero((end > 0) & (part.rows["cause"] > 0))
    ways, _ = by_way(end[ended], part.rows["cause"][ended], marks)
    complete = (marks[1:] <= part.instant).tolist()
    if few.wanted:
        kept = limit & done_in_time(part)
        _look_behind(few, f"queues/{stage}/weeks", part, mondays, {
            "arrived": began, "left": end, "due": np.where(limit, due, 0), "met": np.where(kept, due, 0),
        })  # fmt: skip
    columns = zip(
        mondays,
        arrived.tolist(),
        gone.tolist(),
        stock.tolist(),
        fell.tolist(),
        met.tolist(),
        ways,
        complete,
        strict=False,
    )
    weeks = [
        Week(
            begins=monday,
            arrived=came,
            left=went,
            stock=stands,
            due=fallen,
            met=kept,
            exits={stages.CAUSES[way - 1]: number for way, number in left.items()} if left else {},
            complete=passed,
            settled=passed,
            bank_holiday=holiday(monday),
        )
        for monday, came, went, stands, fallen, kept, left, passed in columns
    ]
    return Queue(stage=stage, weeks=weeks, days=_rare_days(part, began, marks, span))


def _look_behind(few: Few, where: str, part: Part, mondays: Sequence[date], counted: Mapping[str, Ints]) -> None:
    """Who came, left, fell due and was in time in each week, by when they did; and who stood there at its end."""
    marks, weeks = edges(mondays), mondays[:-1]
    for name, values in counted.items():
        week = np.searchsorted(marks, values, side="right") - 1
        here = np.flatnonzero((week >= 0) & (week < len(weeks)))
        few.each(f"{where}/{{}}/{name}", weeks, part.that(here), week[here])
    recent = part.that(part.recent(int(marks[0]) - DAY))
    began, end = recent.came, recent.ended
    for monday, mark in zip(weeks, marks[1:].tolist(), strict=True):
        few.one(f"{where}/{monday}/stock", recent, (began < mark) & ((end == 0) | (end >= mark)))


def _rare_days(part: Part, began: Ints, marks: Ints, span: Span) -> list[date]:
    """On which days incidents entered a stage, where they are too few for periods of four weeks."""
    here = (began >= marks[0]) & (began < min(int(marks[-1]), part.instant))
    if different(part.rows["token"][here]) * WEEKS_TOGETHER >= ENOUGH_EVENTS * (len(marks) - 1):
        return []
    first = np.sort(began[here][np.unique(part.rows["token"][here], return_index=True)[1]])
    days = every_day(span.first - timedelta(days=span.first.weekday()), span.last + timedelta(days=7))
    return [days[place] for place in (np.searchsorted(edges(days), first, side="right") - 1).tolist()]
