"""The file of refused and held rows: what was sent, mendable, and sendable again as it stands."""

from collections.abc import Iterable, Sequence

from service.cells import csv_line
from service.intake.files.parse.source import OWN_COLUMNS, Header

#: So that spreadsheet programs read it as UTF-8.
BYTE_ORDER_MARK = "\ufeff"


def returned_heading(header: Header) -> str:
    """The first line: the source's columns in their order, then ``row`` and ``reasons``."""
    return BYTE_ORDER_MARK + csv_line([*header.source_cells(header.columns), *OWN_COLUMNS])


def returned_line(header: Header, number: int, cells: Sequence[str], reasons: Iterable[object]) -> str:
    """One row as it was read, its number in the file it came from, and every reason.

    A row with too few or too many cells keeps them: filled up it could be taken, unmended, for
    something nobody sent.
    """
    told = " ".join(str(reason) for reason in reasons)
    return csv_line([*header.source_cells(cells), str(number), told])
