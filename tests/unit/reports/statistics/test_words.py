"""Estimates as people read them."""

import pytest

from service.reports.statistics import words
from service.reports.statistics.estimates import Centile, Estimate

DAY = 1440


def a_centile(minutes: int | None, low: int | None, high: int | None, at_least: int = 9 * DAY) -> Centile:
    return Centile(
        share=0.5, minutes=minutes, low=low, high=high, at_least=at_least, children=30, exits=20, families=20
    )


def an_estimate(value: float, low: float | None, high: float | None) -> Estimate:
    return Estimate(value=value, low=low, high=high, children=203, families=40)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "0 minutes"),
        (1, "1 minute"),
        (45, "45 minutes"),
        (870, "14.5 hours"),
        (8928, "6.2 days"),
        (2880, "2 days"),
        (1440, "24 hours"),
    ],
)
def test_lengths(minutes: float, said: str) -> None:
    assert words.length(minutes) == said


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (a_centile(4896, 4176, 5904), "3.4 days (2.9 to 4.1)"),
        (a_centile(4896, 4176, None), "3.4 days (2.9 or more)"),
        (a_centile(4896, None, 5904), "3.4 days (up to 4.1)"),
        (a_centile(4896, None, None), "3.4 days (too few incidents for an interval)"),
        (a_centile(None, None, None, 9071), "not yet estimable (at least 6.2 days)"),
        (a_centile(None, 600, None), "not yet estimable (at least 10 hours)"),
        (a_centile(None, None, None, 877), "not yet estimable (at least 14.6 hours)"),
        (a_centile(None, None, None, 875), "not yet estimable (at least 14.5 hours)"),
        (
            Centile(share=0.5, minutes=None, low=None, high=None, at_least=0, children=0, exits=0, families=0),
            "nobody to count",
        ),
    ],
)
def test_centiles(found: Centile, said: str) -> None:
    assert words.centile(found) == said


def test_shares() -> None:
    assert words.share(an_estimate(0.71, 0.64, 0.77)) == "71% (64% to 77%) of 203"
    assert words.share(an_estimate(0.71, None, None)) == "71% of 203"
    assert words.share(None) == "nobody to count"


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (an_estimate(0.12, 0.05, 0.19), "12 percentage points more (5 to 19)"),
        (an_estimate(-0.01, -0.19, -0.005), "1 percentage point fewer (0 to 19)"),
        (an_estimate(-0.03, -0.10, 0.04), "3 percentage points fewer (10 fewer to 4 more)"),
        (an_estimate(0.12, None, None), "12 percentage points more"),
        (None, "cannot be compared yet"),
    ],
)
def test_differences(found: Estimate | None, said: str) -> None:
    assert words.difference(found) == said


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (an_estimate(312, 66, 558), "5.2 hours longer (1.1 to 9.3)"),
        (an_estimate(-40, -120, 90), "40 minutes shorter (120 shorter to 90 longer)"),
        (an_estimate(-312, None, None), "5.2 hours shorter"),
        (None, "cannot be compared yet"),
    ],
)
def test_longer_and_shorter(found: Estimate | None, said: str) -> None:
    assert words.longer(found) == said
