"""The synthetic police file is one that the force's feed would send."""

import csv
from datetime import datetime
from pathlib import Path

import pytest

from service.demo.generator import POLICE_HEADER, generate, police_rows
from service.demo.generator.shapes import SyntheticPathway
from tests.unit.demo.conftest import SEED, UNTIL

SAMPLE = Path(__file__).parents[2] / "data" / "police_export.csv"


def test_its_columns_are_those_of_the_sample() -> None:
    with SAMPLE.open(encoding="utf-8-sig", newline="") as lines:
        assert next(csv.reader(lines)) == list(POLICE_HEADER)


@pytest.mark.parametrize("wanted", [0, 1, 250])
def test_as_many_rows_as_asked_for(wanted: int) -> None:
    rows = list(police_rows(generate(SEED, UNTIL, 0.2), wanted))
    assert rows[0] == list(POLICE_HEADER)
    assert len(rows) == 1 + wanted


def test_every_row_reads_as_local_times_in_order(everything: list[SyntheticPathway]) -> None:
    rows = list(police_rows(everything))[1:]
    named = sum(pathway.child is not None for pathway in everything)
    assert named - 60 < len(rows) <= named
    for row in rows:
        cells = dict(zip(POLICE_HEADER, row, strict=True))
        assert cells["Risk (Officer)"] in ("High", "Medium", "Standard", "")
        assert cells["LA"] in ("Wigan", "Bolton", "Rochdale")
        assert cells["Child Surname"]
        assert cells["Occurrence No"].startswith("06DA/")
        if cells["Incident Time"]:
            names = ("Date/Time Attended", "DAB Submitted", "Referred to CSC")
            happened = f"{cells['Incident Date']} {cells['Incident Time']}"
            times = [_read(text) for text in (happened, *(cells[name] for name in names)) if text]
            assert times == sorted(times)


def _read(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M")  # noqa: DTZ007 - the file's own wall clock, compared only


def test_no_row_repeats_a_child_of_an_incident(everything: list[SyntheticPathway]) -> None:
    keys = [(row[0], row[8], row[9], row[10]) for row in list(police_rows(everything))[1:]]
    assert len(set(keys)) == len(keys)


def test_a_child_not_yet_born_has_no_name_and_no_birthday(everything: list[SyntheticPathway]) -> None:
    unborn = [pathway for pathway in everything if pathway.involvement == "unborn"]
    rows = list(police_rows(unborn))[1:]
    assert len(rows) > 20
    assert {(row[9], row[10], row[11]) for row in rows} == {("Unborn", "", "")}
