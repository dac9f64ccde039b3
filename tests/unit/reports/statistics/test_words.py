"""Estimates as people read them."""

import pytest

from service.reports.statistics import words


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
        ((4896, 4176, 5904), "3.4 days (2.9 to 4.1)"),
        ((4896, 4176, None), "3.4 days (2.9 or more)"),
        ((4896, None, 5904), "3.4 days (up to 4.1)"),
        ((4896, None, None), "3.4 days"),
    ],
)
def test_an_interval_is_told_in_the_unit_of_its_estimate(
    found: tuple[float, float | None, float | None], said: str
) -> None:
    assert words.with_interval(*found) == said


@pytest.mark.parametrize(
    ("minutes", "said"), [(9071, "6.2 days"), (600, "10 hours"), (877, "14.6 hours"), (875, "14.5 hours")]
)
def test_what_is_at_least_known_is_never_rounded_up(minutes: float, said: str) -> None:
    assert words.at_least(minutes) == said
