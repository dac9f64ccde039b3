"""One table: the same on the page, on a sheet, in print and as a file."""

from collections.abc import Sequence
from typing import Any, Final, Literal

import msgspec

from service.reports.board.rules import words
from service.reports.measures.figures import Estimate

#: What a column holds. ``lasting`` and ``likely`` hold an `Estimate`, of minutes and of a share.
Kind = Literal["text", "count", "number", "share", "minutes", "day", "lasting", "likely"]
ESTIMATES = ("lasting", "likely")


class Column(msgspec.Struct, frozen=True):
    """A column, and what it means where the name does not say."""

    name: str
    kind: Kind = "text"
    means: str = ""

    @property
    def numeric(self) -> bool:
        """Whether its numbers stand in one line below each other."""
        return self.kind in {"count", "number", "share"}

    @property
    def unit(self) -> str:
        """What one of its numbers is."""
        return {"share": "share from 0 to 1", "likely": "share from 0 to 1", "minutes": "minutes", "lasting": "minutes",
                "day": "day", "text": ""}.get(self.kind, "number")  # fmt: skip


class Of(msgspec.Struct, frozen=True):
    """A cell of another kind than its column's, where the rows of one table are of several; files hold its value."""

    value: Any
    kind: Kind


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table. ``key`` names its sheet; ``means`` is its definition; cells are values, told as words by ``say``.

    ``lead``: what it says in a sentence or two, which stands open where the table itself is folded away.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    lead: str = ""
    means: str = ""
    notes: tuple[str, ...] = ()

    @property
    def said(self) -> tuple[str, ...]:
        """What is said of the whole table, for files."""
        return tuple(text for text in (self.lead, *self.notes) if text)


#: In place of an age where nobody waits: it is not that it would not be known.
NOBODY: Final = "nobody"


def say(value: Any, kind: Kind) -> str:
    """A cell in words, for pages and print."""
    if isinstance(value, Of):
        return say(value.value, value.kind)
    if value == NOBODY:
        return NOBODY
    if isinstance(value, Estimate):
        return words.share(value) if kind == "likely" else words.lasting(value)
    if kind == "minutes":
        return words.length(value)
    if kind == "share":
        return words.percent(value)
    if kind == "number":
        return words.number(value)
    if kind == "count":
        return words.count(value)
    if kind == "day":
        return words.NOT_KNOWN if value is None else words.day(value)
    return "" if value is None else str(value)


def told(table: Table) -> list[list[str]]:
    """The rows of a table in words."""
    return [[say(cell, column.kind) for cell, column in zip(row, table.columns, strict=True)] for row in table.rows]


def explained(table: Table) -> list[str]:
    """What columns mean, in words for paper, where nothing can be pointed at."""
    return [f"{column.name}: {column.means}." for column in table.columns if column.means]


def by_key(tables: Sequence[Table]) -> dict[str, Table]:
    """Tables by what they are called."""
    return {table.key: table for table in tables}
