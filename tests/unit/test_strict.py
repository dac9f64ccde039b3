"""JSON is taken as it was promised, and every wrong field is named at once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import Refused, Wrong
from service.strict import decode, wrong_fields


class Child(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A child of a notice."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=10)]
    date_of_birth: date | None = None


class Notice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A notice."""

    number: int
    urgent: bool
    grade: Literal["high", "medium", "standard"]
    attended_at: Annotated[datetime, msgspec.Meta(tz=True)]
    children: list[Child]
    origin: UUID | None = None


RIGHT: dict[str, Any] = {
    "number": 7,
    "urgent": False,
    "grade": "high",
    "attended_at": "2026-11-03T09:12:00Z",
    "children": [{"name": "A"}, {"name": "B", "date_of_birth": "2020-01-02"}],
}


def test_what_is_right_is_taken() -> None:
    notice = decode(Notice, msgspec.json.encode(RIGHT))
    assert notice.children[1].date_of_birth == date(2020, 1, 2)


def test_everything_wrong_is_named_at_once() -> None:
    wrong = {
        **RIGHT,
        "number": "7",
        "urgent": 1,
        "grade": "High",
        "attended_at": "2026-11-03T09:12:00",
        "children": [{"name": ""}, {"name": "B", "date_of_birth": "31/12/2020", "age": 4}, 5],
        "spelling": True,
    }
    with pytest.raises(Refused) as refused:
        decode(Notice, msgspec.json.encode(wrong))
    found = {each.field: each for each in refused.value.wrong}
    assert set(found) == {
        "number",
        "urgent",
        "grade",
        "attended_at",
        "children[0].name",
        "children[1].date_of_birth",
        "children[1].age",
        "children[2]",
        "spelling",
    }
    assert found["number"].got == '"7"'
    assert found["number"].expected == "a whole number"
    assert found["grade"].expected == "high, medium or standard"
    assert found["children[1].date_of_birth"].help == "Write a day as 2026-11-03."


def test_a_missing_field_is_named() -> None:
    with pytest.raises(Refused) as refused:
        decode(Notice, b'{"number": 1}')
    assert {each.field for each in refused.value.wrong} == {"urgent", "grade", "attended_at", "children"}
    assert {each.got for each in refused.value.wrong} == {"nothing"}


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b"nope", b'{"number": 1e999}'])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(Refused):
        decode(Notice, body)


def test_a_field_given_twice_is_refused_however_it_is_spelt() -> None:
    """Decoders differ in which of the two they take: the grade would be what nobody can say."""
    right = msgspec.json.encode(RIGHT).rstrip(b"}")
    with pytest.raises(Refused) as refused:
        decode(Notice, right + b', "gr\\u0061de": "standard"}')
    assert [(each.field, each.got) for each in refused.value.wrong] == [("grade", "twice")]


def test_nothing_in_place_of_an_object_is_told_in_words() -> None:
    with pytest.raises(Refused) as refused:
        decode(Notice, b"null")
    assert refused.value.wrong[0].expected == "an object"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*RIGHT, "x"]), inner, max_size=6),
    max_leaves=8,
)


@given(JSON)
def test_the_walk_finds_something_wrong_exactly_when_the_decoder_does(value: object) -> None:
    body = msgspec.json.encode(value)
    told: tuple[Wrong, ...] | None = None
    try:
        decode(Notice, body)
    except Refused as refused:
        told = refused.wrong
    walked = tuple(wrong_fields(msgspec.json.decode(body), Notice))
    assert walked == (told or ())
    assert told != ()
