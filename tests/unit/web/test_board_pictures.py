"""The board's pictures: every number on them, nothing told apart that is hidden, words that do not collide."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from service.web.charts import futures, run, stages, staying, weeks

MONDAY = date(2026, 8, 3)


def week(number: int, police: float | None, care: float | None, total: float | None, **more: Any) -> weeks.Week:
    return weeks.Week(
        begins=MONDAY + timedelta(weeks=number), total=total, parts={"police": police, "care": care}, **more
    )


PARTS = [("police", "Police"), ("care", "Social care")]


def test_parts_stack_up_to_the_total_and_what_is_hidden_stands_together() -> None:
    drawn = weeks.layout(
        weeks=[week(0, 10, 30, 40), week(1, 10, None, 40), week(2, None, None, None)],
        parts=PARTS,
        title="t",
        unit="child-days",
        limits=weeks.Limits(centre=40, low=20, high=60, trial=True),
    )
    assert [block.pattern for block in drawn.blocks] == [0, 1, 0, weeks.PATTERNS - 1]
    first, second = drawn.blocks[0], drawn.blocks[1]
    assert first.y == pytest.approx(second.y + second.height)
    assert [key.text for key in drawn.keys] == ["Police", "Social care", "Not told apart"]
    assert drawn.rows[1][1] == ("10.0", "not shown")
    assert drawn.rows[2][2] == "not shown"
    labels = [line.label_y for line in drawn.lines]
    assert all(after - before >= 16 for before, after in pairwise(labels))
    assert "(trial)" in drawn.lines[0].text


def test_changes_signals_holidays_and_a_week_that_is_not_over_are_marked_in_words_too() -> None:
    drawn = weeks.layout(
        weeks=[week(0, 1, 1, 2, bank_holiday=True), week(1, 9, 9, 18, signal=True), week(2, 1, 1, 2, complete=False)],
        parts=PARTS,
        title="t",
        unit="child-days",
        changes=[(MONDAY + timedelta(days=3), "Two more officers"), (date(2020, 1, 1), "Long before")],
    )
    assert [remarks for _, _, _, remarks in drawn.rows] == ["bank holiday", "outside the usual variation", "so far"]
    assert drawn.notes == ("Thu 6 Aug 2026: Two more officers",)
    assert drawn.changes[0].text == "1"
    assert len(drawn.unfinished) == 2
    with pytest.raises(ValueError, match="at most 5 parts"):
        weeks.layout(weeks=[], parts=PARTS * 3, title="t", unit="u")
    assert weeks.layout(weeks=[], parts=PARTS, title="t", unit="u").rows == ()


def test_a_stage_that_takes_longer_stands_higher_and_one_without_an_end_points_upwards() -> None:
    short = stages.Length(letter="H", median=120, low=60, high=240, ninetieth=600)
    longer = stages.Length(letter="M", at_least=9000)
    hidden = stages.Length(letter="S", said="not shown")
    stage = stages.Stage(name="On its way to children's social care", href="#", lengths=(short, longer, hidden))
    (column,) = stages.layout(stages=[stage], title="t").columns
    one, two, three = column.glyphs
    assert one.y is not None
    assert two.y is not None
    assert two.y < one.y
    assert (one.beyond, two.beyond) == (False, True)
    assert three.y is None
    assert len(column.label) <= 3
    levels = [tick.at for tick in stages.layout(stages=[], title="t").levels]
    assert levels == sorted(levels, reverse=True)


def test_points_that_do_not_count_are_told_apart_from_the_line() -> None:
    points = [(MONDAY, 50.0, ""), (MONDAY + timedelta(weeks=1), None, "nobody to count"), (MONDAY, 70.0, "so far")]
    drawn = run.layout(
        points=points,
        name="Share",
        title="t",
        unit="%",
        most=100,
        limits=[run.Limits(first=0, last=2, low=20, centre=50, high=80)],
        signals={0},
        holidays={1},
        changes=[(MONDAY, "Triage works on Sundays"), (MONDAY + timedelta(weeks=9), "Later than all")],
    )
    assert [tick.text for tick in drawn.holidays] == ["BH"]
    assert [tick.text for tick in drawn.changes] == ["1"]
    assert drawn.notes == ("Mon 3 Aug 2026: Triage works on Sundays",)
    assert drawn.rows[1][2] == "nobody to count, bank holiday"
    assert [dot.kind for dot in drawn.dots] == ["signal", "left_out"]
    assert drawn.path.count("M") == 1
    assert "L" not in drawn.path
    assert [row[1] for row in drawn.rows] == ["50%", "not told", "70%"]
    assert [line.text for line in drawn.lines] == ["usually below 80%", "mean 50%", "usually above 20%"]


def test_two_futures_end_with_their_names_apart() -> None:
    drawn = futures.layout(
        begins=MONDAY, present=[(1, 5, 9)] * 4, changed=[(0, 5, 8)] * 4, names=("As it is", "Changed"), title="t"
    )
    one, two = drawn.bands
    assert abs(one.label_y - two.label_y) >= 18
    assert drawn.rows[0] == ("Sun 9 Aug 2026", "5 (1 to 9)", "5 (0 to 8)")


def test_a_curve_goes_down_in_steps_and_its_table_says_the_same() -> None:
    points = [(0, 1.0, 1.0, 1.0), (60, 0.5, 0.4, 0.6), (120, 0.2, 0.1, 0.3), (9999, 0.0, 0.0, 0.1)]
    drawn = staying.layout(points=points, horizon=60, title="t")
    assert drawn.line == "M60.0 20.0 L445.0 20.0 L445.0 127.5 L830.0 127.5 L830.0 192.0"
    assert drawn.rows == (
        ("0", "100%", "100% to 100%"), ("1 hour", "50%", "40% to 60%"), ("2 hours", "20%", "10% to 30%"),
    )  # fmt: skip
    assert (drawn.horizon.at, drawn.horizon.text) == (445.0, "1 hour")
    assert drawn.desc.startswith("After 2 hours, 20% of them")
    # A curve that has lost its ends begins where it is told.
    assert staying.layout(points=points[1:2], horizon=2880, title="t").rows == (("1 hour", "50%", "40% to 60%"),)
