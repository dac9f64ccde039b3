"""A stored file as a stream of raw rows: what it is, how it is written, and its cells as text.

Memory does not grow with the file: text is decoded as it is read and one record is held at a time.
Nothing here knows what the columns mean. Every record that holds anything comes out exactly once,
also one that is broken; lines with nothing in them (or only separators) are not records.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import BinaryIO, Final, Literal

import msgspec

from service.cells import unguard
from service.intake.files.parse.problems import UnreadableFile

#: Characters of one record. Longer ones are cut and marked: a quotation mark was left open.
MAX_RECORD: Final = 1_000_000
#: Lines of one record, for the same reason.
MAX_LINES: Final = 1_000
#: After so many open quotation marks a line end always ends the record.
MAX_OPEN_QUOTES: Final = 200
#: How much of a broken record is kept as its text.
KEPT_OF_BROKEN: Final = 10_000
_BLOCK: Final = 1 << 20
#: From so many columns on, a swallowed line with just as many cells is taken for a row of its own.
_TELLING_WIDTH: Final = 5

Encoding = Literal["utf-8", "windows-1252", "xlsx"]


class RawRow(msgspec.Struct, frozen=True, gc=False):
    """One record. ``number`` is its row as a spreadsheet counts (the header is a row, a blank line
    too), ``line`` the line of the file it begins on, ``problem`` what broke it.
    """

    number: int
    line: int
    cells: list[str]
    text: str
    problem: str | None = None


def read_csv(file: BinaryIO) -> tuple[Encoding, str, Iterator[RawRow]]:
    """The encoding, the separator and the records (the header first) of a seekable file.

    Raises ``UnreadableFile`` when there is no text in it. The iterator itself never raises on
    content.
    """
    encoding = find_encoding(file)
    codec, errors = ("utf-8-sig", "tracker-1252") if encoding == "utf-8" else ("cp1252", "tracker-1252")
    file.seek(0)
    lines = _Lines(
        io.TextIOWrapper(io.BufferedReader(_Unclosed(file), _BLOCK), encoding=codec, errors=errors, newline="")
    )
    first = lines.skip_blank()
    if first is None:
        raise UnreadableFile("The file is empty.", "Export it again and send it whole.")
    hint = re.fullmatch(r"sep=(.)\s*", first.lstrip("\ufeff"))
    if hint:
        return encoding, hint[1], _records(lines, hint[1])
    lines.push_back(first)
    separator = find_separator(first)
    return encoding, separator, _records(lines, separator)


def find_encoding(file: BinaryIO) -> Encoding:
    """UTF-8 when the whole file is, or says so by its byte-order mark; else Windows-1252.

    A file with both (two exports pasted together) is what most of its letters are: stray bytes of
    a UTF-8 file are then read as Windows-1252 one by one.
    """
    file.seek(0)
    marked = file.read(3) == codecs.BOM_UTF8
    file.seek(0)
    if marked:
        return "utf-8"
    decoder = codecs.getincrementaldecoder("utf-8")("tracker-count")
    good = bad = 0
    while True:
        block = file.read(_BLOCK)
        if block.isascii() and block and not decoder.getstate()[0]:
            continue
        text = decoder.decode(block, final=not block)
        wrong = text.count(_SPOILT)
        bad += wrong
        good += len(text) - len(text.encode("ascii", "ignore")) - wrong
        if not block:
            return "utf-8" if bad == 0 or good > bad else "windows-1252"


def find_separator(header: str) -> str:
    """Comma, semicolon or tab: the one that cuts the header line into most cells."""
    return max(",;\t", key=lambda candidate: len(next(csv.reader([header], delimiter=candidate), [])))


class _Unclosed(io.RawIOBase):
    """Lets a text wrapper read a file that it must not close."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # typeshed's buffer is wider
        block = self._file.read(len(buffer))
        buffer[: len(block)] = block
        return len(block)


class _Lines:
    """Lines with their ends kept, counted, and given back when a record took too many."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._returned: list[str] = []
        self.number = 0

    def next(self) -> str | None:
        line = self._returned.pop() if self._returned else self._text.readline(MAX_RECORD)
        if not line:
            return None
        self.number += 1
        return line

    def push_back(self, line: str) -> None:
        self._returned.append(line)
        self.number -= 1

    def skip_blank(self) -> str | None:
        while (line := self.next()) is not None:
            if line.strip():
                return line
        return None


def _records(lines: _Lines, separator: str) -> Iterator[RawRow]:
    number = lines.number
    width = 0
    allowed = MAX_OPEN_QUOTES
    blank = re.compile(rf"[\s{re.escape(separator)}]*")
    while (line := lines.next()) is not None:
        number += 1
        if blank.fullmatch(line):
            continue
        if len(line) >= MAX_RECORD and not line.endswith(("\n", "\r")):
            row = _overlong(lines, number, line, separator)
        elif '"' in line:
            row = _quoted(lines, number, line, separator, width, allowed > 0)
            allowed -= row.problem is not None
            if row.problem is None and not any(cell.strip() for cell in row.cells):
                continue
        else:
            text = line.rstrip("\r\n")
            cells = text.split(separator)
            row = RawRow(number, lines.number, _unguarded(cells) if "'" in text else cells, text)
        width = width or len(row.cells)
        yield row


def _quoted(lines: _Lines, number: int, line: str, separator: str, width: int, may_span: bool) -> RawRow:
    """A record with quotation marks, which may span lines.

    A mark that is never closed would swallow the rows after it. It is recognised by the end of the
    file, by its length, by a "closing" mark with more text behind it, or by a swallowed line that is
    a whole row by itself; then this line alone is broken and reading goes on with the next.
    """
    begun = lines.number
    taken = [line]
    ran_out = False

    def feed() -> Iterator[str]:
        nonlocal ran_out
        yield line
        size = len(line)
        while may_span and size < MAX_RECORD and len(taken) < MAX_LINES:
            more = lines.next()
            if more is None:
                break
            taken.append(more)
            size += len(more)
            yield more
        ran_out = True

    cells = next(csv.reader(feed(), delimiter=separator), [])
    if not ran_out and (len(taken) == 1 or _is_one_record(taken, separator, width)):
        return RawRow(number, begun, _unguarded(cells), "".join(taken).rstrip("\r\n"))
    for more in reversed(taken[1:]):
        lines.push_back(more)
    return RawRow(
        number,
        begun,
        _unguarded(next(csv.reader([line], delimiter=separator), [])),
        line.rstrip("\r\n"),
        "A quotation mark is opened in this row and not closed. Close it, or double it where it belongs to the text.",
    )


def _is_one_record(taken: list[str], separator: str, width: int) -> bool:
    try:
        next(csv.reader(taken, delimiter=separator, strict=True))
    except csv.Error:
        return False
    return not any(_is_whole(line, separator, width) for line in taken[1:-1])


def _is_whole(line: str, separator: str, width: int) -> bool:
    return (
        width >= _TELLING_WIDTH
        and line.count(separator) >= width - 1
        and len(next(csv.reader([line], delimiter=separator), [])) == width
    )


def _overlong(lines: _Lines, number: int, line: str, separator: str) -> RawRow:
    begun = lines.number
    while (more := lines.next()) is not None and not more.endswith(("\n", "\r")):
        pass
    lines.number = begun
    text = line[:KEPT_OF_BROKEN]
    problem = f"This row is longer than {MAX_RECORD:,} characters. Export it again, or shorten its text."
    return RawRow(number, begun, text.split(separator), text, problem)


def _unguarded(cells: list[str]) -> list[str]:
    return [unguard(cell) for cell in cells]


def _windows_1252(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are not UTF-8, one by one as Windows-1252; its five gaps become control
    characters, so that the row is refused for them by the rules and not lost.
    """
    if not isinstance(error, UnicodeDecodeError):
        raise error
    spoilt = error.object[error.start : error.end]
    return "".join(_LETTERS_1252[byte] for byte in spoilt), error.end


def _one_mark_each(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return _SPOILT * (error.end - error.start), error.end


_SPOILT: Final = "\udcff"
_LETTERS_1252: Final = tuple(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256))
codecs.register_error("tracker-1252", _windows_1252)
codecs.register_error("tracker-count", _one_mark_each)
# The csv module's limit belongs to the process and is 131,072 characters a cell; records are limited above.
csv.field_size_limit(4 * MAX_RECORD)
