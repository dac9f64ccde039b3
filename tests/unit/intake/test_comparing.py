"""A readable row against what is stored: accepted, repeated, a fill, or a proposed correction."""

from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from service.intake.comparing import StoredChild, StoredIncident, Verdict, compare, find_child, fingerprint
from service.intake.outcomes import ParsedRow
from tests.unit.intake.police_files import accepted, cells, outcome


@dataclass
class Stored:
    incident: StoredIncident
    child: StoredChild


def stored(row: ParsedRow) -> Stored:
    return Stored(
        StoredIncident(grade=row.grade, incident=row.incident, attended=row.attended),
        StoredChild(**{field: getattr(row, field) for field in StoredChild.__struct_fields__}),
    )


def verdict(before: dict[str, str], after: dict[str, str]) -> Verdict:
    known = stored(accepted(cells(**before)))
    return compare(known.incident, known.child, accepted(cells(**after)))


def test_a_new_reference_is_accepted() -> None:
    assert compare(None, None, accepted(cells())) == Verdict(outcome="accepted")


def test_the_same_row_again_is_repeated() -> None:
    assert verdict({}, {}) == Verdict(outcome="repeated")


@pytest.mark.parametrize(
    "respelled",
    [
        {"Child Surname": "PENNINGTON", "Child Forename(s)": "ewan "},
        {"Risk (Officer)": "M"},
        {"LA": "WIGAN", "District": "LEIGH"},
        {"Date/Time Attended": "23/06/2026 11:46:30"},
        {"Incident Time": ""},
        {"Referred to CSC": "", "Summary": "", "Sex": "", "Risk (Officer)": "", "Child Seen": ""},
    ],
)
def test_other_spellings_other_precision_and_blanks_say_nothing_new(respelled: dict[str, str]) -> None:
    assert verdict({}, respelled) == Verdict(outcome="repeated")


@pytest.mark.parametrize(
    ("field", "column"),
    [
        ("shared", "Referred to CSC"),
        ("sex", "Sex"),
        ("grade", "Risk (Officer)"),
        ("district", "District"),
        ("summary", "Summary"),
        ("seen_at_scene", "Child Seen"),
        ("attended", "Date/Time Attended"),
        ("date_of_birth", "DOB"),
    ],
)
def test_a_row_that_fills_what_was_empty_is_accepted_and_updated(field: str, column: str) -> None:
    said = verdict({column: ""}, {})
    assert (said.outcome, said.updated) == ("accepted", True)
    assert [fill.field for fill in said.fills] == [field]


def test_the_time_of_day_of_a_known_day_is_a_fill() -> None:
    assert [fill.field for fill in verdict({"Incident Time": ""}, {}).fills] == ["incident"]


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("grade", {"Risk (Officer)": "High"}),
        ("incident", {"Incident Time": "09:47"}),
        ("attended", {"Date/Time Attended": "23/06/2026 11:47"}),
        ("shared", {"Referred to CSC": "24/06/2026 13:47"}),
        ("submitted", {"DAB Submitted": "23/06/2026 13:30"}),
        ("sex", {"Sex": "Female"}),
        ("seen_at_scene", {"Child Seen": "N"}),
        ("area", {"LA": "Bolton"}),
        ("district", {"District": "Wigan North"}),
        ("summary", {"Summary": "Something else."}),
    ],
)
def test_a_value_that_contradicts_the_stored_one_is_held_as_a_proposed_correction(
    field: str, changes: dict[str, str]
) -> None:
    said = verdict({}, changes)
    assert said.outcome == "held"
    assert [difference.field for difference in said.contradictions] == [field]


def test_a_day_that_is_not_the_stored_day_contradicts() -> None:
    assert verdict({}, {"Incident Time": "", "Incident Date": "22/06/2026"}).outcome == "held"


def test_fills_wait_with_the_contradiction() -> None:
    said = verdict({"Sex": ""}, {"District": "Atherton"})
    assert (said.outcome, [fill.field for fill in said.fills]) == ("held", ["sex"])


def test_a_sibling_is_new_but_must_agree_about_the_incident() -> None:
    known = stored(accepted(cells()))
    sibling = {"Child Forename(s)": "Yusuf", "DOB": "10/12/2016"}
    assert compare(known.incident, None, accepted(cells(**sibling))).outcome == "accepted"
    late = accepted(cells(**sibling, **{"DAB Submitted": "24/06/2026 09:00", "Referred to CSC": ""}))
    assert compare(known.incident, None, late).outcome == "accepted"
    other = accepted(cells(**sibling, **{"Incident Time": "09:00"}))
    assert compare(known.incident, None, other).outcome == "held"


def test_a_row_held_for_itself_stays_held() -> None:
    row = outcome(cells(**{"Incident Time": "12:46"}))
    assert isinstance(row, ParsedRow)
    assert compare(None, None, row).outcome == "held"


def children(*named: dict[str, str]) -> list[StoredChild]:
    return [stored(accepted(cells(**changes))).child for changes in named]


@pytest.mark.parametrize(
    ("known", "row", "found"),
    [
        ([{}], {"Child Surname": "penning-ton"}, 0),
        ([{}], {"DOB": "04/02/2011"}, None),
        ([{}, {"DOB": "10/12/2016"}], {"DOB": "10/12/2016"}, 1),
        ([{"DOB": ""}], {}, 0),
        ([{}], {"DOB": ""}, 0),
        ([{}, {"DOB": "10/12/2016"}], {"DOB": ""}, None),
        ([{"Child Forename(s)": "Yusuf"}], {}, None),
        ([], {}, None),
    ],
)
def test_which_known_child_a_row_is_about(known: list[dict[str, str]], row: dict[str, str], found: int | None) -> None:
    assert find_child(children(*known), accepted(cells(**row))) == found


def test_the_fingerprint_follows_what_is_said_and_not_where() -> None:
    row = accepted(cells())
    moved: dict[str, Any] = {"number": 77, "notes": ("x",), "family_name": "PENNINGTON"}
    assert fingerprint(row) == fingerprint(msgspec.structs.replace(row, **moved))
    assert fingerprint(row) != fingerprint(accepted(cells(Sex="")))
    assert len(fingerprint(row)) == 16
