"""Curves against an independent library, and what must hold of every curve."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

from service.reports.statistics.centiles import centiles, median
from service.reports.statistics.curves import curve
from service.reports.statistics.incidence import incidence, left_by_then, restricted_mean
from service.reports.statistics.waits import WAITING, Waits, together, waits

Rows = list[tuple[int, int, int, int]]
#: Minutes, cause, children, family.
rows = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 3), st.integers(1, 4), st.integers(0, 39)), min_size=1, max_size=40
)


def of(found: Rows) -> Waits:
    minutes, causes, counts, families = (list(column) for column in zip(*found, strict=True))
    return waits(minutes, causes, counts, families)


def simulated(seed: int, size: int = 3000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    wait = random.exponential(2000, size).astype(np.int64)
    limit = random.integers(100, 6000, size)
    cause = np.where(wait <= limit, random.integers(1, 4, size), WAITING)
    return np.minimum(wait, limit), cause, random.integers(0, 40, size)


def test_the_curve_is_that_of_an_independent_library() -> None:
    minutes, causes, families = simulated(1)
    mine = curve(waits(minutes, causes, families=families))
    theirs = SurvfuncRight(minutes, (causes != WAITING).astype(int))
    np.testing.assert_array_equal(mine.times, theirs.surv_times)
    np.testing.assert_allclose(mine.waiting, theirs.surv_prob, rtol=1e-10)
    np.testing.assert_array_equal(mine.at_risk, theirs.n_risk)
    for share in (0.25, 0.5, 0.75):
        assert centiles(mine, (share,))[0].minutes == theirs.quantile(share)


def test_delayed_entry_is_that_of_an_independent_library() -> None:
    minutes, causes, families = simulated(2)
    entered = np.random.default_rng(3).integers(0, 800, len(minutes))
    entered[::2] = 0
    mine = curve(waits(minutes, causes, families=families, entered=entered))
    begun = np.where(entered == 0, -1, entered)
    seen = begun < minutes
    theirs = SurvfuncRight(minutes[seen], (causes[seen] != WAITING).astype(int), entry=begun[seen])
    np.testing.assert_allclose(mine.waiting, theirs.surv_prob, rtol=1e-10)


def test_routes_are_those_of_an_independent_library() -> None:
    minutes, causes, families = simulated(4)
    mine = curve(waits(minutes, causes, families=families))
    theirs = CumIncidenceRight(minutes, causes)
    there = np.isin(theirs.times, mine.times)
    for cause in (1, 2, 3):
        np.testing.assert_allclose(incidence(mine, cause), theirs.cinc[cause - 1][there], rtol=1e-9, atol=1e-12)


def test_without_siblings_intervals_are_those_of_an_independent_library() -> None:
    minutes, causes, _ = simulated(5, 20_000)
    families = np.random.default_rng(6).integers(0, 40, len(minutes))
    mine = curve(waits(minutes, causes, families=families))
    theirs = SurvfuncRight(minutes, (causes != WAITING).astype(int))
    found = median(mine)
    low, high = theirs.quantile_ci(0.5, method="cloglog")
    assert found.low is not None
    assert found.high is not None
    # The error is estimated from 40 families, so that it has an error of its own of about a tenth.
    assert (found.high - found.low) / (high - low) == pytest.approx(1, abs=0.35)
    routes = CumIncidenceRight(minutes, causes)
    at = int(np.searchsorted(routes.times, 2000, side="right")) - 1
    estimate = left_by_then(mine, 2000, 2)
    assert estimate is not None
    assert estimate.value == pytest.approx(routes.cinc[1][at])
    assert estimate.error == pytest.approx(routes.cinc_se[1][at], rel=0.35)


@given(rows)
def test_counted_rows_are_repeated_rows(found: Rows) -> None:
    repeated = [(minutes, cause, 1, family) for minutes, cause, count, family in found for _ in range(count)]
    one, many = curve(of(found)), curve(of(repeated))
    np.testing.assert_allclose(one.waiting, many.waiting)
    assert median(one) == median(many)
    assert left_by_then(one, 10, 1) == left_by_then(many, 10, 1)


@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_means_nothing(found: Rows, random: "np.random.Generator") -> None:
    shuffled = list(found)
    random.shuffle(shuffled)
    assert centiles(curve(of(found)), (0.5, 0.9)) == centiles(curve(of(shuffled)), (0.5, 0.9))


@given(rows, st.integers(0, 80))
def test_fifty_old_children_still_waiting_never_lower_a_median(found: Rows, age: int) -> None:
    before = median(curve(of(found))).minutes
    after = median(curve(together(of(found), waits([age] * 50, [WAITING] * 50)))).minutes
    if before is None:
        assert after is None
    else:
        assert after is None or after >= before


@given(st.lists(st.integers(0, 100), min_size=1, max_size=50))
def test_with_nobody_waiting_the_curve_is_the_plain_share(minutes: list[int]) -> None:
    fitted = curve(waits(minutes, [1] * len(minutes)))
    for minute in range(0, 101, 10):
        share = sum(each > minute for each in minutes) / len(minutes)
        assert fitted.share_waiting(minute) == pytest.approx(share, abs=1e-9)
    middle = sorted(minutes)[(len(minutes) + 1) // 2 - 1]
    assert median(fitted).minutes == middle


@given(rows, st.integers(0, 60))
def test_routes_add_to_the_share_that_left(found: Rows, minutes: int) -> None:
    fitted = curve(of(found))
    whole = left_by_then(fitted, minutes)
    parts = [left_by_then(fitted, minutes, cause) for cause in (1, 2, 3)]
    if whole is None:
        assert parts == [None] * 3
    else:
        assert sum(part.value for part in parts if part) == pytest.approx(whole.value, abs=1e-9)


def test_one_route_alone_is_what_left() -> None:
    fitted = curve(of([(5, 2, 3, 1), (9, 0, 2, 2), (20, 2, 2, 3), (30, 0, 1, 4)]))
    np.testing.assert_allclose(incidence(fitted, 2), 1 - fitted.waiting)
    one, whole = left_by_then(fitted, 20, 2), left_by_then(fitted, 20)
    assert one is not None
    assert whole is not None
    assert one.low == pytest.approx(whole.low)
    assert one.high == pytest.approx(whole.high)


@given(rows)
@settings(max_examples=50)
def test_the_mean_up_to_a_horizon_is_the_area_below_the_curve(found: Rows) -> None:
    fitted = curve(of(found))
    mean = restricted_mean(fitted, 40)
    if mean is not None:
        shares = [fitted.share_waiting(minute) for minute in range(40)]
        assert mean.value == pytest.approx(sum(share for share in shares if share is not None))


def test_a_median_that_the_curve_does_not_reach_is_not_made_up() -> None:
    found = median(curve(waits([10, 20, 8928], [1, 1, WAITING], [1, 1, 8])))
    assert found.minutes is None
    assert found.at_least == 8928


def test_nobody_at_all() -> None:
    found = median(curve(waits([], [])))
    assert (found.minutes, found.low, found.high, found.children) == (None, None, None, 0)
    assert left_by_then(curve(waits([], [])), 5) is None


def test_a_few_early_rows_do_not_end_a_curve_that_others_enter_later() -> None:
    early = waits([10, 12], [1, 1], [1, 1], [0, 1], [0, 0])
    later = waits([900, 950, 999], [1, 1, WAITING], [5, 5, 5], [2, 3, 4], [100, 200, 300])
    fitted = curve(together(early, later))
    assert fitted.last == 11
    assert median(fitted).minutes == 10
    assert fitted.share_waiting(950) is None


@pytest.mark.parametrize(
    ("minutes", "causes", "counts"),
    [([1, 2], [1], None), ([-1], [1], None), ([1], [1], [-2]), ([1], [1], [0.5])],
)
def test_columns_that_make_no_sense_are_refused(
    minutes: list[int], causes: list[int], counts: list[float] | None
) -> None:
    with pytest.raises(ValueError, match=r"columns|whole|negative"):
        waits(minutes, causes, counts)
