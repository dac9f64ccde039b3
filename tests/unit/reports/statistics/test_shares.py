"""Shares, distributions, and judging many tests together."""

import numpy as np
import pytest
from scipy import stats

from service.reports.statistics.distributions import (
    normal_quantile,
    normal_tail,
    student_quantile,
    student_tail,
)
from service.reports.statistics.fairness import cuts
from service.reports.statistics.multiple import holm
from service.reports.statistics.proportions import share, share_by_family
from service.reports.statistics.waits import FAMILIES, waits
from tests.unit.reports.statistics.simulation import siblings


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 7, 12, 39, 200])
def test_students_distribution_is_that_of_an_independent_library(freedom: int) -> None:
    for value in (0.0, 0.3, 1.0, 2.5, 8.0):
        assert student_tail(value, freedom) == pytest.approx(2 * stats.t.sf(value, freedom), rel=1e-6, abs=1e-12)
        assert student_tail(-value, freedom) == student_tail(value, freedom)
    for level in (0.6, 0.975, 0.9995):
        assert student_quantile(level, freedom) == pytest.approx(stats.t.ppf(level, freedom), rel=1e-6)


def test_without_freedom_nothing_is_known() -> None:
    assert student_tail(5, 0) == 1
    assert student_quantile(0.975, 0) == float("inf")


def test_the_normal_distribution_is_that_of_an_independent_library() -> None:
    assert normal_quantile(0.975) == pytest.approx(stats.norm.ppf(0.975))
    assert normal_tail(1.7) == pytest.approx(2 * stats.norm.sf(1.7))


@pytest.mark.parametrize(("met", "of"), [(0, 10), (3, 10), (10, 10), (812, 1000)])
def test_the_interval_of_independent_things_is_wilsons(met: int, of: int) -> None:
    wanted = stats.binomtest(met, of).proportion_ci(method="wilson")
    found = share(met, of)
    assert found is not None
    assert found.low == pytest.approx(wanted.low)
    assert found.high == pytest.approx(wanted.high)


def test_nothing_has_no_share() -> None:
    assert share(0, 0) is None
    assert share_by_family([0] * FAMILIES, [0] * FAMILIES) is None


def test_siblings_do_not_make_a_share_look_surer_than_it_is() -> None:
    random = np.random.default_rng(15)
    hits: list[bool] = []
    for _ in range(1500):
        incidents = 120
        children = random.integers(1, 5, incidents)
        met = np.where(random.random(incidents) < 0.8, children, 0)
        family = random.integers(0, FAMILIES, incidents)
        found = share_by_family(np.bincount(family, met, FAMILIES), np.bincount(family, children, FAMILIES))
        assert found is not None
        assert found.low is not None
        assert found.high is not None
        hits.append(found.low <= 0.8 <= found.high)
    assert 0.93 <= np.mean(hits) <= 0.97


def test_where_all_met_it_the_interval_counts_incidents() -> None:
    of = [5] * 10 + [0] * 30
    sure, unsure = share_by_family(of, of, incidents=40), share_by_family(of, of)
    assert sure is not None
    assert unsure is not None
    assert sure.low is not None
    assert unsure.low is not None
    assert unsure.low < sure.low < 1
    assert sure.high == 1
    alone = share_by_family([5], [5])
    assert alone is not None
    assert alone.low is None


def test_many_tests_together_claim_no_more_than_one() -> None:
    assert holm([0.2, 0.001, 0.02, 0.9]) == [False, True, False, False]
    assert holm([0.01, 0.02, 0.03]) == [True, True, True]
    assert holm([0.04, 0.04]) == [False, False]
    assert holm([]) == []


def test_a_category_that_waits_longer_is_found_and_the_unrecorded_stand_last() -> None:
    random = np.random.default_rng(16)
    groups = {
        "not_recorded": siblings(random, 150),
        "white": siblings(random, 400),
        "asian": siblings(random, 150, mean=6000),
        "nobody": waits([], []),
    }
    found = cuts(groups, 4000)
    assert [cut.category for cut in found] == ["white", "asian", "nobody", "not_recorded"]
    assert found[1].signal
    longer = found[1].longer
    assert longer is not None
    assert longer.value > 0
    assert found[2].left is None


@pytest.mark.soak
def test_categories_that_wait_alike_seldom_differ() -> None:
    random = np.random.default_rng(17)
    claimed = 0
    for _ in range(1000):
        groups = {name: siblings(random, 80) for name in ("a", "b", "c", "d", "not_recorded")}
        claimed += any(cut.signal for cut in cuts(groups, 4000))
    assert claimed <= 60
