"""Pages of police files: send one, see how far it is, settle what was not taken, see what is missing."""

from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.access import audit
from service.access.permissions import allow
from service.actor import Actor
from service.database import Database, Tx
from service.errors import Conflict, Refused
from service.intake.files import rules, service, settling, store, viewing
from service.intake.files.parse.outcomes import ParsedRow
from service.intake.files.routes import ROLES, received
from service.intake.files.running import UNFINISHED
from service.intake.files.settling import Examined, Settlement
from service.intake.files.store import Feed, ImportLine
from service.web import live
from service.web.forms import Form
from service.web.page import page, seeother
from service.web.tables import ListView

#: Outcomes as the tiles of one import tell them; the second is whether the number asks for somebody.
TILES: Final = (
    ("accepted", "accepted", False),
    ("repeated", "repeated", False),
    ("held", "held for a person", True),
    ("refused", "refused", True),
)
_LIVE: Final = ("read", "accepted", "repeated", "held", "refused")
_RECENT: Final = 20
_CELL: Final = "cell_"


@get("/imports", opt=allow(*ROLES), include_in_schema=False)
async def imports(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """The files that came, the last one first, and the form that sends another."""
    return await _imports(request, actor, database, Form())


@post("/imports", opt={**allow(*ROLES), "upload": True}, include_in_schema=False, status_code=200)
async def send(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[Any]:
    """Store the file; what becomes of it is on its own page."""
    try:
        identity = await received(request, actor, database)
    except Refused as refused:
        form = Form({"feed": (await request.form()).get("feed", "")})
        for wrong in refused.wrong:
            form.fail(wrong.field, "Choose a file that holds something" if wrong.field == "file" else wrong.help)
        return await _imports(request, actor, database, form)
    return seeother(f"/imports/{identity}")


async def _imports(request: Request[Any, Any, Any], actor: Actor, database: Database, form: Form) -> Response[str]:
    view = ListView.of(request, path="/imports", sorts=("stored",))
    async with database.transaction(actor, readonly=True) as tx:
        total, found = await viewing.imports(tx, view.page)
        feeds = await _feeds(tx)
        missing = await store.count_missing(tx.connection)
    return await page(
        request,
        "intake/imports.html",
        form=form,
        imports=found,
        last=next((each for each in found if each.state == "done" and not each.dry_run), None),
        total=total,
        view=view,
        feeds=feeds,
        missing=missing,
        unfinished=UNFINISHED,
    )


async def _feeds(tx: Tx) -> list[Feed]:
    return [feed for feed in await store.feeds(tx.connection) if await service.may_send(tx, feed)]


@get("/imports/not-on-the-books", opt=allow(*ROLES), include_in_schema=False)
async def missing(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """Children of incidents that came in a file and are not on the books."""
    view = ListView.of(request, path="/imports/not-on-the-books", sorts=("age",))
    async with database.transaction(actor) as tx:
        found = await viewing.not_on_the_books(tx, view.page)
    return await page(request, "intake/not_on_the_books.html", rows=found.rows, total=found.total, view=view)


@get("/imports/{identity:uuid}", opt=allow(*ROLES), include_in_schema=False)
async def one(
    request: Request[Any, Any, Any],
    identity: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> Response[str]:
    """How far a file is, counts first, then the rows that ask for somebody."""
    view = ListView.of(request, path=f"/imports/{identity}", sorts=("number",), filters=("outcome",))
    outcome = view.filters.get("outcome")
    if outcome not in {key for key, _, _ in TILES}:
        outcome = None
        view = msgspec.structs.replace(view, filters={})
    async with database.transaction(actor) as tx:
        found = await viewing.one(tx, identity)
        shown = outcome or ("held" if found.held else "refused" if found.refused else "accepted")
        rows = await viewing.rows(tx, identity, outcome=shown, page=view.page)
    return await page(
        request,
        "intake/import.html",
        found=found,
        rows=rows.rows,
        total=rows.total,
        view=view,
        outcome=shown,
        tiles=TILES,
        running=found.state in UNFINISHED,
    )


@get("/imports/rows/{row:uuid}", opt=allow(*ROLES), include_in_schema=False)
async def row_page(
    request: Request[Any, Any, Any],
    row: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> Response[str]:
    """One row that was held or refused, and what can be done with it."""
    return await _row(request, row, actor, database, Form())


@post("/imports/rows/{row:uuid}", opt=allow(*ROLES), include_in_schema=False, status_code=200)
async def settle(
    request: Request[Any, Any, Any],
    row: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> Response[Any]:
    """Do what was decided; or show the row again with what is wrong or still to be decided."""
    form = Form(await request.form())
    action = form.choice("action", "what to do with this row", ("take", "mend", "discard"), required=True)
    reading = form.choice("reading", "one of the two times", ("first", "second"))
    contradictions = form.choice("contradictions", "which value is right", ("accept", "keep"))
    reason = form.text("reason", "why", longest=2_000, lines=True) or ""
    differences: list[dict[str, Any]] = []
    if not form.errors:
        asked = {
            "action": action,
            "reading": reading,
            "out_of_order": form.ticked("out_of_order"),
            "contradictions": contradictions,
            "reason": reason,
        }
        try:
            async with database.transaction(actor) as tx:
                cells = _changed(await settling.examine(tx, row), form) if action == "mend" else {}
                settled = await settling.settle(tx, row, msgspec.convert({**asked, "cells": cells}, Settlement))
                of = (await settling.examine(tx, row)).row.of
        except Refused as refused:
            _show_refused(form, refused)
        except Conflict as conflict:
            differences = conflict.facts.get("differences", [])
            form.fail("contradictions" if differences else "", conflict.message)
        else:
            return seeother(f"/pathways/{settled.pathway}" if settled.pathway else f"/imports/{of}")
    return await _row(request, row, actor, database, form, differences)


def _changed(found: Examined, form: Form) -> dict[str, str]:
    """The cells that were typed over, by column."""
    return {
        column: form.value(f"{_CELL}{number}", text)
        for number, (column, text) in enumerate(found.cells)
        if column and form.value(f"{_CELL}{number}", text) != text
    }


def _show_refused(form: Form, refused: Refused) -> None:
    """What is wrong beside its question, or at the top where it is about cells."""
    for wrong in refused.wrong:
        if not wrong.field.startswith("cells"):
            form.fail(wrong.field, wrong.help)
            continue
        column = wrong.field.removeprefix("cells").removeprefix(".")
        form.fail("", f"{column}: {wrong.help}" if column else wrong.help)


async def _row(
    request: Request[Any, Any, Any],
    row: UUID,
    actor: Actor,
    database: Database,
    form: Form,
    differences: list[dict[str, Any]] | None = None,
) -> Response[str]:
    async with database.transaction(actor) as tx:
        found = await settling.examine(tx, row)
        pathways = [found.row.pathway] if found.row.pathway else []
        detail = {"import": str(found.row.of), "row": found.row.number}
        await audit.viewed(tx, "import_row_viewed", "decide about a row that was held or refused", pathways, detail)
    said = found.said if isinstance(found.said, ParsedRow) else None
    return await page(
        request,
        "intake/import_row.html",
        form=form,
        found=found,
        row=found.row,
        takeable=said is not None,
        doubled=rules.doubled(said) if said is not None else {},
        disorder=said is not None and bool(said.held),
        differences=differences or found.row.proposal or [],
        cell=_CELL,
    )


async def _progress(tx: Tx) -> dict[str, str]:
    """Fresh numbers of the latest files."""
    if not tx.actor.holds(*ROLES):
        return {}
    _, found = await store.imports(tx.connection, _RECENT, 0)
    numbers = {f"imports.{each.id}.{name}": f"{getattr(each, name):,}" for each in found for name in _LIVE}
    return numbers | {f"imports.{each.id}.state": state_words(each) for each in found}


def state_words(found: ImportLine) -> str:
    """How a file stands, in words."""
    words = {"storing": "Being stored", "waiting": "Waiting to be read", "running": "Being read", "done": "Read"}
    return "Could not be read" if found.state == "failed" else words.get(found.state, found.state)


live.register_group("imports", _progress)
handlers: list[Any] = [imports, send, missing, one, row_page, settle]
