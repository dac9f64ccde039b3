"""Pages of what a partnership agreed: the agencies that strategy discussions need, and small numbers for boards."""

from collections.abc import Sequence
from typing import Any, Final, get_args

from litestar import Request, Response, get, post
from litestar.di import NamedDependency

from schema.meetings import Agency
from service.access.permissions import allow
from service.actor import Actor
from service.administration import store
from service.database import Database
from service.errors import NotFound, Refused
from service.meetings import service as meetings
from service.meetings.pages import wording
from service.meetings.rules import required_on
from service.reports.plans import service as plans
from service.web import words
from service.web.forms import Form
from service.web.page import page, seeother

_ADMINISTRATOR: Final = allow("administrator")
_DISCUSSIONS: Final = "/administration/discussions"
_BOARDS: Final = "/administration/boards"
_AGENCIES: Final[tuple[Agency, ...]] = get_args(Agency)
_LONGEST: Final = 1000


@get(_DISCUSSIONS, opt=_ADMINISTRATOR, include_in_schema=False)
async def discussions_page(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """Which agencies a strategy discussion needs, by area, and since when."""
    return await _discussions(request, actor, database, Form())


@post(_DISCUSSIONS, opt=_ADMINISTRATOR, include_in_schema=False, status_code=200)
async def require(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[Any]:
    """Let an agency be required from now on or later, or no longer. Discussions held before keep their rule."""
    form = Form(await request.form())
    with form.answering():
        async with database.transaction(actor) as tx:
            areas = await store.areas(tx.connection)
            chosen = form.choice("agency", "an agency", _AGENCIES, required=True)
            required = form.choice("required", "whether it must take part", ("yes", "no"), required=True)
            area = form.choice("area", "an area of the list", areas)
            basis = form.text("basis", "on whose word, and where it is written", required=True, longest=_LONGEST)
            since = form.when("effective_from", "from when it holds", tx.now, future=True)
            if since is not None and since.at is None:
                form.fail("effective_from", "Enter a day and a time, for example 1/12/2026 00:00")
            agency = next((each for each in _AGENCIES if each == chosen), None)
            if agency is not None and basis is not None and not form.errors:
                await meetings.require(
                    tx,
                    agency=agency,
                    required=required == "yes",
                    basis=basis,
                    area=area,
                    effective_from=since.at if since else None,
                )
    if form.errors:
        return await _discussions(request, actor, database, form)
    return seeother(f"{_DISCUSSIONS}?done=recorded")


def _said(agencies: Sequence[str]) -> str:
    listed = wording.agencies(agencies)
    return listed[:1].upper() + listed[1:]


async def _discussions(request: Request[Any, Any, Any], actor: Actor, database: Database, form: Form) -> Response[str]:
    async with database.transaction(actor, readonly=True) as tx:
        entries = await meetings.required(tx)
        areas = await store.areas(tx.connection)
        now = tx.now
    return await page(
        request,
        "administration/discussions.html",
        needed=[(name, _said(required_on(entries, code, now))) for code, name in areas.items()],
        entries=sorted(entries, key=lambda each: (each.effective_from, each.recorded_at), reverse=True),
        areas=areas,
        area_options=list(areas.items()),
        agency_options=[(each, words.sentence(each)) for each in _AGENCIES],
        done=request.query_params.get("done") == "recorded",
        form=form,
    )


@get(_BOARDS, opt=_ADMINISTRATOR, include_in_schema=False)
async def boards_page(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """Up to which number boards are not shown counts, by area."""
    return await _boards(request, actor, database, Form())


@post(_BOARDS, opt=_ADMINISTRATOR, include_in_schema=False, status_code=200)
async def set_small_numbers(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[Any]:
    """Let it be another number from now on."""
    form = Form(await request.form())
    area = form.value("area")[:40]
    most = form.value("most").strip()
    try:
        async with database.transaction(actor) as tx:
            number = int(most) if most.isascii() and most.isdecimal() and len(most) < 4 else 0
            await plans.set_small_numbers(tx, area, number)
        return seeother(f"{_BOARDS}?done=changed")
    except Refused as refused:
        form.refused(refused)
    except NotFound as missing:
        form.fail("", missing.message)
    return await _boards(request, actor, database, form)


async def _boards(request: Request[Any, Any, Any], actor: Actor, database: Database, form: Form) -> Response[str]:
    async with database.transaction(actor, readonly=True) as tx:
        areas = await store.small_numbers(tx.connection)
    return await page(
        request,
        "administration/boards.html",
        areas=areas,
        done=request.query_params.get("done") == "changed",
        form=form,
    )


handlers: list[Any] = [discussions_page, require, boards_page, set_small_numbers]
