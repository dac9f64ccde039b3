"""Log a notice: one page, from the reference to saving, by keyboard alone."""

from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from schema.notices import NoticeAnswer
from schema.vocabulary import INVOLVEMENTS, NO_CHILD_REASONS
from service.access.permissions import allow
from service.actor import Actor
from service.children import service as children
from service.children.likeness import Matches
from service.database import Database, Tx
from service.errors import Conflict, Refused
from service.intake.notices import rules, service, store, typed
from service.intake.notices.store import TYPISTS, Places, School
from service.intake.notices.typed import GROUP
from service.pathways.links import service as links
from service.web import navigation
from service.web.forms import Form, rows
from service.web.page import page, seeother
from service.web.templating import ENVIRONMENT

_ROLES: Final = (*TYPISTS, "police_liaison")
_MOST: Final = 40


class Around(msgspec.Struct, frozen=True):
    """What the form offers, and what is known of the children typed so far."""

    places: Places
    schools: list[School]
    districts: list[str]
    receives: bool


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One child's row as the template draws it. ``number`` is that of its boxes' names."""

    number: int | str
    label: int | str
    sent: bool = False
    matches: Matches | None = None
    key: str = ""


@get("/notices/new", opt=allow(*_ROLES), include_in_schema=False)
async def log_page(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    same: FromQuery[UUID | None] = None,
    incident: FromQuery[UUID | None] = None,
) -> Response[str]:
    """An empty form, or one that carries over the incident of the notice before, or one that no notice brought."""
    async with database.transaction(actor) as tx:
        around = await _around(tx)
        before = await service.logged(tx, same) if same else None
        known = await service.incident(tx, incident) if incident and not same else {}
    form = Form(typed.carried(before.notice) if before else known)
    return await _shown(request, form, around, [Row(number=0, label=1)], carried=before is not None)


@post("/notices/new", opt=allow(*_ROLES), include_in_schema=False, status_code=200)
async def log_notice(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[Any]:
    """Log it; or show the form again with everything that was typed, and what is wrong or asked."""
    sent = await request.form()
    form = Form(sent)
    count = rows(sent, GROUP, at_most=_MOST)
    # What is shown of known children is in the audit trail before anything is logged, or refused.
    async with database.transaction(actor) as tx:
        around = await _around(tx)
        drawn = await _rows(tx, form, count)
        now = tx.now
    if form.ticked("add") or form.ticked("check"):
        return await _shown(request, form, around, drawn)
    read = typed.read(form, count, now, around.places, around.schools, receives=around.receives)
    asked = typed.refuse(form, read, rules.wrong_with(read.notice, now, around.places.areas, around.places.forces))
    if form.errors:
        return await _shown(request, form, around, drawn, asked=asked)
    if any(_unsettled(form, row) for row in drawn):
        return await _shown(request, form, around, drawn, settle=True)
    try:
        async with database.transaction(actor) as tx:
            answer = await service.log(tx, read.notice)
            await _remember_matches(tx, form, read, drawn, answer)
    except Refused as refused:
        typed.refuse(form, read, refused.wrong)
    except Conflict as conflict:
        form.fail("", conflict.message)
    else:
        return seeother(f"/notices/{answer.notice}")
    return await _shown(request, form, around, drawn)


@post("/notices/matches", opt=allow(*_ROLES), include_in_schema=False, status_code=200)
async def match(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """The part of the page that shows whether one row's child is known, as it is typed."""
    sent = await request.form()
    form = Form(sent)
    number = form.value("row")
    count = rows(sent, GROUP, at_most=_MOST)
    text = ""
    if number.isdecimal() and len(number) < 3 and int(number) < count:
        async with database.transaction(actor) as tx:
            drawn = await _rows(tx, form, count, only=int(number))
        text = ENVIRONMENT.get_template("intake/possible_matches.html").render(form=form, row=drawn[int(number)])
    return Response(text, media_type="text/html; charset=utf-8")


@get("/notices/{notice:uuid}", opt=allow(*_ROLES), include_in_schema=False)
async def logged_page(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    notice: FromPath[UUID],
) -> Response[str]:
    """Logged: when it is due, and where to go on."""
    async with database.transaction(actor) as tx:
        found = await service.logged(tx, notice)
    decide = "/pathways/{pathway}/decide"
    return await page(
        request,
        "intake/logged.html",
        identity=notice,
        found=found,
        own=found.notice.area not in actor.areas(*TYPISTS),
        decide=found.pathways[0] if found.pathways and navigation.opens(request.app, decide, actor) else None,
    )


async def _around(tx: Tx) -> Around:
    places = await service.places(tx)
    areas = list(places.areas)
    receives = bool(tx.actor.areas(*TYPISTS))
    return Around(places, await store.schools(tx, areas), await store.districts(tx, areas), receives)


async def _rows(tx: Tx, form: Form, count: int, only: int | None = None) -> list[Row]:
    """The rows to draw, with possible matches of each child that can be compared."""
    typed_children = [typed.said(form, row, tx.now) for row in range(count)]
    wanted = [row for row in range(count) if only in (None, row) and not typed.blank(form, row)]
    found = await children.possible_matches(tx, form.value("area"), [typed_children[row] for row in wanted])
    by_row = dict(zip(wanted, found, strict=True))
    return [
        Row(
            number=row,
            label=row + 1,
            sent=form.ticked(f"{GROUP}_{row}_sent"),
            matches=by_row.get(row),
            key=typed.key(typed_children[row]),
        )
        for row in range(count)
    ]


def _unsettled(form: Form, row: Row) -> bool:
    """Whether somebody may be known and the person has not been shown who."""
    if row.matches is None or row.matches.status not in {"possible", "many"}:
        return False
    return form.value(f"{GROUP}_{row.number}_shown") != row.key


async def _remember_matches(tx: Tx, form: Form, read: typed.Typed, drawn: list[Row], answer: NoticeAnswer) -> None:
    """What was said of possible matches: these are other children, or left for later."""
    for row, logged in zip(read.rows, answer.pathways, strict=False):
        matches = drawn[row].matches
        if matches is None or matches.status not in {"possible", "many"}:
            continue
        chosen = form.value(f"{GROUP}_{row}_child")
        if chosen in {"different", "later", ""}:
            await links.noted(tx, logged.pathway, matches.candidates, different=chosen == "different")


async def _shown(
    request: Request[Any, Any, Any],
    form: Form,
    around: Around,
    drawn: list[Row],
    *,
    asked: list[str] | None = None,
    settle: bool = False,
    carried: bool = False,
) -> Response[str]:
    return await page(
        request,
        "intake/log.html",
        form=form,
        around=around,
        rows=drawn,
        template_row=Row(number="__n__", label="__number__"),
        asked=asked or [],
        settle=settle,
        carried=carried,
        involvements=INVOLVEMENTS,
        reasons=NO_CHILD_REASONS,
        told=typed.TOLD,
        school_words=list(typed.SCHOOL_WORDS),
    )


handlers: list[Any] = [log_page, log_notice, match, logged_page]
