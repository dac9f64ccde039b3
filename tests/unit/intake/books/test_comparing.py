"""A readable row against what stands on the books: repeated, a fill, or a proposed correction."""

from typing import Any
from uuid import UUID

import msgspec
import pytest

from service.intake.books.rules import TOLD, Arrival, Comparison, compare
from service.intake.files.rules import arrival_of, fingerprint
from tests.unit.intake.files.police_files import accepted, cells

ORIGIN = UUID(int=1)


def arrival(**changes: str) -> Arrival:
    return arrival_of(accepted(cells(**changes)), "gmp", "all_notices", ORIGIN)


def found(before: dict[str, str], after: dict[str, str]) -> Comparison:
    stands, came = arrival(**before), arrival(**after)
    fields: dict[str, Any] = msgspec.structs.asdict(stands.child) | {name: getattr(stands, name) for name in TOLD}
    return compare(stands.facts, fields, came)


def is_nothing(comparison: Comparison) -> bool:
    return not (comparison.new or comparison.sharper or comparison.fills or comparison.differences)


@pytest.mark.parametrize(
    "respelled",
    [
        {},
        {"Child Surname": "PENNINGTON", "Child Forename(s)": "ewan "},
        {"Risk (Officer)": "M"},
        {"LA": "WIGAN", "District": "LEIGH"},
        {"Date/Time Attended": "23/06/2026 11:46:30"},
        {"Incident Time": ""},
        {"Referred to CSC": "", "Summary": "", "Sex": "", "Risk (Officer)": "", "Child Seen": ""},
    ],
)
def test_other_spellings_other_precision_and_blanks_say_nothing_new(respelled: dict[str, str]) -> None:
    assert is_nothing(found({}, respelled))


@pytest.mark.parametrize(
    ("said", "column"),
    [
        ("notice_shared", "Referred to CSC"),
        ("risk_graded", "Risk (Officer)"),
        ("seen_at_scene", "Child Seen"),
        ("police_attended", "Date/Time Attended"),
        ("sex", "Sex"),
        ("date_of_birth", "DOB"),
        ("district", "District"),
        ("summary", "Summary"),
    ],
)
def test_a_row_that_fills_what_was_empty_contradicts_nothing(said: str, column: str) -> None:
    comparison = found({column: ""}, {})
    assert not comparison.differences
    assert said in {*comparison.fills, *(fact.kind for fact in comparison.new)}


def test_the_time_of_day_of_a_known_day_makes_it_sharper() -> None:
    assert [fact.kind for _, fact in found({"Incident Time": ""}, {}).sharper] == ["incident_occurred"]


@pytest.mark.parametrize(
    ("said", "changes"),
    [
        ("risk_graded", {"Risk (Officer)": "High"}),
        ("incident_occurred", {"Incident Time": "09:47"}),
        ("police_attended", {"Date/Time Attended": "23/06/2026 11:47"}),
        ("notice_shared", {"Referred to CSC": "24/06/2026 13:47"}),
        ("notice_submitted", {"DAB Submitted": "23/06/2026 13:30"}),
        ("seen_at_scene", {"Child Seen": "N"}),
        ("sex", {"Sex": "Female"}),
        ("district", {"District": "Wigan North"}),
        ("summary", {"Summary": "Something else."}),
        ("incident_occurred", {"Incident Time": "", "Incident Date": "22/06/2026"}),
    ],
)
def test_another_value_contradicts_the_stored_one(said: str, changes: dict[str, str]) -> None:
    assert [difference.field for difference in found({}, changes).differences] == [said]


def test_a_person_who_types_again_may_tell_it_in_other_words() -> None:
    came = msgspec.structs.replace(arrival(Summary="Something else."), source="typed")
    stands = arrival()
    fields = msgspec.structs.asdict(stands.child) | {name: getattr(stands, name) for name in TOLD}
    assert not compare(stands.facts, fields, came).differences


def test_the_fingerprint_follows_what_is_said_and_not_where() -> None:
    row = accepted(cells())
    moved: dict[str, Any] = {"number": 77, "notes": ("x",), "family_name": "PENNINGTON"}
    assert fingerprint(row) == fingerprint(msgspec.structs.replace(row, **moved))
    assert fingerprint(row) != fingerprint(accepted(cells(Sex="")))
