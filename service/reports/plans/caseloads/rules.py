"""Pure: whole caseloads as a file, so that a team's own system can send what its workers carry."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from service.cells import csv_line, unguard
from service.errors import Wrong

COLUMNS: Final = ("area", "worker", "name", "team", "cases", "counted_on")
_NEEDED: Final = ("cases", "counted_on")
_MOST_CASES: Final = 300
#: A count that is older is history.
OLDEST: Final = timedelta(days=366)
#: More rows than any partnership has workers; more wrong ones than anybody reads.
_MOST_ROWS: Final = 5_000
_MOST_WRONG: Final = 20
_BRITISH: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")


class Caseload(msgspec.Struct, frozen=True, kw_only=True):
    """A worker's whole caseload as counted on a day. ``cases`` None: not known, for their team has entered none."""

    area: str
    worker: UUID
    name: str
    team: UUID | None
    team_name: str | None
    cases: int | None
    counted_on: date | None
    entered_at: datetime | None
    entered_by_name: str | None


class Counted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A worker's whole caseload on a day: all cases, not only those in here."""

    area: Annotated[str, Meta(max_length=12)]
    worker: UUID
    cases: int
    counted_on: date


def wrong_with(counted: Counted, today: date) -> list[Wrong]:
    """Every field of a count that cannot be."""
    wrong = []
    if not 0 <= counted.cases <= _MOST_CASES:
        wrong.append(Wrong("cases", str(counted.cases), f"0 to {_MOST_CASES}", "Enter the number of all cases."))
    if not today - OLDEST <= counted.counted_on <= today:
        expected = "a day of the last year"
        wrong.append(Wrong("counted_on", counted.counted_on.isoformat(), expected, "Enter the day it was counted."))
    return wrong


def written(found: Iterable[Caseload]) -> str:
    """Every worker as a row: to be filled in and sent back, or to be matched by another system."""
    lines = [
        (
            each.area,
            str(each.worker),
            each.name,
            each.team_name or "",
            "" if each.cases is None else str(each.cases),
            "" if each.cases is None or each.counted_on is None else each.counted_on.isoformat(),
        )
        for each in found
    ]
    return "\ufeff" + csv_line(COLUMNS) + "".join(csv_line(line) for line in lines)


def read(data: bytes, workers: Sequence[Caseload], today: date) -> tuple[list[Counted], list[Wrong]]:
    """The counts of a file, and whatever is wrong with it by row; rows without a number of cases say nothing.

    A row names its worker by ``worker`` (the id) or, without one, by a ``name`` that one worker alone bears.
    """
    if not data:
        return [], [Wrong("file", "nothing", "a file that holds something", "Choose the file.")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], [Wrong("file", "other characters", "a CSV file in UTF-8", "Save it as CSV UTF-8.")]
    if "\0" in text:
        return [], [Wrong("file", "another kind of file", "a CSV file", "Save it as CSV UTF-8.")]
    reader = csv.reader(io.StringIO(text))
    try:
        rows = [[unguard(cell).strip() for cell in row] for row in reader if any(cell.strip() for cell in row)]
    except csv.Error:
        return [], [Wrong("file", "a row that does not end", "a CSV file", "Save it as CSV UTF-8.")]
    names = [name.lower() for name in rows[0]] if rows else []
    missing = [name for name in _NEEDED if name not in names]
    if missing or not {"worker", "name"} & set(names):
        expected = "a first row with cases, counted_on, and worker or name"
        return [], [Wrong("file", ", ".join(names)[:200] or "nothing", expected, "Fill in the list that can be taken.")]
    if len(rows) > _MOST_ROWS:
        return [], [Wrong("file", f"{len(rows) - 1:,} rows", f"at most {_MOST_ROWS:,}", "Send a part at a time.")]
    counts: list[Counted] = []
    wrong: list[Wrong] = []
    for number, cells in enumerate(rows[1:], 2):
        row = dict(zip(names, cells, strict=False))
        if row.get("cases"):
            one, errors = _row(row, workers, today)
            counts += one
            wrong += [Wrong(f"row {number}: {each.field}", each.got, each.expected, each.help) for each in errors]
    return counts, wrong[:_MOST_WRONG]


def _row(row: dict[str, str], workers: Sequence[Caseload], today: date) -> tuple[list[Counted], list[Wrong]]:
    wrong = []
    meant = _meant(row, workers)
    if len(meant) != 1:
        got = row.get("worker") or row.get("name") or "nothing"
        expected = "one worker of your areas" if not meant else "one worker; this name is several's"
        wrong.append(Wrong("worker", got[:100], expected, "Take the worker's id from the list."))
    cases = int(row["cases"]) if row["cases"].isascii() and row["cases"].isdigit() and len(row["cases"]) < 5 else None
    if cases is None:
        wrong.append(Wrong("cases", row["cases"][:20], f"0 to {_MOST_CASES}", "Enter the number of all cases."))
    said = row.get("counted_on", "")
    try:
        day = _day(said) if said else today
    except ValueError:
        wrong.append(Wrong("counted_on", said[:20], "a day such as 2026-11-03", "Enter the day it was counted."))
        return [], wrong
    if wrong or cases is None:
        return [], wrong
    counted = Counted(area=meant[0].area, worker=meant[0].worker, cases=cases, counted_on=day)
    wrong = wrong_with(counted, today)
    return [] if wrong else [counted], wrong


def _day(text: str) -> date:
    """A day as 2026-11-03, or as 03/11/2026: what spreadsheets make of it when they save."""
    found = _BRITISH.fullmatch(text)
    return date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(text)


def _meant(row: dict[str, str], workers: Sequence[Caseload]) -> list[Caseload]:
    area = row.get("area")
    there = [each for each in workers if area in (None, "", each.area)]
    if row.get("worker"):
        return [each for each in there if str(each.worker) == row["worker"].lower()]
    name = row.get("name", "").casefold()
    return [each for each in there if each.name.casefold() == name]
