"""Whether a child as typed may be one who is known."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from service.children.likeness import Known, Said, alike, matches, turned

BORN = date(2012, 3, 4)


def known(family: str = "Sutton", given: str = "Tomasz", born: date | None = BORN, number: int = 1) -> Known:
    return Known(child=UUID(int=number), family_name=family, given_names=given, date_of_birth=born)


def said(family: str = "Sutton", given: str = "Tomasz", born: date | None = BORN) -> Said:
    return Said(family_name=family, given_names=given, date_of_birth=born)


def test_the_same_name_in_another_spelling_and_date_of_birth_is_a_match() -> None:
    found = matches(said("O'Brien", "Siân"), [known("OBRIEN", "Sian")])
    assert found.status == "match"
    assert found.candidates[0].reasons == ("Same name.", "Same date of birth.")


def test_two_exact_ones_are_many_and_nobody_is_chosen() -> None:
    assert matches(said(), [known(number=1), known(number=2)]).status == "many"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        (said(given="Tomas"), "Given names similar: Tomasz on record."),
        (said(born=date(2012, 4, 3)), "Day and month the other way round: 4 Mar 2012 on record."),
        (said(born=date(2012, 3, 14)), "One figure of the date of birth is another: 4 Mar 2012 on record."),
        (
            said(given="Tomas", born=date(2013, 3, 4)),
            "One figure of the date of birth is another: 4 Mar 2012 on record.",
        ),
        (said(born=BORN + timedelta(days=120)), "Born 120 days apart: 4 Mar 2012 on record."),
        (said("Tomasz", "Sutton"), "Family and given names the other way round."),
        (said("Kelly"), "Same given names, another family name: Sutton on record."),
        (said(born=None), "Born 4 Mar 2012; no date of birth typed."),
    ],
)
def test_what_is_near_is_possible_and_explained(typed: Said, reason: str) -> None:
    found = matches(typed, [known()])
    assert found.status == "possible"
    assert reason in found.candidates[0].reasons


@pytest.mark.parametrize(
    "typed",
    [
        said(given="Nia"),
        said(born=BORN + timedelta(days=200)),
        said("Kelly", "Nia"),
        said(given="Tomas", born=BORN + timedelta(days=40)),
    ],
)
def test_a_twin_and_a_stranger_are_not_offered(typed: Said) -> None:
    assert matches(typed, [known()]).status == "none"


def test_the_likeliest_stands_first_and_no_more_than_five() -> None:
    many = [known(given="Tomas", number=n) for n in range(2, 12)]
    found = matches(said(given="Tomaz"), [*many, known(given="Tomaz", born=date(2012, 4, 3), number=1)])
    assert len(found.candidates) == 5
    assert found.candidates[0].known.child == UUID(int=1)


def test_dates_that_are_only_near_are_offered_to_who_types_and_asked_of_nobody_else() -> None:
    asked = {days: matches(said(born=BORN + timedelta(days=days)), [known()]).candidates[0] for days in (0, 10, 120)}
    assert {days: each.worth_asking for days, each in asked.items()} == {0: True, 10: True, 120: False}
    assert asked[0].score > asked[10].score > asked[120].score


def test_days_are_turned_only_where_that_is_another_date() -> None:
    assert turned(date(2012, 3, 4)) == date(2012, 4, 3)
    assert turned(date(2012, 3, 13)) is None
    assert turned(date(2012, 3, 3)) is None


@pytest.mark.parametrize(
    ("one", "other", "how"), [("Tom", "Tommy", "similar"), ("", "", "different"), ("Al", "Alan", "different")]
)
def test_names_are_the_same_similar_or_different(one: str, other: str, how: str) -> None:
    assert alike(one, other) == how
