"""The board's data as one long file: one number a line, with the dictionary of its columns as another."""

from collections.abc import Iterator, Sequence
from typing import Final

from service.cells import csv_line
from service.reports.board.rules.sheets import cells, header
from service.reports.board.rules.tables import Table
from service.reports.board.rules.trusting import DEFINITIONS

_LABELS: Final = ("text", "day")
_NOTE: Final = "note"
COLUMNS: Final = ("table", "row", "column", "value")
_FIRST: Final = "\ufeff"


def data(tables: Sequence[Table]) -> str:
    """Everything of every table: table, row, column, value (a number, a shorthand with its words, or words).

    A row is named by what stands before its first number, in a table of words by its first cell; what is said of a
    whole table stands in the row ``note``.
    """
    return _FIRST + csv_line(COLUMNS) + "".join(csv_line(line) for line in _lines(tables))


def _lines(tables: Sequence[Table]) -> Iterator[tuple[str, str, str, str]]:
    for table in tables:
        for note in table.said:
            yield table.key, _NOTE, "", note
        names, labels = header(table.columns), _labels(table)
        for row in table.rows:
            label = " / ".join(str(value) for value in row[:labels] if value)
            # A label is one cell wide, so that the rest begins where the labels end.
            for name, value in zip(names[labels:], cells(row, table.columns)[labels:], strict=True):
                yield table.key, label, name, str(value)


def _labels(table: Table) -> int:
    """How many columns name a row."""
    first = next((n for n, column in enumerate(table.columns) if column.kind not in _LABELS), None)
    return 1 if first is None else first


def dictionary(tables: Sequence[Table]) -> str:
    """What each column of each table holds, and what every figure means."""
    lines: list[tuple[str, ...]] = [
        (table.key, table.title, column.name, column.kind, column.unit, column.means or table.means)
        for table in tables
        for column in table.columns
    ]
    lines += [
        (table.key, table.title, str(figure), "figure", str(unit), str(meaning))
        for table in tables
        if table.key == DEFINITIONS
        for figure, unit, _, meaning, *_ in table.rows
    ]
    names = ("table", "title", "column", "kind", "unit", "meaning")
    return _FIRST + csv_line(names) + "".join(csv_line(line) for line in lines)
