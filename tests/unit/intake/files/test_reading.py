"""Encodings, separators, line ends, quotation marks: what a file is made of before it means anything."""

import csv
import io
import tracemalloc
from typing import BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.cells import unguard
from service.intake.files.parse.problems import UnreadableFile
from service.intake.files.parse.reading import MAX_RECORD, RawRow, read_csv


def read(content: bytes) -> list[RawRow]:
    return list(read_csv(io.BytesIO(content))[2])


def cells(content: bytes) -> list[list[str]]:
    return [row.cells for row in read(content)]


def encoding(content: bytes) -> str:
    return read_csv(io.BytesIO(content))[0]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_every_way_of_writing_gives_the_same_cells(codec: str, separator: str, end: str) -> None:
    lines = [["Reference", "Name", "Text"], ["1", "Siân", 'said "no"'], ["2", "Zoë – twin", "a;b,c\td"]]
    text = "".join(
        separator.join('"' + cell.replace('"', '""') + '"' if set(cell) & set(',;\t"') else cell for cell in line) + end
        for line in lines
    )
    assert cells(text.encode(codec)) == lines


def test_windows_1252_is_told_from_utf_8_by_the_whole_file() -> None:
    long = b"a,b\r\n" + b"x,y\r\n" * 300_000
    assert encoding(long) == "utf-8"
    assert encoding(long + b"x,\xe9\r\n") == "windows-1252"
    assert encoding(long + "x,é\r\n".encode()) == "utf-8"
    # An accented capital before a curly quotation mark would be one letter in UTF-8.
    assert cells(b"a,b\nCAF\xc9\x92S,\xe9t\xe9\n")[1] == ["CAFÉ’S", "été"]


def test_a_letter_cut_by_a_block_is_still_one_letter() -> None:
    filler = b"a,b\n" + b"x" * ((1 << 20) - 5)
    assert encoding(filler + "é\n".encode()) == "utf-8"


def test_a_stray_byte_in_a_utf_8_file_spoils_no_other_name() -> None:
    content = "a,b\nŁuczak,Siân\nŁuczak,Zoë\n".encode() + b"Ren\xe9e,x\n"
    assert cells(content)[1:] == [["Łuczak", "Siân"], ["Łuczak", "Zoë"], ["Renée", "x"]]


def test_bytes_that_windows_1252_does_not_define_become_control_characters() -> None:
    assert cells(b"a,b\nx\x81,\xe9\n")[1] == ["x\x81", "é"]


def test_quoted_cells_keep_their_line_breaks_and_rows_are_counted_as_a_spreadsheet_does() -> None:
    rows = read(b'a,b\r\n1,"one\r\ntwo"\r\n\r\n2,x\r\n')
    assert [(row.number, row.line, row.cells) for row in rows] == [
        (1, 1, ["a", "b"]),
        (2, 2, ["1", "one\r\ntwo"]),
        (4, 5, ["2", "x"]),
    ]
    assert rows[1].text == '1,"one\r\ntwo"'


def test_lines_with_nothing_in_them_are_not_rows() -> None:
    assert cells(b'\n  \na,b\n\n,\n , \n\t\n"",""\n1,2\n\n') == [["a", "b"], ["1", "2"]]


def test_a_nul_stays_in_its_cell() -> None:
    assert cells(b"a,b\nA\x00B,2\n")[1] == ["A\x00B", "2"]


def test_the_separator_a_spreadsheet_program_announces_is_taken() -> None:
    assert cells(b"sep=|\na|b\n1|2\n") == [["a", "b"], ["1", "2"]]


def test_our_own_apostrophe_is_taken_off() -> None:
    assert cells(b"a,b\n'=1+1,\"'-2,5\"\n")[1] == ["=1+1", "-2,5"]


def test_an_open_quotation_mark_breaks_one_row_only() -> None:
    rows = read(b'a,b\n1,"open\n2,x\n3,y\n')
    assert [row.cells[0] for row in rows] == ["a", "1", "2", "3"]
    assert rows[1].problem is not None
    assert [row.problem for row in rows[2:]] == [None, None]
    assert [row.number for row in rows] == [1, 2, 3, 4]


def test_an_open_quotation_mark_does_not_swallow_rows_up_to_the_next_one() -> None:
    rows = read(b'a,b,c,d,e\n1,2,3,4,"open\n2,2,3,4,x\n3,2,3,4,"two\nlines"\n4,2,3,4,x\n')
    assert [(row.cells[0], row.problem is None) for row in rows[1:]] == [
        ("1", False),
        ("2", True),
        ("3", True),
        ("4", True),
    ]
    assert rows[3].cells[4] == "two\nlines"


def test_an_open_quotation_mark_does_not_swallow_a_quoted_row_that_follows_at_once() -> None:
    rows = read(b'a,b,c,d,e\n1,2,3,4,"open\n3,2,3,4,"two\nlines"\n"4","2","3","4","x"\n')
    assert [(row.cells[0], row.problem is None) for row in rows[1:]] == [("1", False), ("3", True), ("4", True)]


def test_a_line_break_in_the_first_cell_breaks_nothing() -> None:
    assert cells(b'a,b,c,d,e\n"one\ntwo",2,3,4,5\n')[1] == ["one\ntwo", "2", "3", "4", "5"]


def test_a_great_many_open_quotation_marks_cost_no_more_than_a_few() -> None:
    rows = read(b"a,b\n" + b'a"b,"c\n' * 20_000)
    assert len(rows) == 20_001


def test_a_cell_of_half_a_million_letters_is_a_cell() -> None:
    assert cells(b'a,b\n1,"' + b"x" * 500_000 + b'"\n')[1][1] == "x" * 500_000


def test_an_endless_line_is_one_broken_row_and_the_next_is_read() -> None:
    rows = read(b"a,b\n1," + b"x" * (3 * MAX_RECORD) + b"\n2,y\n")
    assert [row.cells[0] for row in rows] == ["a", "1", "2"]
    assert rows[1].problem is not None
    assert len(rows[1].text) < 20_000


@pytest.mark.parametrize("content", [b"", b"\r\n\r\n", b"\xef\xbb\xbf", b"   "])
def test_an_empty_file_is_told_as_empty(content: bytes) -> None:
    with pytest.raises(UnreadableFile, match="empty"):
        read(content)


class _Endless(io.RawIOBase):
    """A file of ``size`` bytes that is never in memory."""

    def __init__(self, line: bytes, size: int) -> None:
        self._line, self._size, self._at = line, size - size % len(line), 0

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        assert whence == 0
        self._at = offset
        return offset

    def read(self, size: int = -1) -> bytes:
        size = min(size, self._size - self._at)
        start = self._at % len(self._line)
        block = (self._line * (size // len(self._line) + 2))[start : start + size]
        self._at += size
        return block


@pytest.mark.parametrize(
    "line", [b"06DA/1/26,23/06/2026,Si\xc3\xa2n " + b"x" * 400 + b"\r\n", b'1,"' + b"x" * 400 + b"\n", b"x" * 4096]
)
def test_memory_does_not_grow_with_the_file(line: bytes) -> None:
    tracemalloc.start()
    try:
        rows = read_csv(cast(BinaryIO, _Endless(line, 12_000_000)))[2]
        count = sum(1 for _ in rows)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count
    assert peak < 12_000_000


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8), min_size=3, max_size=3),
        max_size=8,
    )
)
def test_what_a_csv_writer_writes_is_read_back(table: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([["a", "b", "c"], *table])
    kept = [[unguard(cell) for cell in row] for row in table if any(cell.strip() for cell in row)]
    assert [row for row in cells(text.getvalue().encode()) if any(cell.strip() for cell in row)] == [
        ["a", "b", "c"],
        *kept,
    ]


@given(
    st.binary(max_size=300)
    | st.lists(st.sampled_from([b'"', b",", b"\n", b"\r", b"a", b"\xe9", b"\x00", b"'", b"=", b";"])).map(b"".join)
)
def test_any_bytes_give_rows_or_a_clear_refusal(content: bytes) -> None:
    try:
        rows = read(content)
    except UnreadableFile:
        return
    numbers = [row.number for row in rows]
    assert numbers == sorted(set(numbers))
    assert all(row.cells for row in rows)
