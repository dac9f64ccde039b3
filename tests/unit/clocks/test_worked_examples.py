"""The worked examples of docs/clocks.md are what the engine computes."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from schema.calendars import load_shipped
from schema.standards import parse_duration
from service.clocks.calendar import ReadyCalendar
from service.clocks.deadlines import due_after

LONDON = ZoneInfo("Europe/London")
GUIDE = (Path(__file__).resolve().parents[3] / "docs" / "clocks.md").read_text(encoding="utf-8")
READY = ReadyCalendar(load_shipped())


def examples() -> list[tuple[str, str, str]]:
    """The rows of tables headed by Limit, From and Due."""
    found: list[tuple[str, str, str]] = []
    inside = False
    for line in GUIDE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if not cells:
            inside = False
        elif cells[:3] == ["Limit", "From", "Due"]:
            inside = True
        elif inside and not set(cells[0]) <= {"-"}:
            found.append((cells[0], cells[1], cells[2]))
    return found


def due(limit: str, start: str) -> str:
    """The due time as the guide writes it."""
    on: date | None = None
    try:
        at = datetime.strptime(start, "%a %d %b %Y %H:%M").replace(tzinfo=LONDON)
    except ValueError:
        at = datetime.strptime(start, "%a %d %b %Y").replace(tzinfo=LONDON)
        on = at.date()
    found = due_after(parse_duration(limit), at.astimezone(UTC), on, READY, area="359", agency="childrens_social_care")
    if found.at is None:
        return "cannot be computed"
    local = found.at.astimezone(LONDON)
    if found.end_of_day:
        return f"the end of {_day(local - timedelta(seconds=1))}"
    return f"{_day(local)} {local:%H:%M}"


def _day(local: datetime) -> str:
    return f"{local:%a} {local.day} {local:%b %Y}"


@pytest.mark.parametrize(("limit", "start", "expected"), examples())
def test_the_example_is_what_is_computed(limit: str, start: str, expected: str) -> None:
    assert due(limit, start) == expected


def test_there_are_examples() -> None:
    assert len(examples()) >= 12
