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
    "Whether all are known",
)
_NOT_ESTIMABLE: Final = "Not estimable: the feed of {} sends only what was shared"


def csv(rows: Sequence[Listed], names: Mapping[str, str], now: datetime, silent: Sequence[str] = ()) -> str:
    """The file's text, with a byte-order mark, so that spreadsheets read the names rightly.

    ``silent``: forces whose feeds send only what was shared; each has a line of its own that says so.
    """
    said = {force: _NOT_ESTIMABLE.format(names.get(force, force)) for force in silent}
    lines = [_line(row, names, now, said.get(row.incident.force, "")) for row in rows]
    lines += [[*[""] * (len(COLUMNS) - 1), text] for text in said.values()]
    return "\ufeff" + csv_line(COLUMNS) + "".join(csv_line(line) for line in lines)


def _line(row: Listed, names: Mapping[str, str], now: datetime, said: str) -> list[str]:
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
        said or "yes",
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
