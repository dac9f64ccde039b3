"""Who is counted, how often, and under what: siblings, children of several incidents, days without a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.reports.measures.figures import BoardFigures, StageFigures
from service.reports.measures.rules.frame import Span
from service.reports.measures.rules.pathways import Told
from service.reports.measures.rules.rest import ledger
from service.reports.measures.rules.spending import child_days
from tests.unit.reports.measures.children import counted, figures, frame, told

NOVEMBER = ("2026-11-01", "2026-11-30")
_NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))
ATTENDED = "police_attended 2026-11-02 10:00"
MEDIUM = "risk_graded=medium 2026-11-02 10:05 by=officer"


def stage(found: BoardFigures, key: str) -> StageFigures:
    return next(each for each in found.stages if each.stage == key and each.by == "all")


def november(*pathways: Told, now: str = "2026-11-12 10:00") -> BoardFigures:
    return figures(pathways, now, *NOVEMBER)


def test_a_child_of_two_incidents_counts_once_at_each_instant_under_the_highest_grade_for_the_oldest() -> None:
    first = told(ATTENDED, MEDIUM, incident="1")
    second = told("police_attended 2026-11-04 10:00", "risk_graded=high 2026-11-04 10:00 by=officer", incident="2")
    found = november(first, second).child_days
    assert (found.waiting, found.total) == (1, 10.0)
    assert found.by_grade == {"medium": 2.0, "high": 8.0}
    assert sum(found.by_holder.values()) == found.total


def test_a_child_of_whom_social_care_is_told_twice_is_one_child_notified() -> None:
    notices = [
        told(ATTENDED, "notice_received 2026-11-03 10:00", child="Ewan", incident=incident) for incident in ("1", "2")
    ]
    found = november(*notices, told(ATTENDED, "notice_received 2026-11-03 10:00", child="Yusuf")).child_days
    assert (found.notified, found.per_100_notified) == (2, 1_000)


def test_siblings_are_counted_each_and_their_incident_once() -> None:
    first = told(ATTENDED, MEDIUM, "notice_shared 2026-11-02 12:00", child="Ewan")
    second = told(ATTENDED, MEDIUM, "notice_shared 2026-11-02 18:00", child="Yusuf")
    found = november(first, second)
    assert (found.child_days.waiting, found.child_days.total, found.child_days.children_per_incident) == (2, 20.0, 2.0)
    police = stage(found, "police_share")
    # Shared when the last child known at submission was shared.
    assert (police.entered, police.left, police.median.value) == (1, 1, 480.0)


def test_a_child_found_after_the_record_was_submitted_is_timed_alone() -> None:
    left = told(ATTENDED, MEDIUM, "notice_submitted 2026-11-02 11:00", "notice_shared 2026-11-02 12:00", child="Ewan")
    attended = f"{ATTENDED} recorded=2026-11-05T09:00"
    submitted = "notice_submitted 2026-11-05 09:00"
    late = told(attended, submitted, "notice_shared 2026-11-05 11:30", child="Yusuf")
    found = november(left, late).police
    assert found.incidents is not None
    assert found.late_found is not None
    assert (found.incidents.entered, found.incidents.median.value) == (1, 120.0)
    assert (found.late_found.entered, found.late_found.median.value) == (1, 150.0)
    # One named at once is waited for, however late its own notice is complete; the backlog says the same of both.
    named = told(ATTENDED, submitted, "notice_shared 2026-11-05 11:30", child="Yusuf")
    together = november(left, named).police.incidents
    assert together is not None
    assert (together.entered, together.median.value) == (1, 73.5 * 60)


def test_siblings_in_two_areas_are_each_areas_own_incident() -> None:
    here = told(ATTENDED, MEDIUM, "notice_shared 2026-11-02 12:00", child="Ewan")
    there = told(ATTENDED, MEDIUM, child="Yusuf", area="350")
    police = stage(november(here, there), "police_share")
    assert (police.entered, police.left, police.open.count) == (2, 1, 1)


def test_fifty_old_open_children_never_lower_a_median() -> None:
    quick = [
        told(
            f"police_attended 2026-11-{day:02} 08:00", f"notice_shared 2026-11-{day:02} 09:00",
            f"notice_received 2026-11-{day:02} 09:05",
            f"contact_decided=advice 2026-11-{day:02} {10 + day}:00", child=f"quick {day}", incident=f"quick {day}",
        )
        for day in range(2, 10)
    ]  # fmt: skip
    old = [
        told(f"police_attended 2026-11-01 0{number % 8}:{number:02}", child=f"{number}", incident=f"{number}")
        for number in range(10, 60)
    ]
    alone, together = (stage(november(*each), "unassessed") for each in (quick, [*quick, *old]))
    assert alone.median.value is not None
    assert together.median.value is None or together.median.value >= alone.median.value
    assert together.open.count == 50
    assert alone.current.value is not None
    assert together.current.value is None or together.current.value >= alone.current.value
    assert together.within is not None
    assert (together.entered, together.within.overdue, together.within.share.n) == (58, 50, 58)


def test_a_day_without_a_time_bounds_the_figures_and_is_no_point_of_them() -> None:
    exact = told(ATTENDED, MEDIUM, "child_seen 2026-11-03 10:00", child="Ewan", incident="1")
    vague = told(ATTENDED, MEDIUM, "child_seen 2026-11-04", child="Yusuf", incident="2")
    found = november(exact, vague)
    waiting = stage(found, "unassessed")
    assert (waiting.median.value, waiting.median.n) == (1440.0, 1)
    assert waiting.completeness.approximate == 1
    assert waiting.bounds is not None
    assert waiting.bounds[0] == 1440.0
    # Until the day began it is certain, and up to that day more.
    assert found.child_days.total == pytest.approx(1 + 14 / 24 + 1, abs=0.0001)
    assert found.child_days.more == 1.0


def test_a_child_known_today_at_an_hour_nobody_wrote_down_waits_and_takes_no_time_from_others() -> None:
    other = told("police_attended 2026-11-12 02:00", child="Ewan", incident="1")
    today = told("police_attended 2026-11-12", child="Yusuf", incident="2")
    found = november(other, today, now="2026-11-12 14:00")
    assert (stage(found, "unassessed").open.count, stage(found, "unassessed").open.oldest) == (2, 720)
    assert (found.child_days.waiting, found.child_days.total) == (2, 0.5)
    # It may have been since midnight: fourteen hours at most.
    assert found.child_days.more == pytest.approx(14 / 24, abs=0.0001)
    assert sum(week.certain for week in found.child_days.weeks) == 0.5
    # Nor does what is asked today at an hour nobody wrote down add hours that have not passed.
    asked = told("police_attended 2026-11-12 02:00", "information_requested=health 2026-11-12")
    assert november(asked, now="2026-11-12 14:00").child_days.total == 0.5
    assert ledger(frame([other, today], "2026-11-12 14:00"), Span.of(*_NOVEMBER), live=2).residual == 0


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-03-29 00:50", "2026-03-29 02:10", 20),
        ("2026-10-25 00:50", "2026-10-25 02:10", 140),
        ("2026-03-28 12:00", "2026-03-29 12:00", 23 * 60),
    ],
)
def test_a_wait_over_a_change_of_clocks_is_as_long_as_it_was(start: str, end: str, minutes: int) -> None:
    child = told(f"police_attended {start}", f"child_seen {end}")
    day = end[:10]
    found = figures([child], f"{day} 23:00", f"{day[:8]}20", day)
    assert stage(found, "unassessed").median.value == minutes
    assert found.child_days.total == round(minutes / 1440, 4)
    week = next(each for each in found.queues[0].weeks if each.left)
    assert week.begins <= date.fromisoformat(day)
    assert sum(each.certain for each in found.child_days.weeks) == pytest.approx(minutes / 1440, abs=0.0002)


def test_a_notice_just_before_and_just_after_midnight_in_summer_falls_on_its_own_local_day() -> None:
    before = told("police_attended 2026-07-05 23:30", child="a", incident="a")
    after = told("police_attended 2026-07-06 00:30", child="b", incident="b")
    found = figures([before, after], "2026-07-10 10:00", "2026-07-01", "2026-07-10")
    assert {row.day.day: row.new for row in found.ledger.days if row.new} == {5: 1, 6: 1}
    # That midnight begins a week.
    assert [week.arrived for week in found.queues[0].weeks[-2:]] == [1, 1]


_HOURS = st.integers(0, 24 * 20)


def _pathway(child: int, incident: int, began: int, ended: int | None) -> Told:
    def at(hours: int) -> str:
        return f"2026-11-{1 + hours // 24:02} {hours % 24:02}:00"

    lines = [f"police_attended {at(began)}", f"risk_graded=medium {at(began)} by=officer"]
    if ended is not None:
        lines.append(f"child_seen {at(began + ended)}")
    return told(*lines, child=str(child), incident=str(incident))


@given(
    drawn=st.lists(st.tuples(st.integers(0, 3), _HOURS, st.one_of(st.none(), st.integers(0, 60))), max_size=8),
    extra=st.tuples(_HOURS, st.integers(0, 60)),
)
def test_child_days_add_up_and_another_child_changes_nothing_else(
    drawn: Sequence[tuple[int, int, int | None]], extra: tuple[int, int]
) -> None:
    pathways = [_pathway(child, number, began, ended) for number, (child, began, ended) in enumerate(drawn)]
    span = Span.of(date(2026, 11, 1), date(2026, 11, 29))

    def reckoned(of: Sequence[Told]) -> tuple[float, list[float]]:
        found = child_days(frame(of, "2026-11-29 12:00"), span, lambda _monday: False)
        assert sum(found.by_holder.values()) == pytest.approx(found.total, abs=0.001)
        assert sum(found.by_grade.values()) == pytest.approx(found.total, abs=0.001)
        weeks = [week.certain for week in found.weeks]
        for week in found.weeks:
            assert sum(week.by_holder.values()) == pytest.approx(week.certain, abs=0.001)
        return found.total, weeks

    total, weeks = reckoned(pathways)
    # By the hour, the slow way: children who wait then.
    hours = 0
    for hour in range(24 * 28 + 12):
        hours += len({
            child for child, began, ended in drawn if began <= hour and (ended is None or hour < began + ended)
        })  # fmt: skip
    assert total == pytest.approx(hours / 24, abs=0.001)
    another = _pathway(99, 99, *extra)
    more, _ = reckoned([*pathways, another])
    assert more - total == pytest.approx(extra[1] / 24, abs=0.001)
    assert sum(weeks) == pytest.approx(total, abs=0.001)


def test_the_same_children_are_the_same_bytes_in_whatever_order() -> None:
    pathways = [_pathway(child % 2, child, child * 7, 5 if child % 3 else None) for child in range(6)]
    assert counted(pathways) == counted(pathways[::-1])


def test_nobody_at_all_is_figures_without_numbers() -> None:
    found = november()
    assert found.child_days.total == 0
    assert all(each.open.count == 0 and each.median.value is None for each in found.stages)
    assert (found.ledger.residual, found.ledger.closing) == (0, 0)
