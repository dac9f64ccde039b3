"""Intervals hold the truth as often as they say, although siblings share their fate."""

import math

import numpy as np
import pytest

from service.reports.statistics.centiles import centiles, median
from service.reports.statistics.comparison import chance, difference_left, difference_mean
from service.reports.statistics.curves import curve
from service.reports.statistics.estimates import Centile, Estimate
from service.reports.statistics.incidence import left_by_then, restricted_mean
from service.reports.statistics.waits import waits
from tests.unit.reports.statistics.simulation import FIRST, MEAN, share_gone, siblings

HORIZON = 4000


def around(estimate: Estimate | None, truth: float) -> bool:
    assert estimate is not None
    assert estimate.low is not None
    assert estimate.high is not None
    return estimate.low <= truth <= estimate.high


def reaches(found: Centile) -> bool:
    """Whether the true wait lies in the interval; an end that is not known bounds nothing."""
    truth = int(-math.log(1 - found.share) * MEAN)
    return (found.low is None or found.low <= truth) and (found.high is None or truth <= found.high)


def coverage(incidents: int, times: int) -> dict[str, float]:
    random = np.random.default_rng(7)
    hits: dict[str, list[bool]] = {
        name: [] for name in ("median", "ninth tenth", "left", "route", "mean", "difference of shares", "of means")
    }
    for _ in range(times):
        fitted, other = curve(siblings(random, incidents)), curve(siblings(random, incidents))
        half, most = centiles(fitted, (0.5, 0.9))
        hits["median"].append(reaches(half))
        hits["ninth tenth"].append(reaches(most))
        hits["left"].append(around(left_by_then(fitted, HORIZON), share_gone(HORIZON)))
        hits["route"].append(around(left_by_then(fitted, HORIZON, 1), FIRST * share_gone(HORIZON)))
        hits["mean"].append(around(restricted_mean(fitted, HORIZON), MEAN * share_gone(HORIZON - 1)))
        hits["difference of shares"].append(around(difference_left(fitted, other, HORIZON), 0))
        hits["of means"].append(around(difference_mean(fitted, other, HORIZON), 0))
    return {name: sum(each) / times for name, each in hits.items()}


@pytest.mark.parametrize("incidents", [100, 400])
def test_intervals_hold_the_truth_in_95_of_100_reports(incidents: int) -> None:
    found = coverage(incidents, 800 if incidents == 100 else 600)
    assert all(0.93 <= share <= 0.97 for share in found.values()), found


@pytest.mark.soak
@pytest.mark.parametrize("incidents", [40, 80, 200, 600])
def test_intervals_hold_the_truth_whatever_the_number_of_incidents(incidents: int) -> None:
    found = coverage(incidents, 4000)
    assert all(0.92 <= share <= 0.98 for share in found.values()), found


def test_a_second_child_who_shares_the_wait_of_the_first_adds_no_certainty() -> None:
    once = siblings(np.random.default_rng(8), 60)
    twice = waits(once.minutes, once.causes, 2 * once.counts, once.families)
    first, second = median(curve(once)), median(curve(twice))
    assert (first.minutes, first.low, first.high) == (second.minutes, second.low, second.high)
    assert second.children == 2 * first.children


def test_a_real_difference_is_found_and_none_is_not() -> None:
    random = np.random.default_rng(9)
    before, same = curve(siblings(random, 300)), curve(siblings(random, 300))
    longer = curve(siblings(random, 300, mean=2 * MEAN))
    slower, unchanged = difference_left(longer, before, HORIZON), difference_left(same, before, HORIZON)
    assert slower is not None
    assert unchanged is not None
    assert slower.high is not None
    assert slower.high < 0
    assert chance(slower) < 0.001
    assert unchanged.low is not None
    assert unchanged.high is not None
    assert unchanged.low < 0 < unchanged.high
    assert chance(unchanged) > 0.05


def test_a_child_who_is_in_both_groups_moves_both() -> None:
    here = curve(siblings(np.random.default_rng(10), 100))
    none = difference_left(here, here, HORIZON)
    assert none is not None
    assert none.value == 0
    assert none.low == none.high == 0


def test_cohorts_are_compared_over_what_all_could_reach() -> None:
    young = curve(waits([5, 9], [1, 0]))
    assert difference_left(young, young, 4000) is None
    assert difference_mean(young, young, 4000) is None


def test_one_family_alone_has_no_interval() -> None:
    fitted = curve(waits([5, 9, 20], [1, 1, 0], families=[3, 3, 3]))
    found, left = median(fitted), left_by_then(fitted, 9)
    assert (found.minutes, found.low, found.high) == (9, None, None)
    assert left is not None
    assert (left.low, left.high, left.error) == (None, None, None)
    assert chance(left) == 1
