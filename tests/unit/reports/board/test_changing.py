"""Is it changing: which chart a stage has, what it says, and what a reader of figures is not told."""

from datetime import date, timedelta
from typing import Any

from service.reports.board.rules import answers
from service.reports.board.rules.changing import changing, net_words
from service.reports.board.rules.pictures import series_picture
from service.reports.commentary.findings import Commentary
from service.reports.disclosure.hidden import small
from service.reports.measures.figures import Queue, Week
from service.reports.statistics.xmr import Change
from tests.unit.reports.board.test_delays import autumn
from tests.unit.reports.measures.children import figures

MONDAY = date(2026, 2, 2)
WEEKS = 39


def week(n: int, arrived: Any, met: Any, stock: Any = 20) -> Week:
    return Week(
        begins=MONDAY + timedelta(weeks=n),
        arrived=arrived,
        left=arrived,
        stock=stock,
        due=arrived,
        met=met,
        exits={},
        complete=n < WEEKS - 1,
        settled=n < WEEKS - 1,
        bank_holiday=n == 9,
    )


def queue(*weeks: Week, days: tuple[date, ...] = ()) -> Queue:
    return Queue(stage="contact_decision", weeks=list(weeks), days=list(days))


def usual(n: int, scale: int = 1) -> int:
    return scale * (20 + (n * 7) % 5)


def test_a_share_that_falls_is_a_signal_and_assurance_says_what_the_process_will_do() -> None:
    weeks = [week(n, usual(n), usual(n) - (12 if n > 30 else 2)) for n in range(WEEKS)]
    found = changing(queue(*weeks), [Change(on=MONDAY + timedelta(weeks=30), words="Two left the desk")])
    assert found.share is not None
    assert found.flow is not None
    assert (found.share.grain, found.share.variation, found.flow.variation) == ("weeks", "worsening", "steady")
    assert found.share.says.endswith("As it is, somebody will be past the limit in every week, unless it is changed.")
    drawn = series_picture(found.share)
    assert [tick.text for tick in drawn.holidays] == ["BH"]
    assert drawn.notes == ("Mon 31 Aug 2026: Two left the desk",)
    # The week that is not over is drawn, and counts for nothing.
    assert [dot.kind for dot in drawn.dots].count("left_out") == 1
    assert len([line for line in drawn.lines if line.text]) == 3


def test_few_a_week_are_taken_together_and_fewer_are_told_by_the_time_between() -> None:
    together = changing(queue(*(week(n, 3 + n % 3, 3) for n in range(WEEKS))))
    assert together.flow is not None
    assert (together.flow.grain, together.flow.period, together.flow.trial) == ("four_weeks", "four weeks", True)
    assert series_picture(together.flow).named == "Four weeks from"
    days = tuple(MONDAY + timedelta(days=9 * n + n % 4) for n in range(20))
    rare = changing(queue(*(week(n, n % 2, 0) for n in range(WEEKS)), days=days))
    assert rare.flow is not None
    assert rare.flow.grain == "between_events"
    assert series_picture(rare.flow).title.startswith("Days between one incident")
    # Whoever is not told the days of single events has no such chart.
    assert changing(queue(*(week(n, n % 2, 0) for n in range(WEEKS)))).flow is None


def test_weeks_before_the_last_that_may_not_be_told_are_not_charted() -> None:
    weeks = [week(n, usual(n), usual(n)) for n in range(WEEKS)]
    weeks[10] = week(10, small(5), small(5), small(5))
    found = changing(queue(*weeks))
    assert found.flow is not None
    assert found.flow.since_told
    assert found.flow.chart.points[0].begins == weeks[11].begins
    assert found.net is not None
    weeks[36] = week(36, small(5), small(5), small(5))
    told = changing(queue(*weeks))
    assert (told.flow, told.share, told.net) == (None, None, None)
    assert net_words(told.net).startswith("Not known")


def test_a_stock_has_no_limits_and_its_weekly_net_change_is_tested() -> None:
    growing = changing(queue(*(week(n, 20, 20, 20 + 3 * n + n % 2) for n in range(WEEKS))))
    still = changing(queue(*(week(n, 20, 20, 20 + n % 4) for n in range(WEEKS))))
    assert net_words(growing.net).startswith("Signal: it grows, +3")
    assert net_words(still.net).startswith("No signal:")


def test_a_chart_that_is_judged_alone_is_no_answer_to_whether_it_is_a_real_change() -> None:
    nobody = figures([], "2026-11-10 12:00", "2026-11-01", "2026-11-10")
    said = answers.changed(nobody, Commentary(summary=""), "worsening", ("shift",), trial=False)
    assert said.says.startswith("No signal when all figures are judged together; judged alone, there are more")
    assert "a run of values on one side of the centre" in said.more
    steady = answers.changed(autumn(), Commentary(summary=""), "steady", (), trial=False)
    assert steady.says == "No: nothing differs from before by more than it usually varies."
    untold = answers.changed(autumn(), Commentary(summary="", untold=True), "steady", (), trial=False)
    assert untold.says.startswith("No signal in what may be told: ")
