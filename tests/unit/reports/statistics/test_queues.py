"""Queues against published worked examples, and futures that hold what happens.

Published: the example of Fong et al. (medRxiv 2022.08.23.22279117) and the numbers in NHSRwaitinglist's documentation
and tests (MIT): a waiting list of 1,200 with 30 joining and 27 leaving a week and a target of 52 weeks.
"""

import numpy as np
import pytest

from service.reports.statistics import queueing
from service.reports.statistics.whatif import Change, Flow, outlook


def test_the_published_example() -> None:
    # Few of those who may wait 52 weeks wait longer where 30 join a week and 390 wait.
    assert queueing.relief_capacity(30, 1200, 390, 26) == pytest.approx(61.15385, abs=1e-5)


@pytest.mark.parametrize(
    ("demand", "queue", "target", "time", "wanted"),
    [(30, 1200, 390, 26, 61.153846), (33, 800, 200, 30, 53), (35, 250, 100, 15, 45)],
)
def test_published_relief_capacities(demand: float, queue: float, target: float, time: float, wanted: float) -> None:
    assert queueing.relief_capacity(demand, queue, target, time) == pytest.approx(wanted)


def test_nothing_is_cleared_by_now() -> None:
    with pytest.raises(ValueError, match="by now"):
        queueing.relief_capacity(1, 2, 0, 0)


def test_when_it_clears_with_the_range_of_the_rate() -> None:
    found = queueing.clearing(60, 3, slowest=-1, fastest=6)
    assert (found.time, found.earliest, found.latest) == (20, 10, None)
    assert queueing.clearing(60, -3).time is None
    assert queueing.clearing(0, -3).time == 0
    assert queueing.clearing(60, 3, size=30).time == 10
    assert queueing.implied_caseload(4, 20) == 80


def test_steady_weeks_follow_the_arithmetic() -> None:
    flow = Flow(noun="children waiting for a decision", waiting=1200, arrived=(30,) * 12, left=(27,) * 12)
    more = queueing.relief_capacity(30, 1200, 390, 26) - 27
    found = outlook(flow, Change(lever="triage_hours", amount=more / 2, each=2), weeks=26)
    assert found is not None
    assert found.present[-1].low == found.present[-1].high == 1200 + 3 * 26
    assert found.changed[-1].low == found.changed[-1].high == 390
    assert found.fewer.middle == 888
    assert found.clears is None


def test_the_range_says_when_it_clears_and_what_is_assumed() -> None:
    random = np.random.default_rng(18)
    flow = Flow(
        noun="unallocated children",
        waiting=60,
        arrived=tuple(random.poisson(20, 26).tolist()),
        left=tuple(random.poisson(20, 26).tolist()),
    )
    found = outlook(flow, Change(lever="allocations", amount=6, after=1))
    assert found is not None
    assert found.clears is not None
    early, late = found.clears_by
    assert early is not None
    assert early < found.clears
    assert late is None or late > found.clears
    assert found.changed[-1].middle < found.present[-1].middle
    assert found.present[0] == found.changed[0]
    assert found.assumptions[0] == "6 allocations more each week. It begins after 1 week."
    assert found == outlook(flow, Change(lever="allocations", amount=6, after=1))


def test_a_lower_threshold_lets_more_in() -> None:
    flow = Flow(noun="unallocated children", waiting=10, arrived=(30,) * 10, left=(30,) * 10, decided=(100,) * 10)
    found = outlook(flow, Change(lever="threshold", amount=0.7), weeks=10)
    assert found is not None
    assert found.present[-1].low <= 10 <= found.present[-1].high
    assert found.changed[-1].middle == pytest.approx(10 + 40 * 10, rel=0.05)
    assert found.assumptions[0] == "70% of contacts are let in instead of 30%; as many contacts are decided as now."
    for wrong in (Change(lever="threshold", amount=7), Change(lever="threshold", amount=-0.1)):
        with pytest.raises(ValueError, match="between 0 and 1"):
            outlook(flow, wrong)


def test_a_short_past_tells_nothing() -> None:
    flow = Flow(noun="children", waiting=5, arrived=(1,) * 7, left=(1,) * 7)
    assert outlook(flow, Change(lever="meeting_slots", amount=1)) is None


def test_nine_in_ten_real_futures_lie_in_the_range() -> None:
    random = np.random.default_rng(19)
    held = 0
    for _ in range(200):
        past_in, past_out = random.poisson(20, 26), random.poisson(18, 26)
        flow = Flow(noun="children", waiting=80, arrived=tuple(past_in.tolist()), left=tuple(past_out.tolist()))
        found = outlook(flow, Change(lever="meeting_slots", amount=1), weeks=8)
        assert found is not None
        future = 80 + int(random.poisson(20, 8).sum()) - int(random.poisson(18, 8).sum())
        held += found.present[-1].low <= future <= found.present[-1].high
    assert 0.84 <= held / 200 <= 0.96
