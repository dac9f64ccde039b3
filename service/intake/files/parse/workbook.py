"""An Excel workbook (.xlsx) as a stream of raw rows, within bounds whatever is in it.

Read with the standard library's zip and Expat instead of a workbook library, for measured reasons
(200,000 rows of 15 cells): python-calamine builds the whole sheet as a dense matrix (258 MB) and
copies every shared string into it, so that a file of a few kilobytes can ask for gigabytes, and it
gives a midnight and a bare date as the same value; openpyxl streams, but takes more than twice as
long (34 s with number formats, against 14 s). Tests compare the cells with python-calamine's.

Cells become text as the sheet shows them: dates and times in ISO form, formulas as the value that
was stored with them. Cells a row does not have are blank: a workbook knows no ragged rows.
"""

import re
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from typing import BinaryIO, Final
from xml.parsers import expat

from service.cells import csv_line, unguard
from service.intake.files.parse.number_formats import Shows, shown_by
from service.intake.files.parse.package import SAVE_AGAIN, Package, damage_told, local
from service.intake.files.parse.problems import UnreadableFile
from service.intake.files.parse.reading import MAX_RECORD, RawRow

#: Rows of data a workbook may hold; a larger export belongs in a CSV file.
MAX_ROWS: Final = 200_000
MAX_COLUMNS: Final = 256
#: Bytes of memory for the texts that cells share.
MAX_SHARED: Final = 200_000_000
#: The last row that a sheet can have.
_LAST_ROW: Final = 1_048_576
#: How a workbook writes a character that XML cannot hold, and an underscore that would look like one (ST_Xstring).
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")
_EPOCH_1900: Final = datetime.fromisoformat("1899-12-30")  # local, without a zone, as a sheet's times are
_EPOCH_1904: Final = datetime.fromisoformat("1904-01-01")

Attributes = dict[str, str]


def check_xlsx(file: BinaryIO) -> None:
    """Goes through the whole workbook; raises ``UnreadableFile`` for whatever is wrong with it."""
    for _ in _filled_rows(file):
        pass


def read_xlsx(file: BinaryIO) -> Iterator[RawRow]:
    """The records of the first visible sheet, the header first; blank rows are left out.

    Raises ``UnreadableFile``, possibly late: ``check_xlsx`` before taking anything from it.
    """
    width = 0
    for number, found in _filled_rows(file):
        width = width or len(found)
        if len(found) != width:
            found += [""] * (width - len(found))
            while len(found) > width and not found[-1].strip():
                found.pop()
        yield RawRow(number, number, [unguard(cell) for cell in found], csv_line(found)[:-2])


def _filled_rows(file: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    package = Package(file)
    count = 0
    with damage_told():
        book = _Book(package)
        cells = _Cells(_shared_strings(package, book.strings), _shows(package, book.styles), book.epoch)
        rows = _Sheet(cells)
        for _ in package.parse(book.sheet, rows.parser):
            for number, found in rows.take():
                if not any(found) or not any(cell.strip() for cell in found):
                    continue
                count += 1
                if count > MAX_ROWS + 1:
                    raise UnreadableFile(f"This workbook has more than {MAX_ROWS:,} rows.", "Export it as CSV.")
                yield number, found
    if not count:
        raise UnreadableFile("The first sheet of this workbook is empty.", "Put the export on the first sheet.")


def _parser(start: Callable[[str, Attributes], None]) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    return parser


class _Book:
    """Where the parts are: ``sheet`` is the first one that is a worksheet and not hidden."""

    def __init__(self, package: Package) -> None:
        main = next(iter(_related(package, "", "/officeDocument").values()), "xl/workbook.xml")
        sheets: list[tuple[str, str]] = []
        self.epoch = _EPOCH_1900

        def start(name: str, attributes: Attributes) -> None:
            kind = local(name)
            if kind == "workbookPr" and attributes.get("date1904") in ("1", "true"):
                self.epoch = _EPOCH_1904
            elif kind == "sheet":
                ids = [value for key, value in attributes.items() if key.endswith(":id")]
                sheets.append((attributes.get("state", "visible"), ids[0] if ids else ""))

        package.read(main, _parser(start))
        worksheets = _related(package, main, "/worksheet")
        visible = [worksheets[key] for state, key in sheets if state == "visible" and key in worksheets]
        if not visible:
            raise UnreadableFile("This workbook has no sheet to read.", "Put the export on the first sheet.")
        self.sheet = visible[0]
        self.strings = next(iter(_related(package, main, "/sharedStrings").values()), "")
        self.styles = next(iter(_related(package, main, "/styles").values()), "")


def _related(package: Package, part: str, kind: str) -> dict[str, str]:
    folder, _, name = part.rpartition("/")
    listing = f"{folder}/_rels/{name}.rels".lstrip("/")
    found: dict[str, str] = {}

    def start(tag: str, attributes: Attributes) -> None:
        if local(tag) == "Relationship" and attributes.get("Type", "").endswith(kind):
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/")
            found[attributes.get("Id", "")] = path

    if listing in package:
        package.read(listing, _parser(start))
    return found


def _shared_strings(package: Package, part: str) -> list[str]:
    strings: list[str] = []
    pieces: list[str] = []
    inside = phonetic = False
    left = MAX_SHARED

    def start(name: str, _: Attributes) -> None:
        nonlocal inside, phonetic
        kind = local(name)
        inside = kind == "t" and not phonetic
        phonetic = phonetic or kind == "rPh"

    def end(name: str) -> None:
        nonlocal inside, phonetic, left
        kind = local(name)
        inside = False
        if kind == "rPh":
            phonetic = False
        elif kind == "si":
            text = _unescaped("".join(pieces))
            pieces.clear()
            strings.append(text)
            left -= sys.getsizeof(text) + 8
            if left < 0:
                raise UnreadableFile("The texts in this workbook are too long altogether.", "Export it as CSV.")

    def characters(text: str) -> None:
        if inside:
            pieces.append(text)

    if part and part in package:
        parser = _parser(start)
        parser.EndElementHandler = end
        parser.CharacterDataHandler = characters
        package.read(part, parser)
    return strings


def _shows(package: Package, part: str) -> list[Shows]:
    """For every cell style, whether its number format shows a date, a time, both or a number."""
    formats: dict[int, str] = {}
    styles: list[int] = []
    inside = False

    def start(name: str, attributes: Attributes) -> None:
        nonlocal inside
        kind = local(name)
        if kind == "numFmt":
            formats[int(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")
        elif kind == "cellXfs":
            inside = True
        elif kind == "xf" and inside:
            styles.append(int(attributes.get("numFmtId", "0")))

    def end(name: str) -> None:
        nonlocal inside
        inside = inside and local(name) != "cellXfs"

    if part and part in package:
        parser = _parser(start)
        parser.EndElementHandler = end
        package.read(part, parser)
    return [shown_by(style, formats.get(style)) for style in styles]


class _Cells:
    """A cell's text from what is stored for it."""

    def __init__(self, strings: list[str], shows: list[Shows], epoch: datetime) -> None:
        self._strings = strings
        self._shows = {str(index): kind for index, kind in enumerate(shows)}
        self._epoch = epoch
        self._times: dict[tuple[Shows, str], str] = {}

    def text(self, kind: str, style: str, stored: str) -> str:
        if kind == "s":
            return self._strings[int(stored)] if stored else ""
        if kind == "b":
            return "TRUE" if stored.strip() == "1" else "FALSE"
        if kind != "n" or not stored:
            return _unescaped(stored)
        shows = self._shows.get(style, "number")
        if shows == "number":
            value = float(stored)
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else stored
        key = (shows, stored)
        known = self._times.get(key)
        if known is None:
            if len(self._times) > 100_000:
                self._times.clear()
            known = self._times[key] = self._time(float(stored), shows)
        return known

    def _time(self, serial: float, shows: Shows) -> str:
        if self._epoch is _EPOCH_1900 and 1 <= serial < 60:
            serial += 1  # that calendar has a 29 February 1900
        try:
            moment = self._epoch + timedelta(seconds=round(serial * 86_400))
        except (OverflowError, ValueError):
            return str(serial)
        shown = moment.isoformat(" ", "seconds" if moment.second else "minutes")
        if shows == "time" or (shows == "both" and 0 <= serial < 1):
            return shown[11:]
        return shown[:10] if shows == "date" else shown


class _Sheet:
    """Collects rows from the events of one sheet; ``take`` hands over the finished ones."""

    def __init__(self, cells: _Cells) -> None:
        self._cells = cells
        self._done: list[tuple[int, list[str]]] = []
        self._row: list[str] = []
        self._number = 0
        self._column = 0
        self._kind = self._style = self._stored = ""
        self._inside = self._phonetic = False
        self.parser = _parser(self._start)
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def take(self) -> list[tuple[int, list[str]]]:
        done, self._done = self._done, []
        return done

    def _start(self, name: str, attributes: Attributes) -> None:
        kind = local(name) if ":" in name else name
        if kind == "c":
            place = attributes.get("r")
            self._column = column = _column(place.rstrip("0123456789")) if place else len(self._row)
            if column < len(self._row):
                raise UnreadableFile("The cells of this sheet are not in their order.", SAVE_AGAIN)
            if column >= MAX_COLUMNS:
                raise UnreadableFile(f"This sheet has cells beyond column {MAX_COLUMNS}.", "Delete them.")
            self._kind = attributes.get("t", "n")
            self._style = attributes.get("s", "0")
            self._stored = ""
        elif kind == "v" or (kind == "t" and not self._phonetic):
            self._inside = True
        elif kind == "row":
            before, self._number = self._number, int(attributes.get("r", self._number + 1))
            if not before < self._number <= _LAST_ROW:
                raise UnreadableFile("The rows of this sheet are not in their order.", SAVE_AGAIN)
            self._row = []
        elif kind == "rPh":
            self._phonetic = True

    def _end(self, name: str) -> None:
        kind = local(name) if ":" in name else name
        if kind == "c":
            row = self._row
            if len(row) < self._column:
                row += [""] * (self._column - len(row))
            row.append(self._cells.text(self._kind, self._style, self._stored))
        elif kind in ("v", "t"):
            self._inside = False
        elif kind == "row":
            self._done.append((self._number, self._row))
        elif kind == "rPh":
            self._phonetic = False

    def _characters(self, text: str) -> None:
        if self._inside:
            self._stored += text
            if len(self._stored) > MAX_RECORD:
                raise UnreadableFile(f"A cell of this sheet is longer than {MAX_RECORD:,} characters.", "Shorten it.")


def _unescaped(text: str) -> str:
    """Text with the characters that the workbook writes as ``_x000D_`` and the like."""
    if "_x" not in text:
        return text
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@lru_cache(maxsize=MAX_COLUMNS)
def _column(letters: str) -> int:
    """The column of letters such as ``AB``, from 0; too many give ``MAX_COLUMNS``."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
        if not 0 < column <= MAX_COLUMNS:
            return MAX_COLUMNS
    return column - 1
