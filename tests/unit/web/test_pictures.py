"""Pictures say what the figures say, and their tables say it again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from service.web import times
from service.web.charts import bands, lanes, trend
from service.web.charts.scale import TimeScale, round_up

START = datetime(2026, 10, 20, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def picture(hours: list[int]) -> lanes.LanePicture:
    marks = [lanes.Mark(lane="police", title=f"thing {n}", at=START + hour * HOUR) for n, hour in enumerate(hours)]
    spans = [lanes.Span(lane="csc", since=START, until=None)]
    dues = [lanes.Due(lane="csc", title="decide", at=START + 24 * HOUR)]
    return lanes.layout(
        lanes=[("police", "Police"), ("csc", "Children's social care")],
        spans=spans,
        marks=marks,
        dues=dues,
        now=START + 50 * HOUR,
        title="t",
    )


@given(st.lists(st.integers(0, 50), max_size=30))
def test_marks_never_cover_each_other_and_stay_on_the_picture(hours: list[int]) -> None:
    dots = picture(hours).dots
    assert [dot.number for dot in dots] == list(range(1, len(hours) + 1))
    for one, two in pairwise(dots):
        assert two.x - one.x >= 20
    assert all(0 < dot.x < lanes.WIDTH for dot in dots)


def test_the_bar_has_its_length_and_the_lateness_its_stretch() -> None:
    drawn = picture([0, 3])
    assert [bar.text for bar in drawn.bars] == ["2d 2h"]
    assert drawn.dues[0].late_width > 0
    assert "1 day 2 hours late" in drawn.dues[0].title
    assert [row.length for row in drawn.table if row.what == "Due: decide"] == ["1 day 2 hours late"]


def test_a_day_without_a_time_is_said_to_be_one() -> None:
    drawn = lanes.layout(
        lanes=[("school", "School")],
        spans=[],
        marks=[lanes.Mark(lane="school", title="School notified", on=date(2026, 10, 21))],
        dues=[],
        now=START + 50 * HOUR,
        title="t",
    )
    assert drawn.table[0].when == "Wed 21 Oct 2026, time not recorded"


def test_ticks_are_local_midnights_also_when_the_clocks_change() -> None:
    ticks = TimeScale(START, START + timedelta(days=8), 0, 800).ticks()
    assert [tick.text for tick in ticks][4:6] == ["Sun 25 Oct", "Mon 26 Oct"]
    places = [tick.at for tick in ticks]
    # The day with 25 hours is wider by a twenty-fourth.
    assert places[5] - places[4] > places[4] - places[3]


def test_bands_add_up_and_every_number_is_on_the_picture() -> None:
    drawn = bands.layout(bands=["a", "b", "c"], counts=[("High", (1, 0, 300)), ("Low", (0, 0, 0))], title="t")
    assert [row.total for row in drawn.rows] == [301, 0]
    assert [part.number for part in drawn.rows[0].parts] == [1, 300]
    assert not drawn.rows[0].parts[0].inside


def test_names_at_the_ends_of_two_lines_do_not_cover_each_other() -> None:
    days = [(date(2026, 11, 1) + n * timedelta(days=1), 5, 5) for n in range(3)]
    one, two = trend.layout(days=days, names=("in", "out"), title="t").lines
    assert abs(one.label_y - two.label_y) >= 18
    assert trend.layout(days=[], names=("in", "out"), title="t").rows == ()


def test_an_axis_ends_at_a_round_number() -> None:
    assert [round_up(n) for n in (0, 1, 3, 7, 14, 41, 99)] == [1, 1, 4, 10, 20, 50, 100]


def test_lengths_are_words() -> None:
    assert times.length(timedelta(days=2, hours=4, minutes=48)) == "2 days 4 hours"
    assert times.length(timedelta(days=1, minutes=5)) == "1 day"
    assert times.length(timedelta(seconds=30)) == "less than a minute"
    assert times.age(date(2024, 12, 1), START) == "22 months"
    assert times.age(date(2020, 10, 21), START) == "5 years"
    assert times.clock_time(datetime(2026, 10, 25, 1, 30, tzinfo=UTC)) == "01:30 (after the clocks went back)"
