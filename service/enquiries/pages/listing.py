"""Enquiries under way, and conferences by the working day on which they are due."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, get_args

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency

from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.enquiries import rules
from service.enquiries.conferences.routes import SEES as SEES_CONFERENCES
from service.enquiries.lists import service as lists
from service.enquiries.lists.service import ConferenceLine, Wanted, Which
from service.enquiries.lists.store import ConferenceRow, EnquiryRow
from service.enquiries.pages import words as own
from service.pathways.pages import wording
from service.pathways.pages.waiting import csv_file
from service.web import times, words
from service.web.page import page
from service.web.tables import ListView

SEES: Final = (*rules.WRITES, "mash_coordinator", "out_of_hours")
_TILES: Final = (
    ("everything", "under way", False),
    ("unseen", "child not yet seen", True),
    ("today", "due today", False),
    ("late", "late", True),
    ("authorise", "wait for a manager", False),
    ("without_history", "began without history", True),
)
_DUE_TILES: Final = (
    ("due", "due", False),
    ("week", "due within a week", False),
    ("late", "late", True),
    ("unscheduled", "without a date", False),
    ("without_reason", "no agreed reason for being late", True),
    ("not_required_late", "found not required, late", False),
)
_WHICH: Final[tuple[Which, ...]] = get_args(Which)
_WANTED: Final[tuple[Wanted, ...]] = get_args(Wanted)


class Step(msgspec.Struct, frozen=True):
    """What one does next with a row."""

    href: str
    text: str


def enquiry_step(row: EnquiryRow) -> Step:
    """Open what is written, or begin to write it."""
    if row.enquiry is None:
        text = "Start the enquiry" if row.state == "not_started" else "Open the enquiry"
        return Step(f"/pathways/{row.pathway}/enquiry", text)
    text = "Authorise" if row.state == "completed" else "See the child" if row.unseen else "Write"
    return Step(f"/enquiries/{row.enquiry}", text)


def conference_step(row: ConferenceRow) -> Step:
    """Ask for it, set its date, record it, or say why it is late."""
    if row.stopped_by in ("enquiry_completed", "conference_not_required"):
        return Step(f"/pathways/{row.pathway}", "Open")
    if row.conference is None:
        text = "Ask for it" if row.stopped_at is None else "Say why it was late"
        return Step(f"/pathways/{row.pathway}/conference", text)
    text = {"requested": "Set a date", "scheduled": "Record or move it"}.get(row.state, "Open")
    if row.state == "held" and not row.agreed:
        text = "Agree why it was late"
    return Step(f"/conferences/{row.conference}", text)


def _viewed(request: Request[Any, Any, Any], path: str, actor: Actor, roles: tuple[str, ...]) -> ListView:
    view = ListView.of(request, path=path, sorts=("due",), filters=("which", "area"))
    allowed = {"area": actor.areas(*roles), "which": _WHICH if path == "/enquiries" else _WANTED}
    kept = {key: value for key, value in view.filters.items() if value in allowed[key]}
    return msgspec.structs.replace(view, filters=kept)


@get("/enquiries", opt=allow(*SEES), include_in_schema=False)
async def enquiries(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """Enquiries under way, the earliest target first, with the numbers above."""
    view = _viewed(request, "/enquiries", actor, SEES)
    which: Which = next((each for each in _WHICH if each == view.filters.get("which")), "everything")
    async with database.transaction(actor) as tx:
        found = await lists.enquiries(tx, which=which, area=view.filters.get("area"), page=view.page)
    return await page(
        request,
        "enquiries/list.html",
        view=view,
        which=which,
        tiles=_TILES,
        usual="everything",
        counts=found.counts,
        total=found.total,
        sentence=own.enquiries_sentence(found.counts),
        lines=[(row, enquiry_step(row)) for row in found.rows],
        areas=actor.areas(*SEES),
        done="The enquiries have begun." if request.query_params.get("done") == "started" else "",
        states=own.STATES,
        wording=wording,
    )


@get("/conferences", opt=allow(*SEES_CONFERENCES), include_in_schema=False)
async def conferences(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """Conferences by their target day with the countdown, and the late ones without an agreed reason."""
    view = _viewed(request, "/conferences", actor, SEES_CONFERENCES)
    which: Wanted = next((each for each in _WANTED if each == view.filters.get("which")), "due")
    async with database.transaction(actor) as tx:
        found = await lists.conferences(tx, which=which, area=view.filters.get("area"), page=view.page)
        now = tx.now
    return await page(
        request,
        "enquiries/conferences.html",
        view=view,
        which=which,
        tiles=_DUE_TILES,
        usual="due",
        counts=found.counts,
        total=found.total,
        sentence=own.conferences_sentence(found.counts),
        lines=[(line, conference_step(line.row), countdown(line, now)) for line in found.lines],
        areas=actor.areas(*SEES_CONFERENCES),
        own=own,
        wording=wording,
    )


def countdown(line: ConferenceLine, now: datetime) -> str:
    """Working days left, late by, or late by as it is planned."""
    row = line.row
    passed = (row.stopped_at or now) > row.due_at
    ahead = row.state == "scheduled" and row.planned_for is not None and row.planned_for > now
    return own.countdown(line.working_days_left, line.working_days_late, is_late=line.late, passed=passed, ahead=ahead)


_ENQUIRY_COLUMNS: Final = (
    "Name",
    "Age",
    "Police reference",
    "Grade",
    "Began",
    "Child seen",
    "Due",
    "Late or due",
    "Lead social worker",
    "Where it stands",
)


def enquiry_cells(rows: list[EnquiryRow], now: datetime) -> Iterator[list[str]]:
    """The rows of the file: what the page shows, times as text of England's clocks."""
    for row in rows:
        yield [
            wording.name(row.given_names, row.family_name),
            times.age(row.date_of_birth, now, row.expected_date_of_birth),
            row.reference,
            words.grade(row.grade),
            times.moment(row.started_at),
            "" if row.state == "not_started" else "no" if row.unseen else "yes",
            wording.moment(row.due_at, now),
            times.lateness(row.due_at, now),
            row.lead_social_worker or "",
            own.STATES[row.state],
        ]


@get("/enquiries.csv", opt=allow(*SEES), include_in_schema=False)
async def enquiries_file(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[bytes]:
    """The same list with the same filters and columns as a file."""
    view = _viewed(request, "/enquiries", actor, SEES)
    which: Which = next((each for each in _WHICH if each == view.filters.get("which")), "everything")
    async with database.transaction(actor) as tx:
        rows = await lists.enquiries_export(tx, which=which, area=view.filters.get("area"))
        now = tx.now
    return csv_file("enquiries", _ENQUIRY_COLUMNS, enquiry_cells(rows, now))


_CONFERENCE_COLUMNS: Final = (
    "Name",
    "Age",
    "Police reference",
    "Target",
    "Working days",
    "Planned for",
    "Conference required",
    "Where it stands",
    "Reason for lateness",
    "Agreed by manager",
    "Agreed by chair",
)


def conference_cells(lines: list[ConferenceLine], now: datetime) -> Iterator[list[str]]:
    """The rows of the file: what the page shows."""
    for line in lines:
        row = line.row
        yield [
            wording.name(row.given_names, row.family_name),
            times.age(row.date_of_birth, now, row.expected_date_of_birth),
            row.reference,
            wording.moment(row.due_at, now),
            countdown(line, now),
            times.moment(row.planned_for) if row.planned_for else "",
            row.required or "",
            own.conference_stands(row),
            own.REASONS.get(row.late_reason or "", ""),
            "yes" if row.by_manager or row.agreed else "no",
            "yes" if row.by_chair or row.agreed else "no",
        ]


@get("/conferences.csv", opt=allow(*SEES_CONFERENCES), include_in_schema=False)
async def conferences_file(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[bytes]:
    """The same list with the same filters and columns as a file."""
    view = _viewed(request, "/conferences", actor, SEES_CONFERENCES)
    which: Wanted = next((each for each in _WANTED if each == view.filters.get("which")), "due")
    async with database.transaction(actor) as tx:
        lines = await lists.conferences_export(tx, which=which, area=view.filters.get("area"))
        now = tx.now
    return csv_file("conferences", _CONFERENCE_COLUMNS, conference_cells(lines, now))


handlers: list[Any] = [enquiries, enquiries_file, conferences, conferences_file]
