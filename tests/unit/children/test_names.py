"""When two names are the same name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.children.rules import normal_name, normalise_name


@pytest.mark.parametrize(
    "variants",
    [
        ("O'Brien", "o’brien", "O BRIEN", "OBrien", "O`Brien"),
        ("Siân", "Sian", "SIÂN", "Sia\u0302n"),
        ("Łuczak", "luczak"),
        ("Müller", "Muller", "MÜLLER"),
        ("Lily-Mae", "Lily Mae", "lilymae", "Lily–Mae"),
        ("de la Cruz", "De La  Cruz", "Delacruz"),
        ("Weiß", "WEISS"),
        ("Bjørn", "Bjorn"),
        (" Chloé ", "CHLOE\u0301"),
    ],
)
def test_spellings_of_one_name_are_one(variants: tuple[str, ...]) -> None:
    assert len({normalise_name(name) for name in variants}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("Jones", "Johnson"), ("李", "王"), ("कि", "का"), ("?", "-"), ("Ann", "Anne")]
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert normalise_name(one) != normalise_name(other)


def test_family_and_given_names_do_not_run_into_each_other() -> None:
    assert normal_name("Ann", "Lee") != normal_name("An", "Nlee")


@given(st.text(max_size=20))
def test_normalising_twice_changes_nothing_and_case_never_matters(name: str) -> None:
    once = normalise_name(name)
    assert normalise_name(once) == once
    assert once or not name.strip()
