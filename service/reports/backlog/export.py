"""The backlog as a file: the columns of the page, in its order, safe for spreadsheets."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from service.cells import csv_line
from service.reports.backlog.service import Listed
from service.web import times, words

COLUMNS: Final = (
    "Reference",
    "Area",
    "District",
    "Children",
    "Children found late",
    "Grade",
    "Grade first given",
    "Urgent for a child",
    "Police knew",
    "Waiting",
    "Due",
    "Late or due in",
)


def csv(rows: Sequence[Listed], names: Mapping[str, str], now: datetime) -> str:
    """The file's text, with a byte-order mark, so that spreadsheets read the names rightly."""
    return "\ufeff" + csv_line(COLUMNS) + "".join(csv_line(_line(row, names, now)) for row in rows)


def _line(row: Listed, names: Mapping[str, str], now: datetime) -> list[str]:
    found = row.incident
    children = "; ".join(
        f"{child.given_names} {child.family_name}".strip()
        + f" ({times.age(child.date_of_birth, now, child.expected_date_of_birth)})"
        for child in row.children
    )
    return [
        found.reference,
        words.listed([names.get(area, area) for area in found.areas]),
        found.district or "",
        children,
        str(found.found_late),
        words.grade(found.grade),
        words.grade(found.first_grade),
        "yes" if found.urgent else "no",
        _known(row),
        times.waited(found.known_at, now),
        times.local(found.due_at).strftime("%Y-%m-%d %H:%M") if found.due_at else "",
        times.lateness(found.due_at, now),
    ]


def _known(row: Listed) -> str:
    """When police knew; of a day-precise time the day alone."""
    found = row.incident
    if found.known_at is None:
        return ""
    if found.approximate:
        return f"by the end of {known_day(found.known_at)}"
    return times.local(found.known_at).strftime("%Y-%m-%d %H:%M")


def known_day(end: datetime) -> str:
    """The day that ended at ``end``."""
    return f"{times.local(end).date().fromordinal(times.local(end).date().toordinal() - 1):%Y-%m-%d}"
