"""Tables as sheets of a workbook, by the government's guidance on releasing statistics in spreadsheets.

One table to a sheet, its header in one row, no merged cell, no blank row or column within it, nothing told by colour.
A cell without a number holds a shorthand that the notes explain: ``[c]`` for a number that is not told lest a child be
recognised (with its range in a column of its own where one is told), ``[x]`` for one that is not known.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from textwrap import wrap
from typing import Any, Final

import msgspec

from service.reports.board.rules.tables import ESTIMATES, NOBODY, Column, Of, Table
from service.reports.disclosure.hidden import is_hidden
from service.reports.measures.figures import Estimate

CONFIDENTIAL: Final = "[c]"
NOT_KNOWN: Final = "[x]"
NONE_TOLD: Final = "[z]"
SHORTHANDS: Final = (
    (CONFIDENTIAL, "Not told, so that no child can be recognised; what may be told of it follows in words"),
    (NOT_KNOWN, "Not known, or not estimable"),
    (NONE_TOLD, "Does not apply"),
)
_LONGEST_NAME: Final = 31

#: The narrowest and the widest that a column is made, in characters; more than that is wrapped.
_NARROW, _WIDE = 12, 60

#: What a cell of a sheet holds: a number, a day or a text. Never nothing.
Value = float | int | date | str


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One sheet: what stands above its table, the header, and the rows."""

    name: str
    title: str
    above: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]

    @property
    def widths(self) -> list[int]:
        """How wide each column is, in characters, so that nothing is cut off and no line is too long to be read."""
        return [
            min(_WIDE, max(_NARROW, longest_word(name), *(len(str(row[n])) for row in self.rows)))
            for n, name in enumerate(self.header)
        ]


def longest_word(text: str) -> int:
    """How many characters the longest word of a header has: headers are wrapped."""
    return max((len(word) for word in text.split()), default=0)


def lines(row: Sequence[Value], widths: Sequence[int]) -> int:
    """How many lines the tallest cell of a row takes in columns of these widths."""
    tall = [len(wrap(value, width)) for value, width in zip(row, widths, strict=True) if isinstance(value, str)]
    return max(tall, default=1)


def header(columns: Sequence[Column]) -> list[str]:
    """The names of a table's columns, an estimate's with those of its interval and number."""
    names: list[str] = []
    for column in columns:
        unit = f" ({column.unit})" if column.kind in ("minutes", "share", *ESTIMATES) else ""
        names.append(f"{column.name}{unit}")
        if column.kind in ESTIMATES:
            names += [f"{column.name}: {part}" for part in ("lowest likely", "highest likely", "resting on")]
    return names


def cells(row: Sequence[Any], columns: Sequence[Column]) -> list[Value]:
    """The cells of one row."""
    found: list[Value] = []
    for value, column in zip(row, columns, strict=True):
        if column.kind in ESTIMATES:
            found += _estimate(value)
        else:
            found.append(cell(value))
    return found


def cell(value: Any) -> Value:
    """One value."""
    if isinstance(value, Of):
        return cell(value.value)
    if value is None:
        return NOT_KNOWN
    if is_hidden(value):
        return f"{CONFIDENTIAL} {value}"
    if isinstance(value, str):
        return NONE_TOLD if value in ("", NOBODY) else value
    if isinstance(value, float):
        return round(value, 4)
    return value if isinstance(value, int | date) else str(value)


def _estimate(value: Estimate | None) -> list[Value]:
    if value is None:
        return [NONE_TOLD] * 4
    number = cell(value.value)
    if value.value is None and value.at_least is not None:
        number = f"{NOT_KNOWN} at least {cell(value.at_least)}"
    return [number, cell(value.low), cell(value.high), cell(value.n)]


def sheet(table: Table) -> Sheet:
    """A table as a sheet."""
    return Sheet(
        name=_name(table.key),
        title=table.title,
        above=tuple(text for text in (table.means, *table.said) if text),
        header=tuple(header(table.columns)),
        rows=tuple(tuple(cells(row, table.columns)) for row in table.rows),
    )


def _name(key: str) -> str:
    return key.replace("_", " ").capitalize()[:_LONGEST_NAME]


def workbook(title: str, about: Iterable[str], tables: Sequence[Table]) -> list[Sheet]:
    """A whole workbook: cover, contents, notes, then one sheet for each table.

    Args:
        title: of the workbook.
        about: whom and when it is about, line by line.
        tables: in order.
    """
    made = [sheet(table) for table in tables]
    cover = Sheet(
        name="Cover", title=title, above=(), header=("About this workbook",), rows=tuple((line,) for line in about)
    )
    contents = Sheet(
        name="Contents",
        title="Contents",
        above=("One table stands on each sheet.",),
        header=("Sheet", "Table"),
        rows=(("Notes", "Shorthands used in the tables"), *((each.name, each.title) for each in made)),
    )
    notes = Sheet(
        name="Notes",
        title="Notes",
        above=("Some cells of the tables hold a shorthand instead of a number.",),
        header=("Shorthand", "Meaning"),
        rows=SHORTHANDS,
    )
    return [cover, contents, notes, *made]
