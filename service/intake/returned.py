"""The file of refused and held rows: what was sent, mendable, and sendable again as it stands."""

from collections.abc import Iterable, Sequence

from service.cells import csv_line
from service.intake.outcomes import Reason
from service.intake.source import OWN_COLUMNS, Header

#: So that spreadsheet programs read it as UTF-8.
BYTE_ORDER_MARK = "\ufeff"


def returned_heading(header: Header) -> str:
    """The first line: the source's columns in their order, then ``row`` and ``reasons``."""
    return BYTE_ORDER_MARK + csv_line([*header.source_cells(header.columns), *OWN_COLUMNS])


def returned_line(header: Header, number: int, cells: Sequence[str], reasons: Iterable[Reason]) -> str:
    """One row as it was read, its number in the file it came from, and every reason.

    A row with too few cells gets blank ones, so that ``row`` and ``reasons`` stand in their
    columns; cells beyond the heading are kept in the last one, with the separators they had.
    """
    own = header.source_cells(header.columns)
    kept = list(cells)
    if len(kept) > len(header.columns):
        last = len(header.columns) - 1
        kept[last:] = [",".join(kept[last:])]
    kept += [""] * (len(header.columns) - len(kept))
    told = " ".join(str(reason) for reason in reasons)
    return csv_line([*header.source_cells(kept)[: len(own)], str(number), told])
