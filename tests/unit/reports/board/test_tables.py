"""The board's tables and sheets: every number in every form, none that is hidden in any."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from service.errors import Refused
from service.reports.board import asking, csv
from service.reports.board.rules import words
from service.reports.board.rules.sheets import CONFIDENTIAL, NOT_KNOWN, Sheet, cell, cells, header, lines, workbook
from service.reports.board.rules.tables import Column, Table, told
from service.reports.disclosure.hidden import small
from service.reports.measures.figures import Estimate, Period
from service.reports.measures.gathering import asked_period

LIKELY = Estimate(value=0.5, low=0.4, high=0.6, n=20)
TABLE = Table(
    key="strategy",
    title="Strategy discussions",
    columns=(Column("What"), Column("So many", "count"), Column("Share", "likely"), Column("After", "lasting")),
    rows=(
        ("Held", 12, LIKELY, Estimate(value=None, at_least=9000.0, n=4)),
        ("Quorate", small(5), Estimate(value=small(5)), Estimate(value=None)),  # type: ignore[arg-type]  # hidden
    ),
    means="Counted once.",
)


def test_a_page_says_it_in_words_and_a_hidden_number_as_its_range() -> None:
    assert told(TABLE) == [
        ["Held", "12", "50% (40% to 60%)", "not yet estimable (at least 6.2 days)"],
        ["Quorate", "1 to 5", "1 to 5", "not estimable"],
    ]


def test_a_sheet_has_a_column_for_each_end_of_an_interval_and_no_empty_cell() -> None:
    names = header(TABLE.columns)
    rows = [cells(row, TABLE.columns) for row in TABLE.rows]
    assert names[2:6] == [
        "Share (share from 0 to 1)",
        "Share: lowest likely",
        "Share: highest likely",
        "Share: resting on",
    ]
    assert all(len(row) == len(names) for row in rows)
    assert rows[0][:6] == ["Held", 12, 0.5, 0.4, 0.6, 20]
    assert rows[0][6] == f"{NOT_KNOWN} at least 9000.0"
    assert rows[1][1] == f"{CONFIDENTIAL} 1 to 5"
    assert all(value != "" for row in rows for value in row)
    assert cell("") == cell("nobody") == "[z]"


def test_a_workbook_begins_with_cover_contents_and_notes_and_names_every_sheet_once() -> None:
    sheets = workbook("Board", ["Of Wigan."], [TABLE])
    assert [sheet.name for sheet in sheets] == ["Cover", "Contents", "Notes", "Strategy"]
    assert ("Strategy", "Strategy discussions") in sheets[1].rows
    assert sheets[3].above == ("Counted once.",)
    # A column is as wide as its longest cell and the longest word of its header; what is longer still is wrapped.
    assert sheets[3].widths[:2] == [12, 12]
    long = Sheet(name="x", title="", above=(), header=("Extraordinarily wide",), rows=(("word " * 30,),))
    assert (long.widths, lines(long.rows[0], long.widths), lines((3,), [12])) == ([60], 3, 1)


def test_the_data_file_has_one_number_a_line_and_guards_what_looks_like_a_formula() -> None:
    odd = Table(key="odd", title="Odd", columns=(Column("=What"), Column("n", "count")), rows=(("=1+1", 3),))
    lines = csv.data([TABLE, odd]).removeprefix("\ufeff").splitlines()
    assert lines[0] == "table,row,column,value"
    assert "strategy,Held,So many,12" in lines
    assert "odd,'=1+1,n,3" in lines
    assert len(lines) == 1 + 2 * (1 + 4 + 4) + 1
    assert "strategy,Strategy discussions,Share,likely,share from 0 to 1,Counted once." in csv.dictionary([TABLE])


def test_words_of_change_need_two_numbers_that_are_told() -> None:
    assert words.change(3, 2, words.count) == "up from 2"
    assert words.change(2, 2, words.count) == "as before"
    assert words.change(small(5), 2, words.count) == ""
    assert words.length(None) == "not known"
    assert words.length(3000) == "2 days 2 hours"


NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)


def asked(**params: str) -> Any:
    return asking.asked(params, NOW, "359")


def test_the_usual_period_is_the_year_or_the_one_before_while_it_is_young() -> None:
    assert asked().period == Period(first=date(2026, 4, 1), last=date(2027, 3, 31))
    assert asking.usual(date(2026, 5, 1)) == Period(first=date(2025, 4, 1), last=date(2026, 3, 31))
    assert asked(as_of="2026-10-01").as_of == datetime(2026, 9, 30, 23, tzinfo=UTC)
    assert asked(**{"from": "2026-07-01", "to": "2026-09-30"}).href("/board/pack.ods") == (
        "/board/pack.ods?from=2026-07-01&to=2026-09-30"
    )
    named = [choice.name for choice in asking.choices(date(2026, 11, 3))]
    assert named[0] == "Year from April 2026"
    assert "October to December 2026" in named


def test_a_last_day_alone_ends_the_usual_weeks_as_for_the_api() -> None:
    assert asked(to="2026-11-01").period == asked_period(None, date(2026, 11, 1))
    assert asked(to="2026-11-01").period.first == date(2026, 7, 27)
    assert asked(**{"from": "2026-10-05"}).period.last == NOW.date()


@pytest.mark.parametrize(
    "text",
    ["2026-11-02garbage", "2026-11-02T10:00", "2026-11-02T10:00:00 00:00", "0001-01-01T00:00:00+14:00", "tomorrow"],
)
def test_what_is_not_wholly_a_day_or_an_instant_is_no_day(text: str) -> None:
    for name in ("from", "to", "as_of"):
        with pytest.raises(Refused) as refused:
            asked(**{name: text})
        assert [wrong.field for wrong in refused.value.wrong] == [name]


def test_an_instant_is_read_with_its_zone() -> None:
    found = asked(as_of="2026-11-02T23:30:00-01:00")
    assert found.as_of == datetime(2026, 11, 3, 0, 30, tzinfo=UTC)
    assert found.query == {"as_of": "2026-11-03T00:30:00+00:00"}
