"""XmR charts, against published numbers.

Published: NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2 (flow rates); NHSRplotthedots, the limits it prints
for the first twenty standard normal numbers of R's ``set.seed(123)``; Montgomery, Introduction to Statistical Quality
Control, times between valve failures with their transformed values.
"""

from datetime import date, timedelta

import numpy as np
import pytest

from service.reports.statistics import rare, series, xmr
from service.reports.statistics.stocks import net_change
from service.reports.statistics.variation import assurance, assurance_words, variation, variation_words
from service.reports.statistics.xmr import Change, Limits, Point, chart, limits, signals

FLOW_RATES = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
SEED_123 = [
    *(-0.56047565, -0.23017749, 1.55870831, 0.07050839, 0.12928774, 1.71506499, 0.46091621, -1.26506123, -0.68685285),
    *(-0.44566197, 1.22408180, 0.35981383, 0.40077145, 0.11068272, -0.55584113, 1.78691314, 0.49785048, -1.96661716),
    *(0.70135590, -0.47279141),
]
VALVES = [286, 948, 536, 124, 816, 729, 4, 143, 431, 8, 2837, 596, 81, 227, 603, 492, 1199, 1214, 2831, 96]
MONDAY = date(2026, 1, 5)


def weekly(values: list[float | None]) -> list[Point]:
    return [Point(begins=MONDAY + timedelta(weeks=n), value=value) for n, value in enumerate(values)]


def around(centre: float, distance: float) -> Limits:
    return Limits(
        centre=centre,
        low=centre - distance,
        high=centre + distance,
        near_low=centre - distance * 2 / 3,
        near_high=centre + distance * 2 / 3,
        points=26,
        trial=False,
    )


def rules(values: list[float], drawn: Limits | None = None) -> list[tuple[str, int, int, str]]:
    found = signals(values, drawn or around(0, 3))
    return [(each.rule, each.first, each.last, each.direction) for each in found]


def test_limits_are_those_of_the_engineering_handbook() -> None:
    found = limits(FLOW_RATES, wild=False)
    assert found is not None
    assert found.centre == pytest.approx(50.81)
    # The handbook divides by 1.128 where tables of factors round to 2.66.
    assert found.high == pytest.approx(55.8041, abs=0.002)
    assert found.low == pytest.approx(45.8159, abs=0.002)
    assert found.trial


@pytest.mark.parametrize(
    ("values", "centre", "low", "high"),
    [
        (SEED_123, 0.142, -3.01, 3.29),
        (SEED_123[:10], 0.0746, -2.60, 2.75),
        (SEED_123[10:], 0.209, -3.28, 3.70),
    ],
)
def test_limits_are_those_of_making_data_count(values: list[float], centre: float, low: float, high: float) -> None:
    found = limits(values)
    assert found is not None
    assert found.centre == pytest.approx(centre, rel=5e-3)
    assert found.low == pytest.approx(low, rel=5e-3)
    assert found.high == pytest.approx(high, rel=5e-3)


def test_times_between_failures_are_transformed_as_published() -> None:
    # The book raises to 0.2777.
    np.testing.assert_allclose(rare.transformed(VALVES[:4]), [4.80986, 6.70903, 5.72650, 3.81367], rtol=1e-3)
    found = rare.time_limits(VALVES)
    assert found is not None
    assert found.low == 0
    assert found.centre == pytest.approx(5.3866**3.6, rel=5e-3)
    assert found.high == pytest.approx(11.662**3.6, rel=5e-3)


def test_two_values_make_no_limits() -> None:
    assert limits([1, 2]) is None
    assert rare.time_limits([1, 2]) is None
    assert chart([]).limits is None
    assert chart(weekly([1, 2])).signals == ()


def test_a_count_has_no_limit_below_nought_and_a_share_none_above_one() -> None:
    found = limits([1, 5, 1, 5], floor=0)
    assert found is not None
    assert found.low == found.near_low == 0
    found = limits([0.9, 1, 0.9, 1], ceiling=1)
    assert found is not None
    assert found.high == 1


def test_limits_from_fewer_than_twelve_weeks_are_trial_limits() -> None:
    eleven, twelve = limits(range(11)), limits(range(12))
    assert eleven is not None
    assert twelve is not None
    assert eleven.trial
    assert not twelve.trial


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ([0, 4, 0], [("outside", 1, 1, "up")]),
        ([0, -4, 0], [("outside", 1, 1, "down")]),
        ([1] * 6 + [-1], []),
        ([1] * 8 + [-1], [("shift", 0, 7, "up")]),
        ([-1] * 7, [("shift", 0, 6, "down")]),
        ([1] * 3 + [0] + [1] * 4, []),
        ([n / 10 - 0.3 for n in range(6)], []),
        ([n / 10 - 0.3 for n in range(7)], [("trend", 0, 6, "up")]),
        ([0.3 - n / 10 for n in range(7)], [("trend", 0, 6, "down")]),
        ([0.2, *(n / 10 - 0.3 for n in range(7)), -0.1], [("trend", 1, 7, "up")]),
        ([-0.3, -0.2, -0.1, -0.1, 0.1, 0.2, 0.3], []),
        ([2.5, 0, 2.5], [("two_of_three", 0, 2, "up")]),
        ([0, 2.5, 2.5, 0], [("two_of_three", 1, 2, "up")]),
        ([2.5, 0, 0, 2.5], []),
        ([2.5, -2.5, 0], []),
        ([], []),
    ],
)
def test_rules(values: list[float], wanted: list[tuple[str, int, int, str]]) -> None:
    assert rules(values) == wanted


def test_a_baseline_stays_when_the_process_moves() -> None:
    steady = [10.0, 12, 11, 9, 10, 11, 12, 10, 9, 11, 10, 12, 11]
    found = chart(weekly([*steady, *[30.0] * 12]), baseline=13)
    alone = chart(weekly(list(steady)), baseline=13)
    assert found.limits == alone.limits
    assert variation(found, "down")[0] == "worsening"


def test_only_a_person_begins_a_new_baseline() -> None:
    values: list[float | None] = [10, 12, 11, 9, 10, 11, 12, 10, 9, 11, 10, 12, *[20, 21, 19, 22] * 3]
    told = Change(on=MONDAY + timedelta(weeks=12), words="A second triage desk opened")
    decided = Change(on=told.on, words=told.words, new_baseline=True)
    assert len(chart(weekly(values), changes=[told]).spans) == 1
    found = chart(weekly(values), changes=[decided])
    assert [(span.first, span.last) for span in found.spans] == [(0, 11), (12, 23)]
    assert variation(found, "down")[0] == "steady"


def test_weeks_that_are_left_out_count_nowhere_and_are_drawn() -> None:
    quiet = [10.0, 12, 11, 9, 10, 11, 12, 10, 9, 11, 10, 12]
    points = weekly(list(quiet))
    late = Point(begins=MONDAY + timedelta(weeks=12), value=99, left_out=series.UNSETTLED)
    found = chart([*points, late])
    assert found.limits == chart(points).limits
    assert found.signals == ()
    assert found.points[-1].value == 99
    missing = chart([*points, Point(begins=MONDAY, value=None)])
    assert variation(missing, None)[0] == "steady"


def test_variation_says_what_the_latest_value_shows() -> None:
    high = [10.0, 12, 11, 9, 10, 11, 12, 10, 9, 11, 10, 12, 30]
    assert variation(chart(weekly(list(high)), baseline=12), "down") == ("worsening", ("outside",))
    assert variation(chart(weekly(list(high)), baseline=12), "up") == ("improving", ("outside",))
    assert variation(chart(weekly(list(high)), baseline=12), None) == ("up", ("outside",))
    assert variation(chart(weekly([])), None) == ("not_known", ())
    said = variation_words("worsening", ("outside",), trial=True)
    assert said == (
        "Lately it is worse, by more than its usual variation (a value outside the limits)."
        " The limits are trial limits, from fewer than 12 values."
    )
    assert variation_words("steady") == "No signal: it varies as it usually does."


@pytest.mark.parametrize(
    ("drawn", "better", "wanted"),
    [
        (around(2, 1), "up", "fails"),
        (around(6, 1), "up", "meets"),
        (around(4, 1), "up", "hit_and_miss"),
        (around(2, 1), "down", "meets"),
        (around(6, 1), "down", "fails"),
        (around(4, 1), "down", "hit_and_miss"),
        (None, "up", "not_known"),
    ],
)
def test_assurance(drawn: Limits | None, better: xmr.Direction, wanted: str) -> None:
    assert assurance(drawn, 4, better) == wanted


def test_assurance_in_words() -> None:
    assert assurance_words("fails") == "As it is, somebody will be past the limit in every week, unless it is changed."
    assert assurance_words("meets", "four weeks").endswith("in every period of four weeks.")


def tally(n: int, events: int, of: int | None = None, **more: bool) -> series.Tally:
    return series.Tally(begins=MONDAY + timedelta(weeks=n), events=events, of=of, **more)


def test_few_events_a_week_are_taken_together_or_charted_by_the_time_between() -> None:
    assert series.grain([tally(n, 12) for n in range(8)]) == "weeks"
    assert series.grain([tally(n, 3) for n in range(8)]) == "four_weeks"
    assert series.grain([tally(n, n % 2) for n in range(8)]) == "between_events"
    assert series.grain([tally(n, 1, 12) for n in range(8)]) == "weeks"
    assert series.grain([]) == "between_events"
    weeks = [tally(n, 3, 5, bank_holiday=n == 4) for n in range(9)] + [tally(9, 1, 1, complete=False, settled=False)]
    together = series.four_weeks(weeks)
    assert [(each.begins, each.events, each.of, each.weeks) for each in together] == [
        (MONDAY + timedelta(weeks=1), 12, 20, 4),
        (MONDAY + timedelta(weeks=5), 12, 20, 4),
    ]
    assert together[0].bank_holiday
    assert not together[1].bank_holiday


def test_a_week_whose_limit_has_not_passed_is_left_out_of_shares_but_not_of_flows() -> None:
    weeks = [tally(0, 8, 10), tally(1, 5, 6, settled=False), tally(2, 0, 0), tally(3, 4, 5, complete=False)]
    shares = series.share_points(weeks)
    assert [point.left_out for point in shares] == [None, series.UNSETTLED, series.NOBODY, series.UNFINISHED]
    assert shares[0].value == 0.8
    flows = series.flow_points([tally(0, 8, settled=False, bank_holiday=True), tally(1, 5, complete=False)])
    assert [point.left_out for point in flows] == [None, series.UNFINISHED]
    assert flows[0].marks == (series.BANK_HOLIDAY,)


def test_a_long_quiet_between_rare_events_is_a_signal() -> None:
    random = np.random.default_rng(13)
    days = np.cumsum(np.maximum(1, random.exponential(9, 30).astype(int)))
    events = [MONDAY + timedelta(days=int(day)) for day in days]
    assert rare.time_chart(events).signals == ()
    late = rare.time_chart([*events, events[-1] + timedelta(days=150)])
    assert late.signals[-1].rule == "outside"
    assert late.signals[-1].direction == "up"
    assert late.points[-1].value == 150
    assert late.limits is not None
    assert late.limits.high < 150


def test_durations_are_compared_as_the_logarithm_of_hours() -> None:
    assert series.log_hours(60) == 0
    assert series.log_hours(24 * 60) - series.log_hours(12 * 60) == pytest.approx(series.log_hours(120))
    assert series.log_hours(0) == series.log_hours(1)


def test_a_growing_stock_is_told_by_its_weekly_net_change() -> None:
    random = np.random.default_rng(14)
    steady = [100 + int(step) for step in np.cumsum(random.normal(0, 5, 26))]
    growing = [value + 4 * n for n, value in enumerate(steady)]
    still, up = net_change(steady), net_change(growing)
    assert still is not None
    assert up is not None
    assert still.chance > 0.05
    assert up.chance < 0.01
    assert up.low is not None
    assert up.low > 0
    assert up.weekly == pytest.approx(still.weekly + 4)
    assert net_change([1, 2, 3]) is None
    same = net_change([5] * 10)
    assert same is not None
    assert (same.weekly, same.chance) == (0, 1)
