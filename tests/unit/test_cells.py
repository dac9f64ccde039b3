"""Text that a spreadsheet might run is defused on every export and comes back as it was."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.cells import csv_line, guard, unguard


@pytest.mark.parametrize("text", ["=1+1", "+44", "-5", "@home", "\tx", "\rx"])
def test_a_risky_start_gets_one_apostrophe(text: str) -> None:
    assert guard(text) == "'" + text


@pytest.mark.parametrize("text", ["", "O'Brien", "'tis", "a=b", "06DA/1", " =1", "''"])
def test_other_text_is_left_alone(text: str) -> None:
    assert guard(text) == text
    assert unguard(text) == text


def test_exactly_one_apostrophe_is_taken_off() -> None:
    assert unguard("'=1") == "=1"
    assert unguard("''=1") == "'=1"


@given(st.text(alphabet="'=+-@\t\r\n ,\"aé", max_size=8) | st.text())
def test_every_text_survives_the_round_trip(text: str) -> None:
    assert unguard(guard(text)) == text
    assert not guard(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.lists(st.text(alphabet="'=,\"\r\n;\tab", max_size=6), min_size=2, max_size=5))
def test_a_line_is_read_back_by_any_reader(cells: list[str]) -> None:
    (row,) = csv.reader(io.StringIO(csv_line(cells), newline=""))
    assert [unguard(cell) for cell in row] == cells
