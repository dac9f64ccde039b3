"""The board's data as one long file: one number a line, with the dictionary of its columns as another."""

from collections.abc import Iterator, Sequence
from typing import Final

from service.cells import csv_line
from service.reports.board.rules.sheets import cells, header
from service.reports.board.rules.tables import ESTIMATES, Table

_LABELS: Final = ("text", "day")
COLUMNS: Final = ("table", "row", "column", "value")
_FIRST: Final = "\ufeff"


def data(tables: Sequence[Table]) -> str:
    """Every number of every table: table, row, column, value (a number, or a shorthand with its words)."""
    return _FIRST + csv_line(COLUMNS) + "".join(csv_line(line) for line in _lines(tables))


def _lines(tables: Sequence[Table]) -> Iterator[tuple[str, str, str, str]]:
    for table in tables:
        names = header(table.columns)
        for row in table.rows:
            label = " / ".join(
                str(value) for value, column in zip(row, table.columns, strict=True) if column.kind in _LABELS and value
            )
            place = 0
            values = cells(row, table.columns)
            for column in table.columns:
                width = 4 if column.kind in ESTIMATES else 1
                if column.kind not in _LABELS:
                    for name, value in zip(names[place : place + width], values[place : place + width], strict=True):
                        yield table.key, label, name, str(value)
                place += width


def dictionary(tables: Sequence[Table]) -> str:
    """What each column of each table holds."""
    lines = [
        (table.key, table.title, column.name, column.kind, column.unit, column.means or table.means)
        for table in tables
        for column in table.columns
    ]
    names = ("table", "title", "column", "kind", "unit", "meaning")
    return _FIRST + csv_line(names) + "".join(csv_line(line) for line in lines)
