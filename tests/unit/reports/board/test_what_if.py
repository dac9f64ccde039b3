"""What if: from which weeks it is worked out where a reader is not told every number."""

from datetime import date, timedelta
from typing import Any

import msgspec

from service.reports.board.rules.what_if import Asked, Past, try_out
from service.reports.disclosure.hidden import small
from service.reports.measures.figures import BoardFigures, Queue, Week
from tests.unit.reports.measures.children import figures

#: Twelve weeks, the last of which has begun; the quarter is three weeks old.
MONDAY = date(2026, 8, 3)
WEEKS = 12
NOW = "2026-10-21 12:00"


def week(n: int, number: Any = 20, stock: Any = 40) -> Week:
    return Week(
        begins=MONDAY + timedelta(weeks=n),
        arrived=number,
        left=number,
        stock=stock,
        due=0,
        met=0,
        exits={},
        complete=n < WEEKS - 1,
        settled=n < WEEKS - 1,
        bank_holiday=False,
    )


def report(*weeks: Week, stages: tuple[str, ...] = ("contact_decision",)) -> BoardFigures:
    """A report of a quarter that is young."""
    queues = [Queue(stage=stage, weeks=list(weeks), days=[]) for stage in stages]
    return msgspec.structs.replace(figures([], NOW, "2026-10-01", "2026-10-21"), queues=queues)


def past(found: BoardFigures, asked: Asked | None = None) -> Past | None:
    return try_out(found, asked or Asked()).past


def test_in_a_young_quarter_it_is_worked_out_from_the_weeks_before() -> None:
    told = past(report(*(week(n) for n in range(WEEKS))))
    assert told is not None
    assert (told.first, told.last, told.now, told.flow.waiting) == (MONDAY, date(2026, 10, 21), True, 40)
    assert len(told.flow.arrived) == WEEKS - 1


def test_of_weeks_that_may_not_be_told_only_those_after_the_last_are_drawn_from() -> None:
    weeks = [week(n) for n in range(WEEKS)]
    weeks[1] = week(1, small(5))
    told = past(report(*weeks))
    assert told is not None
    assert (told.first, told.now, len(told.flow.arrived)) == (weeks[2].begins, True, 9)


def test_where_who_waits_now_may_not_be_told_it_begins_where_they_last_were() -> None:
    weeks = [week(n) for n in range(WEEKS)]
    weeks[-2:] = [week(WEEKS - 2, small(5), small(5)), week(WEEKS - 1, 7, small(5))]
    tried = try_out(report(*weeks), Asked())
    assert tried.past is not None
    ended = weeks[-3].begins + timedelta(days=6)
    assert (tried.past.last, tried.past.now, tried.begins) == (ended, False, ended + timedelta(days=1))
    assert tried.found is not None


def test_without_eight_weeks_in_a_row_it_cannot_be_tried() -> None:
    weeks = [week(n, small(5) if n in (3, 8) else 20) for n in range(WEEKS)]
    tried = try_out(report(*weeks), Asked())
    assert (tried.past, tried.found) == (None, None)
    assert past(report()) is None


def test_weeks_before_anybody_and_weeks_of_long_ago_are_nothing_to_draw_from() -> None:
    young = [week(n, 0, 0) for n in range(9)] + [week(n) for n in range(9, WEEKS)]
    assert past(report(*young)) is None
    long_ago = [week(n - 20) for n in range(12)] + [week(n, small(5), small(5)) for n in range(-8, WEEKS)]
    assert past(report(*long_ago)) is None


def test_where_the_stage_itself_may_not_be_told_everybody_who_waits_stands_in_its_place() -> None:
    hidden = Queue(stage="contact_decision", weeks=[week(n, small(5), small(5)) for n in range(WEEKS)], days=[])
    found = report(*(week(n) for n in range(WEEKS)), stages=("unassessed",))
    tried = try_out(msgspec.structs.replace(found, queues=[hidden, *found.queues]), Asked())
    assert tried.instead
    assert tried.past is not None
    assert tried.past.flow.noun == "pathways waiting for a first decision"
    assert not try_out(report(*(week(n) for n in range(WEEKS))), Asked()).instead


def test_a_threshold_needs_the_contacts_decided_in_the_same_weeks() -> None:
    threshold = Asked(lever="threshold", amount=50)
    weeks = [week(n) for n in range(WEEKS)]
    assert past(report(*weeks, stages=("allocation",)), threshold) is None
    both = report(*weeks, stages=("allocation", "contact_decision"))
    hidden = [msgspec.structs.replace(each, left=small(5)) if n == 2 else each for n, each in enumerate(weeks)]
    both.queues[1].weeks[:] = hidden
    told = past(both, threshold)
    assert told is not None
    assert told.first == weeks[3].begins
    assert told.flow.decided == (20,) * 8
