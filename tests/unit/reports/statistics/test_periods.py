"""Current rates with delayed entry, and days without a time."""

import itertools
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from service.reports.statistics.bounds import centile_bounds
from service.reports.statistics.centiles import median
from service.reports.statistics.curves import TOLERANCE, curve
from service.reports.statistics.lifetable import in_period
from service.reports.statistics.waits import WAITING, waits

WEEK = 7 * 24 * 60


def test_a_period_counts_the_exits_and_the_waiting_that_fell_into_it() -> None:
    started = [0, 50, 120, 190, 250]
    minutes = [300, 30, 40, 110, 50]
    found = in_period(started, minutes, [1, 1, 2, 1, WAITING], since=100, until=200)
    assert found.entered is not None
    assert found.minutes.tolist() == [200, 40, 10]
    assert found.causes.tolist() == [WAITING, 2, WAITING]
    assert found.entered.tolist() == [100, -1, -1]


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 200)), max_size=30))
def test_every_exit_falls_into_exactly_one_period(found: list[tuple[int, int]]) -> None:
    started, minutes = [row[0] for row in found], [row[1] for row in found]
    ends = range(0, 501, 50)
    exits = sum(in_period(started, minutes, [1] * len(found), since=a, until=a + 50).exits for a in ends)
    assert exits == len(found)


def test_current_rates_show_a_change_that_cohorts_still_hide() -> None:
    """Until week 40 waits have a mean of one week; since then everybody, old or new, leaves half as fast."""
    random = np.random.default_rng(12)
    started = random.integers(0, 44 * WEEK, 4000)
    change = 40 * WEEK
    fast = random.exponential(WEEK, len(started)).astype(np.int64)
    late = random.exponential(2 * WEEK, len(started)).astype(np.int64)
    left = np.maximum(0, change - started)
    whole = np.where(fast < left, fast, left + late)
    now = 44 * WEEK
    minutes = np.minimum(whole, now - started)
    causes = np.where(whole <= now - started, 1, WAITING)
    found = median(curve(in_period(started, minutes, causes, since=change, until=now)))
    before = median(curve(in_period(started, minutes, causes, since=36 * WEEK, until=change)))
    for estimate, truth in ((found, 2 * WEEK * np.log(2)), (before, WEEK * np.log(2))):
        assert estimate.low is not None
        assert estimate.high is not None
        assert estimate.low <= truth <= estimate.high


uncertain = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 3), st.integers(0, 1), st.integers(1, 2)), min_size=1, max_size=5
)


@given(uncertain)
def test_bounds_are_the_extremes_of_everything_that_may_have_been(found: list[tuple[int, int, int, int]]) -> None:
    least, more, causes, counts = (list(column) for column in zip(*found, strict=True))
    most = [low + add for low, add in zip(least, more, strict=True)]
    bounds = centile_bounds(waits(least, causes, counts), most)
    medians = [
        median(curve(waits(lengths, causes, counts))).minutes
        for lengths in itertools.product(*(range(low, high + 1) for low, high in zip(least, most, strict=True)))
    ]
    known = [each for each in medians if each is not None]
    assert bounds.earliest == min(known, default=None)
    assert bounds.latest == (None if None in medians else max(known))


many = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 40), st.integers(0, 2), st.integers(1, 3)), min_size=1, max_size=40
)


@given(many, st.sampled_from([0.5, 0.9]))
def test_bounds_of_many_are_where_the_fitted_extremes_come_down(
    found: list[tuple[int, int, int, int]], share: float
) -> None:
    least, more, causes, counts = (np.array(column) for column in zip(*found, strict=True))
    most, gone = least + more, causes != WAITING

    def first(lengths: Callable[[int], npt.NDArray[np.int64]]) -> int | None:
        for minute in range(int(most.max()) + 1):
            then = curve(waits(lengths(minute), causes, counts))
            step = int(np.searchsorted(then.times, minute, side="right"))
            if step and then.waiting[step - 1] <= 1 - share + TOLERANCE:
                return minute
        return None

    bounds = centile_bounds(waits(least, causes, counts), most, share)
    assert bounds.earliest == first(lambda minute: np.where(gone & (least <= minute), np.minimum(most, minute), least))
    assert bounds.latest == first(lambda minute: np.where(gone & (most <= minute), least, most))


def test_known_times_have_one_median() -> None:
    rows = waits([5, 9, 20, 40], [1, 1, 1, WAITING], families=[1, 2, 3, 4])
    bounds, exact = centile_bounds(rows, rows.minutes), median(curve(rows))
    assert bounds.earliest == bounds.latest == exact.minutes


def test_bounds_of_nobody() -> None:
    bounds = centile_bounds(waits([], []), [])
    assert (bounds.earliest, bounds.latest) == (None, None)
