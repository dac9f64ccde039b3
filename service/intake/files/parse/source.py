"""A stored police file opened: what it is, which column holds what, and its rows in order."""

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

import msgspec

from service.intake.files.parse.problems import UnreadableFile
from service.intake.files.parse.profile import FeedProfile, Split, field_columns, fold
from service.intake.files.parse.reading import Encoding, RawRow, read_csv
from service.intake.files.parse.workbook import check_xlsx, read_xlsx

#: Columns that our own file of refused rows adds; ignored when it is sent again.
OWN_COLUMNS: Final = ("row", "reasons")


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """The file's columns. ``places`` gives a field's column by position; ``own`` are the positions
    of the columns we added ourselves; ``unused`` names the others that no field takes.
    """

    columns: tuple[str, ...]
    places: dict[str, int]
    own: tuple[int, ...]
    unused: tuple[str, ...]

    def source_cells(self, cells: Sequence[str]) -> list[str]:
        """``cells`` without the columns we added."""
        return [cell for place, cell in enumerate(cells) if place not in self.own] if self.own else list(cells)


class Source(msgspec.Struct, kw_only=True):
    """An opened file; ``rows`` can be gone through once."""

    encoding: Encoding
    separator: str
    header: Header
    rows: Iterator[RawRow]


def open_source(file: BinaryIO, profile: FeedProfile) -> Source:
    """Opens a seekable file; raises ``UnreadableFile`` with what was found and what was expected.

    A workbook is gone through once here, so that whatever is wrong with it is known before any of
    its rows is taken.
    """
    file.seek(0)
    start = file.read(8)
    _refuse_other_kinds(start)
    encoding: Encoding = "xlsx"
    separator = ","
    if start.startswith(b"PK"):
        check_xlsx(file)
        rows = read_xlsx(file)
    else:
        encoding, separator, rows = read_csv(file)
    first = next(rows, None)
    if first is None:
        raise UnreadableFile("The file holds no column names.", "Export it again and send it whole.")
    return Source(encoding=encoding, separator=separator, header=match_header(first.cells, profile), rows=rows)


def match_header(cells: Sequence[str], profile: FeedProfile) -> Header:
    """Finds the profile's columns among ``cells``, in any order, whatever their case and spacing."""
    columns = tuple(cell.strip().lstrip("\ufeff") for cell in cells)
    folded = [fold(column) for column in columns]
    wanted = {field: fold(column) for field, column in field_columns(profile).items()}
    missing = [
        column
        for field, column in field_columns(profile).items()
        if fold(column) not in folded and not _is_optional(field, profile)
    ]
    twice = sorted(
        {column for column in columns if column and folded.count(fold(column)) > 1 and fold(column) in wanted.values()}
    )
    if missing or twice:
        raise _wrong_header(columns, missing, twice, profile)
    places = {field: folded.index(column) for field, column in wanted.items() if column in folded}
    own = tuple(place for place, column in enumerate(folded) if column in OWN_COLUMNS and place not in places.values())
    taken = {*places.values(), *own}
    unused = tuple(column for place, column in enumerate(columns) if place not in taken and column)
    return Header(columns=columns, places=places, own=own, unused=unused)


def _is_optional(field: str, profile: FeedProfile) -> bool:
    if field in profile.optional:
        return True
    base = field.rpartition("_")[0]
    return base in profile.optional and isinstance(getattr(profile.columns, base, None), Split)


def _wrong_header(columns: Sequence[str], missing: list[str], twice: list[str], profile: FeedProfile) -> UnreadableFile:
    wrong = []
    if missing:
        wrong.append(f"These columns are missing: {', '.join(missing)}.")
    if twice:
        wrong.append(f"These columns appear more than once: {', '.join(twice)}.")
    found = ", ".join(_printable(column) for column in columns[:40]) or "nothing"
    expected = ", ".join(field_columns(profile).values())
    wrong.append(f"The first line has: {found}.")
    return UnreadableFile(
        " ".join(wrong),
        f"A file of the feed {profile.name} ({profile.title}) starts with these columns, in any order: {expected}.",
    )


def _printable(text: str) -> str:
    shown = re.sub(r"[^\x20-\x7e\u00a0-\ud7ff\ue000-\U0010ffff]", "�", text[:60])
    return shown or "(blank)"


def _refuse_other_kinds(start: bytes) -> None:
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile(
            "This is an old Excel file (.xls) or one with a password.", "Save it as .xlsx without one."
        )
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFile("This file is written in UTF-16.", "Save it as “CSV UTF-8” and send it again.")
    if start.startswith(b"%PDF"):
        raise UnreadableFile("This is a PDF.", "Send the export itself, as CSV or .xlsx.")
