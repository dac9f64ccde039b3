"""The pathway history file: read strictly, written back byte for byte."""

import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.cells import csv_line
from service.exchange.history import COLUMNS, HistoryReader, HistoryRow, history_heading, history_line, history_order
from service.intake.files.parse.outcomes import RefusedRow
from service.intake.files.parse.problems import UnreadableFile
from service.intake.files.parse.reading import read_csv
from service.intake.files.parse.times import Moment

SAMPLE = Path(__file__).parents[2] / "data" / "pathways.csv"
NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
ORDINARY = {"police_reference": "06DA/100001/26", "area_code": "359", "given_names": "Ewan", "risk_grade": "medium"}


def read(content: bytes) -> list[HistoryRow | RefusedRow]:
    _, _, rows = read_csv(io.BytesIO(content))
    reader = HistoryReader(next(rows).cells, NOW)
    return [reader.read(raw) for raw in rows]


def one(**values: str) -> HistoryRow | RefusedRow:
    line = csv_line([{**ORDINARY, **values}.get(column, "") for column in COLUMNS])
    (row,) = read((history_heading() + line).encode())
    return row


def good(**values: str) -> HistoryRow:
    row = one(**values)
    assert isinstance(row, HistoryRow), row
    return row


def refused(**values: str) -> list[str]:
    row = one(**values)
    assert isinstance(row, RefusedRow), row
    return [str(reason) for reason in row.reasons]


def test_the_sample_comes_out_byte_for_byte() -> None:
    content = SAMPLE.read_bytes()
    rows = [row for row in read(content) if isinstance(row, HistoryRow)]
    assert len(rows) == 1827
    assert (history_heading() + "".join(map(history_line, rows))).encode() == content


def test_the_columns_are_the_contracts() -> None:
    assert len(COLUMNS) == 33
    assert history_heading(["icpc_due_on"]).rstrip().endswith(",ethnicity,disability,icpc_due_on")


def test_derived_and_other_columns_are_written_after_ours_and_ignored_on_the_way_in() -> None:
    row = good(s47_started_at="2026-06-25T14:16:00Z", icpc_required="yes")
    text = history_heading(["icpc_due_on", "note"]) + history_line(row, ["2026-07-16", "=x"])
    assert read(text.encode()) == [row]
    assert text.endswith(",2026-07-16,'=x\r\n")


def test_columns_may_stand_in_any_order() -> None:
    order = list(reversed(COLUMNS))
    row = good(sex="F")
    text = csv_line(order) + csv_line([{**ORDINARY, "sex": "F"}.get(column, "") for column in order])
    assert read(text.encode()) == [row]


def test_a_missing_or_doubled_column_is_told() -> None:
    with pytest.raises(UnreadableFile, match="missing: disability"):
        read(csv_line(COLUMNS[:-1]).encode())
    with pytest.raises(UnreadableFile, match="more than once: sex"):
        read(csv_line([*COLUMNS, "sex"]).encode())


def test_a_day_stays_a_day_and_an_instant_keeps_its_seconds() -> None:
    row = good(incident_at="2026-06-23", child_seen_at="2026-06-26T12:53:48Z")
    assert row.incident_at == Moment(date(2026, 6, 23), "day")
    assert row.child_seen_at == Moment(date(2026, 6, 26), "second", datetime(2026, 6, 26, 12, 53, 48, tzinfo=UTC))


def test_times_out_of_order_are_taken() -> None:
    good(incident_at="2026-06-23T12:00:00Z", police_attended_at="2026-06-20T12:00:00Z", notice_shared_at="2026-01-01")


def test_other_zones_are_turned_into_utc() -> None:
    assert good(incident_at="2026-06-23T09:46:00+01:00") == good(incident_at="2026-06-23T08:46:00Z")


def test_agencies_come_out_in_the_contracts_order() -> None:
    row = good(
        strategy_held_at="2026-06-25T14:16:00Z", strategy_agencies_present="health; police;childrens_social_care"
    )
    assert row.strategy_agencies_present == ("childrens_social_care", "police", "health")


def test_formula_like_text_is_guarded_and_comes_back() -> None:
    row = good(family_name="=1+1")
    assert row.family_name == "=1+1"
    assert read((history_heading() + history_line(row)).encode()) == [row]


@pytest.mark.parametrize(
    ("values", "tells"),
    [
        ({"police_reference": " "}, "There is no police_reference"),
        ({"area_code": ""}, "There is no area_code"),
        ({"sex": "Male"}, "is not one of: F, M, U"),
        ({"risk_grade": "High"}, "is not one of: high, medium, standard"),
        ({"incident_at": "23/06/2026 08:46"}, "Write the time as"),
        ({"incident_at": "2026-06-23T08:46:00"}, "Write the time as"),
        ({"incident_at": "2026-06-31T08:46:00Z"}, "does not exist"),
        ({"incident_at": "2026-02-30"}, "does not exist"),
        ({"incident_at": "2026-06-23T08:46:00.5Z"}, "Write the time as"),
        ({"incident_at": "2099-01-01T00:00:00Z"}, "in the future"),
        ({"incident_at": "2099-01-01"}, "in the future"),
        ({"date_of_birth": "2011-2-3"}, "YYYY-MM-DD"),
        ({"contact_decided_at": "2026-06-24T18:39:05Z", "contact_outcome": "nfa"}, "is not one of: no_further"),
        ({"contact_outcome": "advice"}, "contact_outcome is given without contact_decided_at"),
        ({"contact_decided_at": "2026-06-24T18:39:05Z"}, "contact_decided_at is given without contact_outcome"),
        ({"strategy_held_at": "2026-06-25", "strategy_agencies_present": "police;army"}, "army is not one of"),
        ({"strategy_agencies_present": "police"}, "without strategy_held_at"),
        ({"s47_started_at": "2026-06-25", "icpc_required": "maybe"}, "yes, no or nothing"),
        ({"family_name": "A\x00B"}, "U+0000"),
    ],
)
def test_a_bad_value_refuses_its_row_and_says_why(values: dict[str, str], tells: str) -> None:
    (reason,) = refused(**values)
    assert tells in reason


def test_every_bad_value_is_told_at_once() -> None:
    assert len(refused(sex="X", disability="?", risk_grade="!")) == 3


def test_rows_have_an_order_of_their_own() -> None:
    rows = [good(child_reference=reference) for reference in ("359-2", "359-1")]
    assert [row.child_reference for row in sorted(rows, key=history_order)] == ["359-1", "359-2"]


CELL = st.text(st.characters(codec="utf-8"), max_size=10) | st.sampled_from(
    [
        "2026-06-23T08:46:00Z",
        "9999-12-31T23:59:59-23:59",
        "0001-01-01T00:00:00+23:59",
        "yes",
        "F",
        "police;police",
        "=1",
    ]
)


@given(st.lists(CELL, min_size=30, max_size=36))
def test_any_cells_are_read_or_refused_and_what_is_read_comes_back(cells: list[str]) -> None:
    for row in read((history_heading() + csv_line(cells)).encode()):
        if isinstance(row, HistoryRow):
            assert read((history_heading() + history_line(row)).encode()) == [row]
        else:
            assert row.reasons
