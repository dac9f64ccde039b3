"""Every measure that the API gives is in the data file and the sheets, found by its value."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any, Literal

import msgspec
from msgspec import inspect

from service.reports.board import csv as board_csv
from service.reports.board import printing
from service.reports.board.asking import Asked
from service.reports.board.rules import pictures
from service.reports.board.rules.sheets import workbook
from service.reports.board.rules.words import AS_THEY_ARE_NOW
from service.reports.board.service import Board, data
from service.reports.commentary.findings import Commentary
from service.reports.measures.figures import BoardFigures

#: Fields that are no measure of their own, and why.
NOT_MEASURES = {
    # How many incidents or children stand behind a number decides what may be shown of it.
    "behind",
    "behind_parts",
    # The same struct stands among the stages.
    "police.incidents",
    "protection.requested_to_held",
    # Points of a picture: what has become of everybody at the horizon stands in the ways out.
    "routes",
    # The days of single events: drawn for who sees records, and in the records themselves.
    "queues.days",
    # Days whose share within a horizon is told; the number of them is in the name of the column.
    "fairness.horizon",
    # A worker is numbered and not named.
    "workers.id",
    "teams.id",
}
#: Numbers that stand elsewhere: on the cover, or in the place of an estimate that there is not.
TOLD_OTHERWISE = {"known.uncounted", "at_least"}


class Filler:
    """Makes any of the structs of a report, no number of it twice."""

    def __init__(self) -> None:
        self._next = 100_000

    def number(self) -> int:
        self._next += 1
        return self._next

    def of(self, kind: inspect.Type, path: str) -> Any:
        if isinstance(kind, inspect.StructType):
            return kind.cls(**{each.name: self.of(each.type, f"{path}.{each.name}") for each in kind.fields})
        if isinstance(kind, inspect.ListType | inspect.VarTupleType):
            one = [self.of(kind.item_type, path)]
            return one if isinstance(kind, inspect.ListType) else tuple(one)
        if isinstance(kind, inspect.TupleType):
            return tuple(self.of(each, path) for each in kind.item_types)
        if isinstance(kind, inspect.DictType):
            if "front_door.outcomes" in path and isinstance(kind.value_type, inspect.IntType):
                # What was decided is named alike in all and in each grade.
                return {"advice": self.number()}
            return {self.of(kind.key_type, path): self.of(kind.value_type, path)}
        if isinstance(kind, inspect.UnionType):
            return self.of(next(each for each in kind.types if not isinstance(each, inspect.NoneType)), path)
        return self._plain(kind, path)

    def _plain(self, kind: inspect.Type, path: str) -> Any:
        if isinstance(kind, inspect.LiteralType):
            return kind.values[0]
        if isinstance(kind, inspect.BoolType):
            return True
        if isinstance(kind, inspect.IntType):
            return self.number()
        if isinstance(kind, inspect.FloatType):
            return self.number() + 0.5
        if isinstance(kind, inspect.DateType):
            return date(2026, 10, 5)
        if isinstance(kind, inspect.DateTimeType):
            return datetime(2026, 11, 1, tzinfo=UTC)
        assert isinstance(kind, inspect.StrType), kind
        # The key of a batch is the hour that it left in.
        return "2026-10-05T13:00:00+00:00" if path.endswith("batches.key") else f"word {self.number()}"


def numbers(value: Any, path: str = "") -> Iterator[tuple[str, float]]:
    """Every number of a report with where it stands."""
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from numbers(getattr(value, name), f"{path}.{name}" if path else name)
    elif isinstance(value, dict):
        for each in value.values():
            yield from numbers(each, path)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from numbers(each, path)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path, value


def wanted(path: str) -> bool:
    parts = path.split(".")
    if path == "child_days.incidents":
        return True
    names = {".".join(parts[place:end]) for place in range(len(parts)) for end in range(place + 1, len(parts) + 1)}
    return not names & (NOT_MEASURES | TOLD_OTHERWISE)


def filled(basis: Literal["known_now", "as_reported"] = "known_now") -> Board:
    """A board of which every figure is there."""
    figures: BoardFigures = Filler().of(inspect.type_info(BoardFigures), "figures")
    figures = msgspec.structs.replace(figures, known=msgspec.structs.replace(figures.known, basis=basis))
    chart = pictures.child_day_chart(figures, ())
    varies, rules = pictures.child_day_variation(chart)
    return Board(
        asked=Asked(scope=figures.scope, period=figures.period, as_of=None, query={}),
        figures=figures,
        commentary=Commentary(summary=""),
        chart=chart,
        variation=varies,
        rules=rules,
        guarded=False,
        promises=[],
        comments=[],
    )


def test_a_report_of_then_says_what_it_counts_as_it_is_now() -> None:
    assert AS_THEY_ARE_NOW in printing.about(filled("as_reported"))
    assert AS_THEY_ARE_NOW not in printing.about(filled("known_now"))
    (moved,) = (table for table in data(filled("as_reported")) if table.key == "restated")
    assert AS_THEY_ARE_NOW in moved.said


def test_every_number_of_the_api_is_in_the_file_and_on_a_sheet() -> None:
    found = filled()
    figures, tables = found.figures, data(found)
    text = board_csv.data(tables).removeprefix("\ufeff")
    rows = list(csv.DictReader(StringIO(text)))
    in_file = {float(row["value"]) for row in rows if row["value"].replace(".", "", 1).isdigit()}
    on_sheets = {
        float(value)
        for sheet in workbook("Board", [], tables)
        for row in sheet.rows
        for value in row
        if isinstance(value, int | float)
    }
    missing = [path for path, value in numbers(figures) if wanted(path) and value not in in_file & on_sheets]
    assert missing == []
    known = {(row["table"], row["column"]) for row in csv.DictReader(StringIO(board_csv.dictionary(tables)[1:]))}
    assert {row["table"] for row in rows} == {table for table, _ in known}
    assert ("definitions", figures.definitions[0].name) in known
    assert len({table.key for table in tables}) == len(tables)
    assert len({sheet.name for sheet in workbook("Board", [], tables)}) == len(tables) + 3
