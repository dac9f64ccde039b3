"""Waiting now: the coordinator's home. Which child next?"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, get_args
from uuid import UUID

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency

from service.access.permissions import allow
from service.actor import Actor
from service.cells import csv_line
from service.database import Database, Tx
from service.pathways.lists import service as lists
from service.pathways.lists.service import Sort, Which
from service.pathways.lists.store import WaitingCounts, WaitingRow
from service.pathways.pages import rows, wording
from service.pathways.pages.rows import Line
from service.pathways.pages.steps import FirstSteps
from service.web import frame, live, times, words
from service.web.page import page
from service.web.tables import ListView

_ROLES: Final = ("mash_coordinator", "mash_manager", "out_of_hours")
_WHICH: Final[tuple[Which, ...]] = get_args(Which)
_SORTS: Final[tuple[Sort, ...]] = get_args(Sort)
_GRADES: Final = ("high", "medium", "standard", "ungraded")
#: Filter, what stands on the tile, whether its number is a warning.
TILES: Final[tuple[tuple[Which, str, bool], ...]] = (
    ("late", "late at any step", True),
    ("today", "due today", False),
    ("police", "waiting on police", False),
    ("us", "waiting on us", False),
    ("meeting", "waiting on a meeting", False),
    ("unallocated", "no one allocated", True),
)
#: What the list is called under each filter.
_TITLES: Final[dict[Which, str]] = {
    "deciding": "Waiting for a decision",
    "late": "Late at any step",
    "today": "Due today",
    "police": "Waiting on police",
    "us": "Waiting on us",
    "meeting": "Waiting on a meeting",
    "unallocated": "No one allocated",
    "everything": "All open work",
}


class Family(msgspec.Struct, frozen=True):
    """The children of one incident, standing together."""

    incident: UUID
    reference: str
    district: str | None
    lines: tuple[Line, ...]

    @property
    def together(self) -> str | None:
        """Where they are decided together: the first one's decision page takes the siblings in."""
        deciding = [line for line in self.lines if line.step.kind == "contact_decided"]
        return deciding[0].step.href if len(deciding) > 1 else None


def families(found_rows: Iterable[WaitingRow], actor: Actor) -> list[Family]:
    """Siblings of one incident together, at the place of the worst of them."""
    found: dict[UUID, list[Line]] = {}
    steps = FirstSteps(actor)
    for row in found_rows:
        line = Line(
            row,
            steps.of(row.pathway, row.stage, row.area, row.force, allocate=row.allocation_wanted),
            wording.happened(row.summary, row.involvement),
            wording.stage(row.stage),
            wording.holder(row.holder),
        )
        found.setdefault(row.incident, []).append(line)
    return [Family(key, lines[0].row.reference, lines[0].row.district, tuple(lines)) for key, lines in found.items()]


def _asked(request: Request[Any, Any, Any], actor: Actor) -> tuple[ListView, Which, str | None, str | None, Sort]:
    view = ListView.of(request, path="/waiting", sorts=_SORTS, filters=("which", "grade", "area"))
    kept = {
        key: value
        for key, value in view.filters.items()
        if value in {"which": _WHICH, "grade": _GRADES, "area": actor.areas(*_ROLES)}[key] and value != "deciding"
    }
    view = msgspec.structs.replace(view, filters=kept)
    which: Which = next((each for each in _WHICH if each == kept.get("which")), "deciding")
    sort: Sort = next((each for each in _SORTS if each == view.sort), "worst")
    return view, which, kept.get("grade"), kept.get("area"), sort


@get("/waiting", opt=allow(*_ROLES), include_in_schema=False)
async def waiting(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """Who waits, worst first, with the numbers above."""
    view, which, grade, area, sort = _asked(request, actor)
    async with database.transaction(actor) as tx:
        found = await lists.waiting(tx, which=which, area=area, grade=grade, page=view.page, sort=sort)
        around = await frame.load(request, tx)
        now = tx.now
    return await page(
        request,
        "pathways/waiting.html",
        framed=around,
        view=view,
        which=which,
        title=_TITLES[which],
        titles=_TITLES,
        tiles=TILES,
        grades=_GRADES,
        areas=actor.areas(*_ROLES),
        live=not view.filters.get("grade") and not view.filters.get("area"),
        sentence=wording.waiting_sentence(found.counts, now, grade),
        counts=found.counts,
        total=found.total,
        families=families(found.rows, actor),
        asked=found.asked,
        offered=found.offered,
        wording=wording,
        row=rows.row,
    )


_COLUMNS: Final = (
    "Name",
    "Age",
    "Police reference",
    "District",
    "What happened",
    "Grade",
    "Urgent for child",
    "Where it stands",
    "Waiting since",
    "Waited",
    "Due",
    "Late or due",
    "Who holds",
    "Next step",
)


def cells(line: Line, now: datetime) -> list[str]:
    """One row of the file: what the page shows, times as text of England's clocks."""
    row = line.row
    return [
        wording.name(row.given_names, row.family_name),
        times.age(row.date_of_birth, now, row.expected_date_of_birth),
        row.reference,
        row.district or "",
        line.what,
        words.grade(row.grade),
        "yes" if row.urgent else "no",
        line.stage,
        times.moment(row.waiting_since) if row.waiting_since else "",
        times.waited(row.waiting_since, now) if row.waiting_since else "",
        wording.moment(row.next_due_at, now) if row.next_due_at else "",
        times.lateness(row.next_due_at, now),
        line.holder,
        line.step.text,
    ]


@get("/waiting.csv", opt=allow(*_ROLES), include_in_schema=False)
async def waiting_file(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[bytes]:
    """The same list with the same filters and columns as a file."""
    _, which, grade, area, sort = _asked(request, actor)
    async with database.transaction(actor) as tx:
        found = await lists.waiting_export(tx, which=which, area=area, grade=grade, sort=sort)
        now = tx.now
    return csv_file("waiting", _COLUMNS, (cells(line, now) for each in families(found, actor) for line in each.lines))


def csv_file(name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Response[bytes]:
    """A CSV file with a byte-order mark, so that a spreadsheet reads its letters right."""
    text = "\ufeff" + csv_line(columns) + "".join(csv_line(row) for row in rows)
    return Response(
        text.encode(),
        media_type="text/csv",
        headers={"content-disposition": f'attachment; filename="{name}.csv"'},
    )


async def _live(tx: Tx) -> dict[str, str]:
    """Fresh words for the sentence and the tiles, read from rows as the visitor."""
    if not tx.actor.areas(*_ROLES):
        return {}
    counts: WaitingCounts = await lists.waiting_counts(tx)
    said = {f"waiting.{key}": f"{getattr(counts, key):,}" for key, _, _ in TILES}
    return {"waiting.sentence": wording.waiting_sentence(counts, tx.now), **said}


live.register_group("waiting", _live)
handlers: list[Any] = [waiting, waiting_file]
