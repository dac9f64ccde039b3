"""Excel workbooks: the same rows as the CSV file, whatever made them, and never more than the limits."""

import io
import zipfile
from datetime import datetime, time
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from service.intake.files.parse import package, workbook
from service.intake.files.parse.number_formats import shown_by
from service.intake.files.parse.outcomes import ParsedRow
from service.intake.files.parse.problems import UnreadableFile
from service.intake.files.parse.workbook import read_xlsx
from tests.unit.intake.files.police_files import DATA, HEADING, cells, csv_file, outcomes


def book(rows: list[list[Any]], date_format: str = "dd/mm/yyyy hh:mm", **options: Any) -> bytes:
    file = io.BytesIO()
    made = xlsxwriter.Workbook(file, {"in_memory": True, "default_date_format": date_format, **options})
    sheet = made.add_worksheet()
    clock = made.add_format({"num_format": "hh:mm"})
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, time):
                sheet.write_datetime(number, column, value, clock)
            elif isinstance(value, str):
                sheet.write_string(number, column, value)
            else:
                sheet.write(number, column, value)
    made.close()
    return file.getvalue()


def read(content: bytes) -> list[list[str]]:
    return [row.cells for row in read_xlsx(io.BytesIO(content))]


def test_text_cells_come_out_as_they_went_in() -> None:
    rows = [HEADING, cells(Summary="two\nlines"), cells(Child_Surname="=1+1")]
    assert read(book(rows)) == rows
    assert read(book(rows, constant_memory=True)) == rows


def test_the_sample_as_a_workbook_has_the_same_outcomes() -> None:
    import csv

    with (DATA / "police_export_next_day.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    from_csv = outcomes((DATA / "police_export_next_day.csv").read_bytes())
    from_book = outcomes(book(rows))
    assert len(from_csv) == len(from_book)
    assert from_csv[:-1] == from_book[:-1]


def test_dates_as_dates_mean_what_dates_as_text_mean() -> None:
    typed: list[Any] = cells()
    typed[3] = datetime.fromisoformat("2026-06-23 11:46")
    typed[4] = datetime.fromisoformat("2026-06-23 13:29")
    typed[13] = datetime.fromisoformat("2026-06-24 13:46")
    typed[2] = time(9, 46)
    (from_book,) = outcomes(book([HEADING, typed]))
    (from_text,) = outcomes(csv_file([cells()]))
    assert from_book == from_text


def test_a_midnight_is_a_time_and_a_bare_date_is_a_day() -> None:
    typed: list[Any] = cells(**{"Incident Time": ""})
    typed[3] = datetime.fromisoformat("2026-06-24")
    (exact,) = outcomes(book([HEADING, typed]))
    (bare,) = outcomes(book([HEADING, typed], "dd/mm/yyyy"))
    assert isinstance(exact, ParsedRow)
    assert isinstance(bare, ParsedRow)
    assert exact.attended is not None
    assert bare.attended is not None
    assert (exact.attended.precision, bare.attended.precision) == ("minute", "day")


def test_dates_written_as_midnights_in_date_columns_are_dates() -> None:
    typed: list[Any] = cells()
    typed[1] = datetime.fromisoformat("2026-06-23")
    typed[10] = datetime.fromisoformat("2011-02-03")
    (from_book,) = outcomes(book([HEADING, typed], "yyyy-mm-dd hh:mm:ss"))
    (from_text,) = outcomes(csv_file([cells()]))
    assert from_book == from_text


def test_the_calendar_from_1904_is_understood() -> None:
    rows: list[list[Any]] = [["a", "b"], [datetime.fromisoformat("2026-06-23 11:46"), "x"]]
    assert read(book(rows, date_1904=True))[1] == ["2026-06-23 11:46", "x"]


def test_numbers_booleans_and_formulas_are_text() -> None:
    file = io.BytesIO()
    made = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = made.add_worksheet()
    sheet.write_row(0, 0, ["a", "b", "c", "d"])
    sheet.write_row(1, 0, [1961, 0.5, True])
    sheet.write_formula(1, 3, '="Wig"&"an"', None, "Wigan")
    made.close()
    assert read(file.getvalue())[1] == ["1961", "0.5", "TRUE", "Wigan"]


def test_blank_rows_are_left_out_and_numbers_stay_the_sheets_own() -> None:
    content = book([["a", "b"], ["", ""], ["1", ""], [" ", ""], ["", "2"]])
    assert [(row.number, row.cells) for row in read_xlsx(io.BytesIO(content))] == [
        (1, ["a", "b"]),
        (3, ["1", ""]),
        (5, ["", "2"]),
    ]


def test_a_hidden_first_sheet_is_passed_over() -> None:
    file = io.BytesIO()
    made = xlsxwriter.Workbook(file, {"in_memory": True})
    hidden, shown = made.add_worksheet(), made.add_worksheet()
    hidden.write(0, 0, "secret")
    shown.write_row(0, 0, ["a", "b"])
    shown.activate()
    hidden.hide()
    made.close()
    assert read(file.getvalue()) == [["a", "b"]]


def test_characters_that_xml_cannot_hold_come_out_as_themselves() -> None:
    sheet = b'<c t="inlineStr"><is><t>two_x000D_&#10;lines_x0000_ _x005F_x0041_ _xD83D__xDE00_ _xD83D_</t></is></c>'
    assert read(repacked(book([["a"]]), sheet1=SHEET % sheet)) == [
        ["a", "two\r\nlines\0 _x0041_ \N{GRINNING FACE} \N{REPLACEMENT CHARACTER}"]
    ]


def test_another_reader_sees_the_same_cells() -> None:
    rows = [HEADING, *(cells(Child_Surname=f"Name {n}", Summary="é" * n) for n in range(1, 40))]
    content = book(rows)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    assert read(content) == sheet.to_python()


def repacked(content: bytes, **parts: bytes) -> bytes:
    """``content`` with some parts replaced, by the end of their names."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            found = [part for end, part in parts.items() if name.endswith(f"{end}.xml")]
            new.writestr(name, found[0] if found else old.read(name))
    return file.getvalue()


SHEET = (
    b'<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c>%s</row></sheetData></worksheet>'
)


@pytest.mark.parametrize(
    ("sheet", "tells"),
    [
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + SHEET % b"", "document type"),
        (SHEET % b'<c r="XFD1"><v>1</v></c>', "beyond column"),
        (SHEET % b'<c r="B1" t="s"><v>99999999</v></c>', "damaged"),
        (SHEET % b'<c r="B1"><v>not a number</v></c>', "damaged"),
        (SHEET % (b'<c r="B1" t="inlineStr"><is><t>' + b"x" * 1_100_000 + b"</t></is></c>"), "longer than"),
        (SHEET % (b'<c r="' + b"A" * 3_000_000 + b'"/>'), "damaged"),
        (b"<worksheet><sheetData><row>", "damaged"),
        (SHEET % b'</row><row r="1"><c><v>1</v></c>', "not in their order"),
        (SHEET % b'</row><row r="9999999"><c><v>1</v></c>', "not in their order"),
        (SHEET % b'<c r="A1"><v>1</v></c>', "not in their order"),
        (b"<worksheet/>", "empty"),
        (b"", "damaged"),
    ],
)
def test_hostile_sheets_are_refused_with_a_sentence(sheet: bytes, tells: str) -> None:
    with pytest.raises(UnreadableFile, match=tells):
        read(repacked(book([["a", "b"]]), sheet1=sheet))


def test_a_workbook_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MAX_UNPACKED", 3_000_000)
    bomb = SHEET % (b"<c/>" * 1_000_000)
    with pytest.raises(UnreadableFile, match=r"unpacks to more than|beyond column"):
        read(repacked(book([["a"]]), sheet1=bomb))
    with pytest.raises(UnreadableFile, match="unpacks to more than"):
        read(repacked(book([["a"]]), sharedStrings=b"<sst>" + b"<si><t>x</t></si>" * 300_000 + b"</sst>"))


def test_texts_that_fill_the_memory_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_SHARED", 100_000)
    with pytest.raises(UnreadableFile, match="too long altogether"):
        read(repacked(book([["a"]]), sharedStrings=b"<sst>" + b"<si><t>xyz</t></si>" * 5_000 + b"</sst>"))


def test_too_many_rows_are_told_before_any_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_ROWS", 5)
    assert len(outcomes(book([HEADING, *[cells()] * 5]))) == 5
    with pytest.raises(UnreadableFile, match="more than 5 rows"):
        outcomes(book([HEADING, *[cells()] * 6]))


def test_a_protected_or_foreign_package_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(UnreadableFile, match="not complete"):
        read(file.getvalue())
    with pytest.raises(UnreadableFile, match="old Excel file"):
        outcomes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)


@pytest.mark.parametrize(
    ("number", "code", "shows"),
    [
        (0, None, "number"),
        (14, None, "date"),
        (20, None, "time"),
        (22, None, "both"),
        (164, "dd/mm/yyyy", "date"),
        (164, "mmm yy", "date"),
        (164, "hh:mm", "time"),
        (164, "[h]:mm:ss", "time"),
        (164, "mm:ss", "time"),
        (164, "dd/mm/yyyy hh:mm", "both"),
        (164, "General", "number"),
        (164, '0.0 "days"', "number"),
        (164, "[Red]0.00", "number"),
        (164, r"\d0", "number"),
        (164, "[$-809]d mmmm yyyy;@", "date"),
    ],
)
def test_number_formats_tell_dates_from_numbers(number: int, code: str | None, shows: str) -> None:
    assert shown_by(number, code) == shows


GOOD = book([HEADING, cells(), cells()])


@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=12))
def test_a_damaged_workbook_gives_rows_or_a_clear_refusal(place: int, damage: bytes) -> None:
    try:
        outcomes(GOOD[:place] + damage + GOOD[place + len(damage) :])
    except UnreadableFile:
        return
