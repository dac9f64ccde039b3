"""Administration: standards with their basis, people, calendars with an alarm before they run out."""

from datetime import datetime
from typing import Any, Final

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from schema.vocabulary import GRADES, Grade
from service.access.permissions import allow
from service.actor import Actor
from service.administration import people as people_pages
from service.administration import rules, store
from service.administration.agreed import pages as agreed
from service.administration.keeping import pages as keeping
from service.administration.places import pages as places
from service.clocks.calendar import calendar_problems
from service.database import Database
from service.errors import NotFound, Refused
from service.pathways import rulebook
from service.pathways.rulebook import NewHoliday, NewStandard
from service.web import times
from service.web.forms import Form
from service.web.page import page, seeother

_ADMINISTRATOR: Final = allow("administrator")
_STANDARDS: Final = "/administration/standards"
_CALENDARS: Final = "/administration/calendars"


@get("/administration", opt=_ADMINISTRATOR, include_in_schema=False)
async def overview(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """What needs an administrator's attention."""
    async with database.transaction(actor, readonly=True) as tx:
        book = await rulebook.current(tx)
        deciders = await store.deciders(tx.connection, tx.now)
        people = await store.people(tx.connection)
        now = tx.now
    standards = rules.listed(book.standards, now)
    named = {each.area for each in deciders if each.name}
    return await page(
        request,
        "administration/overview.html",
        standards=len(standards),
        unconfirmed=sum(not each.holds.confirmed_locally for each in standards),
        people=sum(each.disabled_at is None for each in people),
        without=sorted({each.area_name for each in deciders if each.area not in named}),
        alarms=calendar_problems(book.calendars[-1], now),
    )


@get(_STANDARDS, opt=_ADMINISTRATOR, include_in_schema=False)
async def standards_page(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """Every standard that holds, with its basis and how sure we are of it."""
    async with database.transaction(actor, readonly=True) as tx:
        book = await rulebook.current(tx)
        areas = await store.areas(tx.connection)
        now = tx.now
    listed = rules.listed(book.standards, now)
    return await page(
        request,
        "administration/standards.html",
        standards=listed,
        unconfirmed=sum(not each.holds.confirmed_locally for each in listed),
        limit=rules.limit,
        areas=areas,
        done=request.query_params.get("done") == "recorded",
    )


@get(_STANDARDS + "/{key:str}", opt=_ADMINISTRATOR, include_in_schema=False)
async def standard_page(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    key: FromPath[str],
) -> Response[str]:
    """One standard: its versions, and a form for the next one."""
    return await _standard(request, actor, database, key, Form())


@post(_STANDARDS + "/{key:str}", opt=_ADMINISTRATOR, include_in_schema=False, status_code=200)
async def add_version(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    key: FromPath[str],
) -> Response[Any]:
    """Record a new version, from now on or later; clocks that run keep theirs."""
    form = Form(await request.form())
    own = {"basis", "effective_from"}
    with form.answering(names=lambda wrong: wrong.field if wrong.field in own else "within"):
        async with database.transaction(actor) as tx:
            areas = await store.areas(tx.connection)
            said = _said(form, key, areas, tx.now)
            if not form.errors:
                await rulebook.new_version(tx, said)
    if form.errors:
        return await _standard(request, actor, database, key, form)
    return seeother(f"{_STANDARDS}?done=recorded")


def _said(form: Form, key: str, areas: dict[str, str], now: datetime) -> NewStandard:
    """The new version that a form describes."""
    basis = form.text("basis", "on whose word it changes, and where it is written", required=True, longest=1000)
    area = form.choice("area", "an area of the list", areas)
    by_grade = {grade: text for grade in GRADES if (text := form.text(f"within_{grade}", "the limit", longest=40))}
    within: str | dict[Grade, str] | None = form.text("within", "the limit", longest=40)
    if by_grade and within:
        form.fail("within", "Give one limit for all grades, or one for each")
    elif by_grade and len(by_grade) < len(GRADES):
        form.fail(f"within_{next(grade for grade in GRADES if grade not in by_grade)}", "Give a limit for every grade")
    elif not by_grade and not within:
        form.fail("within", "Enter how soon it must happen, for example 24 hours or 1 working day")
    start = form.when("effective_from", "from when it holds", now, future=True)
    if start is not None and start.at is None:
        form.fail("effective_from", "Enter a day and a time, for example 1/12/2026 00:00")
    return NewStandard(
        key=key,
        within=by_grade or within or "",
        basis=basis or "",
        area=area,
        effective_from=start.at if start else None,
        confirmed_locally=form.ticked("confirmed"),
    )


async def _standard(
    request: Request[Any, Any, Any], actor: Actor, database: Database, key: str, form: Form
) -> Response[str]:
    async with database.transaction(actor, readonly=True) as tx:
        book = await rulebook.current(tx)
        areas = await store.areas(tx.connection)
    versions = [each for each in book.standards if each.key == key]
    if not versions:
        raise NotFound("There is no such standard.")
    versions.sort(key=lambda each: (each.effective_from, each.recorded_at), reverse=True)
    return await page(
        request,
        "administration/standard.html",
        versions=versions,
        limit=rules.limit,
        areas=areas,
        grades=GRADES,
        form=form,
    )


@get(_CALENDARS, opt=_ADMINISTRATOR, include_in_schema=False)
async def calendars_page(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """The calendar that holds, and what of it runs out."""
    return await _calendars(request, actor, database, Form())


@post(_CALENDARS, opt=_ADMINISTRATOR, include_in_schema=False, status_code=200)
async def add_holiday(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[Any]:
    """Record one more bank holiday: open clocks move, closed ones never."""
    form = Form(await request.form())
    try:
        async with database.transaction(actor) as tx:
            on = form.day("on", "the day", tx.now, required=True, future=True)
            name = form.text("name", "what it is called", required=True, longest=100)
            if on and name:
                await rulebook.add_holiday(tx, NewHoliday(on=on, name=name))
    except Refused as refused:
        for wrong in refused.wrong:
            form.fail("on", f"Enter {wrong.expected}")
    if form.errors:
        return await _calendars(request, actor, database, form)
    return seeother(f"{_CALENDARS}?done=recorded")


async def _calendars(request: Request[Any, Any, Any], actor: Actor, database: Database, form: Form) -> Response[str]:
    async with database.transaction(actor, readonly=True) as tx:
        book = await rulebook.current(tx)
        areas = await store.areas(tx.connection)
        now = tx.now
    calendar = book.calendars[-1]
    today = times.today(now)
    return await page(
        request,
        "administration/calendars.html",
        calendar=calendar,
        areas=areas,
        alarms=calendar_problems(calendar, now),
        holidays=[each for each in calendar.working_days.holidays if each.on >= today],
        hours=[msgspec.to_builtins(each) for each in calendar.hours],
        today=today,
        done=request.query_params.get("done") == "recorded",
        form=form,
    )


handlers: list[Any] = [
    overview,
    standards_page,
    standard_page,
    add_version,
    *people_pages.handlers,
    calendars_page,
    add_holiday,
    *places.handlers,
    *agreed.handlers,
    *keeping.handlers,
]
