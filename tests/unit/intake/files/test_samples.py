"""Every row of the two sample exports, counted by outcome and checked against what is true of it.

The counts were made by hand from the file. ``pathways.csv`` tells the same incidents in UTC.
"""

import csv
from collections import Counter

import pytest

from service.exchange.history import HistoryReader, HistoryRow
from service.intake.files.parse.outcomes import ParsedRow, RefusedRow
from service.intake.files.parse.reading import read_csv
from tests.unit.intake.files.police_files import DATA, NOW, outcomes

FIRST = "police_export.csv"
NEXT = "police_export_next_day.csv"


#: What the refused rows of the first export are told, and how many are.
REFUSALS = Counter(
    {
        "Atlantis is not an area": 12,
        "there is no month 25": 11,
        "This row has 6 cells": 11,
        "February 2026 has 28 days": 10,
        "is in the future": 10,
        "U+0000": 9,
        "the clocks went forward": 8,
        "There is no reference": 8,
        "?? is not a grade": 7,
        "counts the rows": 1,
    }
)


def read(name: str) -> list[ParsedRow | RefusedRow]:
    return outcomes((DATA / name).read_bytes())


def test_the_first_export_row_by_row() -> None:
    rows = read(FIRST)
    refused = [row for row in rows if isinstance(row, RefusedRow)]
    readable = [row for row in rows if isinstance(row, ParsedRow)]
    assert len(rows) == 1962
    told = Counter(
        next(word for word in REFUSALS if word in " ".join(str(reason) for reason in row.reasons)) for row in refused
    )
    assert told == REFUSALS
    assert len(refused) == 87
    held = Counter("out of order" if "out of order" in str(row.held[0]) else "twice" for row in readable if row.held)
    assert held == {"out of order": 6, "twice": 12}
    assert len(readable) == 1857 + 18


def test_the_next_day_row_by_row() -> None:
    rows = read(NEXT)
    assert len(rows) == 1828
    assert sum(isinstance(row, RefusedRow) for row in rows) == 1
    assert sum(isinstance(row, ParsedRow) and bool(row.held) for row in rows) == 11


@pytest.mark.parametrize("name", [FIRST, NEXT])
def test_local_times_come_out_as_the_history_tells_them_in_utc(name: str) -> None:
    with (DATA / "pathways.csv").open("rb") as file:
        _, _, raw = read_csv(file)
        reader = HistoryReader(next(raw).cells, NOW)
        history = [row for row in map(reader.read, raw) if isinstance(row, HistoryRow)]
    truth = {(row.police_reference, row.family_name, row.given_names, row.date_of_birth): row for row in history}
    compared = 0
    for row in read(name):
        if isinstance(row, RefusedRow) or row.held or not row.reference.startswith("06DA/1"):
            continue
        told = truth[row.reference, row.family_name, row.given_names, row.date_of_birth]
        assert (row.area, row.district, row.grade) == (told.area_code, told.police_district, told.risk_grade)
        assert row.sex == told.sex
        for ours, theirs in (
            (row.incident, told.incident_at),
            (row.attended, told.police_attended_at),
            (row.submitted, told.notice_submitted_at),
            (row.shared, told.notice_shared_at),
        ):
            if ours is not None:
                assert theirs is not None
                assert theirs.at is not None
                assert ours.at == theirs.at.replace(second=0)
        compared += 1
    assert compared > 1_700


def test_the_samples_are_what_a_spreadsheet_would_count() -> None:
    for name in (FIRST, NEXT):
        with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
            assert sum(1 for _ in csv.reader(file)) - 1 == len(read(name))
