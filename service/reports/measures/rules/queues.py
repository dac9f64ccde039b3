"""A stage week by week: who arrives, who leaves and how, and who stands in it."""

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np

from service.reports.measures.figures import Queue, Week
from service.reports.measures.rules import stages
from service.reports.measures.rules.frame import Ints, Part, Span, different, edges, every_day
from service.reports.measures.rules.reckoning import by_way, done_in_time, owed, per_week, standing
from service.reports.statistics.series import ENOUGH_EVENTS, WEEKS_TOGETHER


def queue(stage: str, part: Part, span: Span, holiday: Callable[[date], bool]) -> Queue:
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


def _rare_days(part: Part, began: Ints, marks: Ints, span: Span) -> list[date]:
    """On which days incidents entered a stage, where they are too few for periods of four weeks."""
    here = (began >= marks[0]) & (began < min(int(marks[-1]), part.instant))
    if different(part.rows["token"][here]) * WEEKS_TOGETHER >= ENOUGH_EVENTS * (len(marks) - 1):
        return []
    first = np.sort(began[here][np.unique(part.rows["token"][here], return_index=True)[1]])
    days = every_day(span.first - timedelta(days=span.first.weekday()), span.last + timedelta(days=7))
    return [days[place] for place in (np.searchsorted(edges(days), first, side="right") - 1).tolist()]
