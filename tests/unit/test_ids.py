"""Identifiers: unguessable, each once, and in the order they were made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice

from schema.ids import new_id, new_ids, supply

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def test_identifiers_made_one_by_one_and_many_at_once_stand_in_the_order_they_were_made() -> None:
    made = [new_id(NOW), *new_ids(NOW, 3_000), new_id(NOW), *new_ids(NOW + timedelta(milliseconds=1), 2)]
    assert made == sorted(set(made))
    assert {(each.version, each.variant) for each in made} == {(7, "specified in RFC 4122")}
    assert {each.int >> 80 for each in made} == {int(NOW.timestamp() * 1000), int(NOW.timestamp() * 1000) + 1}


def test_no_identifiers_are_made_where_none_are_asked_for() -> None:
    assert new_ids(NOW, 0) == []


def test_a_supply_gives_as_many_as_are_taken_each_once() -> None:
    assert len({*islice(supply(NOW), 200), *islice(supply(NOW), 200)}) == 400
