"""What is wrong with a notice, told field by field."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from schema.notices import Notice, NoticeChild, When
from service.intake.notices.rules import arrivals, wrong_with

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)


def notice(**more: Any) -> Notice:
    said: dict[str, Any] = {
        "reference": "06DA/1/26",
        "force": "gmp",
        "area": "359",
        "grade": "medium",
        "police_attended": at(9, 46),
        "children": [NoticeChild(given_names="Ewan")],
    }
    return Notice(**said | more)


def at(hour: int, minute: int, second: int = 0, precision: Any = "minute") -> When:
    return When(at=datetime(2026, 11, 3, hour, minute, second, tzinfo=UTC), precision=precision)


def day(of_november: int) -> When:
    return When(on=date(2026, 11, of_november))


def wrong(said: Notice) -> list[str]:
    return [each.field for each in wrong_with(said, NOW, {"359": "Wigan"}, {"gmp": "Greater Manchester Police"})]


@pytest.mark.parametrize(
    ("submitted", "asked"),
    [
        (at(9, 45), True),
        (at(9, 46), False),
        (day(2), True),
        (day(3), False),
        (day(4), False),
    ],
)
def test_an_impossible_order_is_asked_about_also_where_only_the_day_is_known(submitted: When, asked: bool) -> None:
    said = notice(notice_submitted=submitted)
    assert wrong(said) == (["notice_submitted"] if asked else [])
    assert not wrong(notice(notice_submitted=submitted, order_confirmed=True))


def test_a_day_between_two_times_hides_no_disorder() -> None:
    said = notice(police_reported=at(10, 0), police_attended=day(3), notice_submitted=at(9, 0))
    assert wrong(said) == ["notice_submitted"]


def test_a_time_to_the_minute_is_not_before_a_second_of_that_minute() -> None:
    assert not wrong(notice(police_attended=at(9, 46, 30, "second"), notice_submitted=at(9, 46)))


def test_control_characters_are_found_in_every_text_there_is() -> None:
    child = NoticeChild(given_names="Ewan", ethnicity="\0", safe_contact="after\x1bschool")
    assert wrong(notice(children=[child], district="\x07")) == [
        "district",
        "children[0].ethnicity",
        "children[0].safe_contact",
    ]


def test_a_reference_is_the_same_one_however_it_is_spaced() -> None:
    assert arrivals(notice(reference=" 06DA/1  26\t"), "typed")[0].reference == "06DA/1 26"
