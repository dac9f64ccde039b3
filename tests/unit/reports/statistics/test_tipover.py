"""What goes late: the certain part exactly, the estimated part as often as it says."""

import numpy as np
import pytest

from service.reports.statistics.lifetable import in_period
from service.reports.statistics.tipover import Cases, forecast, pace_until, tip_over
from service.reports.statistics.waits import FAMILIES, WAITING, Floats, Mask, Waits, waits

DAY = 1440
NOW = 120 * DAY
LIMIT = 3 * DAY


def past_and_future(random: np.random.Generator, arrivals: int = 3000) -> tuple[Cases, Waits, Mask]:
    """A queue of incidents that leave slower the longer they wait; who waits now, the last weeks, and who goes late."""
    started = np.sort(random.integers(0, NOW, arrivals))
    whole = (3500 * random.weibull(0.8, arrivals)).astype(np.int64)
    waiting = started + whole > NOW
    family = random.integers(0, FAMILIES, arrivals)
    minutes = np.minimum(whole, NOW - started)
    lately = in_period(
        started, minutes, np.where(waiting, WAITING, 1), since=NOW - 56 * DAY, until=NOW, families=family
    )
    age = (NOW - started)[waiting]
    cases = Cases(
        age=age,
        due_in=LIMIT - age,
        group=np.zeros(len(age), np.int64),
        incident=np.arange(len(age)),
    )
    return cases, lately, whole[waiting] > LIMIT


def test_what_falls_due_is_certain() -> None:
    cases = Cases(
        age=np.array([10, 20, 30, 40, 50]),
        due_in=np.array([-5, 0, 59, 60, 600]),
        group=np.zeros(5, np.int64),
        incident=np.arange(5),
    )
    found = tip_over(cases, {}, 60)
    assert (found.already, found.falling_due, found.by_age_only) == (1, 2, 2)
    assert (found.expected, found.low, found.high) == (None, None, None)


def test_below_fifty_that_left_nothing_is_estimated() -> None:
    cases, _, _ = past_and_future(np.random.default_rng(22))
    few, enough = (waits(160 * np.arange(left), np.ones(left)) for left in (49, 50))
    assert tip_over(cases, {0: few}, DAY).expected is None
    assert tip_over(cases, {0: enough}, DAY).expected is not None


def test_groups_without_a_past_count_in_full() -> None:
    random = np.random.default_rng(23)
    cases, lately, _ = past_and_future(random)
    mixed = Cases(age=cases.age, due_in=cases.due_in, group=np.arange(len(cases.age)) % 2, incident=cases.incident)
    whole, half = tip_over(cases, {0: lately}, DAY), tip_over(mixed, {0: lately}, DAY)
    assert whole.expected is not None
    assert half.expected is not None
    assert half.by_age_only > 0
    assert whole.expected < half.expected <= half.falling_due == whole.falling_due


def test_chances_come_true_as_often_as_they_say() -> None:
    random = np.random.default_rng(24)
    said: list[Floats] = []
    came: list[Mask] = []
    held: list[bool] = []
    for _ in range(200):
        cases, lately, late = past_and_future(random)
        due = (cases.due_in >= 0) & (cases.due_in < 2 * DAY)
        chance, _ = forecast(cases, {0: lately}, due, np.ones(len(cases.age)))
        known = ~np.isnan(chance)
        said.append(chance[known])
        came.append(late[known])
        found = tip_over(cases, {0: lately}, 2 * DAY)
        assert found.low is not None
        assert found.high is not None
        assert found.expected == pytest.approx(float(chance[known].sum()))
        held.append(found.low <= late[known].sum() <= found.high)
    everybody, outcomes = np.concatenate(said), np.concatenate(came)
    for band in range(10):
        here = (everybody >= band / 10) & (everybody < (band + 1) / 10)
        if here.sum() > 300:
            assert outcomes[here].mean() == pytest.approx(everybody[here].mean(), abs=0.04), band
    assert 0.85 <= np.mean(held) <= 0.97


def test_siblings_who_go_late_together_widen_the_range() -> None:
    random = np.random.default_rng(25)
    cases, lately, _ = past_and_future(random)
    pairs = Cases(age=cases.age, due_in=cases.due_in, group=cases.group, incident=cases.incident // 3)
    alone, together = tip_over(cases, {0: lately}, DAY), tip_over(pairs, {0: lately}, DAY)
    assert alone.expected == together.expected
    assert alone.low is not None
    assert together.low is not None
    assert together.low < alone.low


def test_less_is_done_at_night() -> None:
    by_hour = np.zeros(168)
    for day in range(5):
        by_hour[24 * day + 9 : 24 * day + 17] = 21.0
    at_work, at_night = pace_until(by_hour, 10, [60, 120]), pace_until(by_hour, 18, [60, 15 * 60, 16 * 60])
    np.testing.assert_allclose(at_work, [4.2, 4.2])
    np.testing.assert_allclose(at_night, [0, 0, 4.2 / 16], atol=1e-12)
    np.testing.assert_allclose(pace_until(by_hour, 0, [168 * 60, 336 * 60, 0]), [1, 1, 1])
    np.testing.assert_allclose(pace_until(np.zeros(168), 5, [60]), [1])
    cases, lately, _ = past_and_future(np.random.default_rng(26))
    slow = tip_over(cases, {0: lately}, DAY, np.full(len(cases.age), 0.1))
    usual = tip_over(cases, {0: lately}, DAY)
    assert slow.expected is not None
    assert usual.expected is not None
    assert usual.expected < slow.expected <= slow.falling_due


def test_nobody_waits() -> None:
    none = np.zeros(0, np.int64)
    found = tip_over(Cases(age=none, due_in=none, group=none, incident=none), {}, DAY)
    assert (found.already, found.falling_due, found.expected) == (0, 0, None)
