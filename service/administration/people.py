"""Pages of people: who can sign in and for what, one person, a new one, and who decides contacts."""

from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from schema.vocabulary import AGENCIES, ROLES
from service.access import accounts
from service.access import store as access_store
from service.access.permissions import allow
from service.actor import Actor
from service.administration import resets, service, store
from service.administration.granting import NewPerson, NewRole
from service.database import Database
from service.errors import Refused, Wrong
from service.settings import Settings
from service.web.forms import Form
from service.web.page import page, seeother

_ADMINISTRATOR: Final = allow("administrator")
_PEOPLE: Final = "/administration/people"
_DECIDERS: Final = "/administration/deciders"


@get(_PEOPLE, opt=_ADMINISTRATOR, include_in_schema=False)
async def people_page(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """Who can sign in, and for what."""
    async with database.transaction(actor, readonly=True) as tx:
        people = await store.people(tx.connection)
    return await page(request, "administration/people.html", people=people)


@get(f"{_PEOPLE}/new", opt=_ADMINISTRATOR, include_in_schema=False)
async def new_person_page(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """A form for a new person."""
    return await _adding(request, actor, database, Form())


@post(f"{_PEOPLE}/new", opt=_ADMINISTRATOR, include_in_schema=False, status_code=200)
async def add_person(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[Any]:
    """Add a person, and show the password this once."""
    form = Form(await request.form())
    role = _role(form)
    new = NewPerson(
        name=form.text("name", "first name and surname", required=True) or "",
        sign_in=form.text("sign_in", "the name to sign in with", required=True) or "",
        email=form.text("email", "the mail address"),
        role=role,
    )
    made = None
    with form.answering("sign_in", _field):
        made = await service.add_person(database, actor, new)
    if form.errors:
        return await _adding(request, actor, database, form)
    return await page(request, "administration/person_added.html", made=made, name=new.name)


def _role(form: Form) -> NewRole:
    team = form.value("team")
    try:
        chosen = UUID(team) if team else None
    except ValueError:
        form.fail("team", "Choose a team from the list")
        chosen = None
    return NewRole(
        role=form.value("role"),
        area=form.value("area") or None,
        force=form.value("force") or None,
        agency=form.value("agency") or None,
        team=chosen,
    )


def _field(wrong: Wrong) -> str:
    return wrong.field.removeprefix("role.")


async def _adding(request: Request[Any, Any, Any], actor: Actor, database: Database, form: Form) -> Response[str]:
    return await page(
        request,
        "administration/new_person.html",
        form=form,
        **await _choices(actor, database),
    )


async def _choices(actor: Actor, database: Database) -> dict[str, Any]:
    """What a role can be, and where it can be held."""
    async with database.transaction(actor, readonly=True) as tx:
        areas, forces = await store.areas(tx.connection), await store.forces(tx.connection)
        teams = await store.teams(tx.connection)
    named = {str(team): f"{name}, {areas.get(area, area)}" for team, (area, name) in teams.items()}
    return {"roles": ROLES, "areas": areas, "forces": forces, "agencies": AGENCIES, "teams": named}


@get(f"{_PEOPLE}/{{person:uuid}}", opt=_ADMINISTRATOR, include_in_schema=False)
async def person_page(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    person: FromPath[UUID],
) -> Response[str]:
    """One person: what they hold, and what can be changed."""
    return await _person(request, actor, database, person, Form())


@post(f"{_PEOPLE}/{{person:uuid}}", opt=_ADMINISTRATOR, include_in_schema=False, status_code=200)
async def change_person(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    person: FromPath[UUID],
) -> Response[Any]:
    """Give a role, end one, or change how a person signs in; the button that was pressed says which."""
    form = Form(await request.form())
    ending, signing_in = form.value("end"), form.value("signing_in")
    if signing_in == "reset":
        link, mailed = await resets.make(database, settings, actor, person)
        return await page(request, "administration/reset_made.html", link=link, mailed=mailed, person=person)
    done = {"stop": "stopped", "second": "second", "allow": "allowed"}.get(signing_in, "ended" if ending else "given")
    with form.answering():
        async with database.transaction(actor) as tx:
            if signing_in == "second":
                await accounts.remove_second(tx, person)
            elif signing_in in {"stop", "allow"}:
                await service.set_disabled(tx, person, disabled=signing_in == "stop")
            elif ending:
                await service.end_role(tx, person, _identity(ending))
            else:
                role = _role(form)
                if not form.errors:
                    await service.grant(tx, person, role)
    if form.errors:
        return await _person(request, actor, database, person, form)
    return seeother(f"{_PEOPLE}/{person}?done={done}")


def _identity(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Refused([Wrong("", text[:40], "a role of this person", "Choose a role that is held.")]) from error


async def _person(
    request: Request[Any, Any, Any], actor: Actor, database: Database, person: UUID, form: Form
) -> Response[str]:
    async with database.transaction(actor, readonly=True) as tx:
        found = await service.one(tx, person)
        second = (await access_store.account(tx.connection, person)).totp_since
    return await page(
        request,
        "administration/person.html",
        second=second,
        person=found,
        me=person == actor.id,
        done=request.query_params.get("done", ""),
        form=form,
        **await _choices(actor, database),
    )


@get(_DECIDERS, opt=_ADMINISTRATOR, include_in_schema=False)
async def deciders_page(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """Whom each area lists as qualified to decide contacts."""
    return await _deciders(request, actor, database, Form())


@post(_DECIDERS, opt=_ADMINISTRATOR, include_in_schema=False, status_code=200)
async def change_deciders(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[Any]:
    """Put somebody on an area's list, or take somebody off it (``end``)."""
    form = Form(await request.form())
    area, ending = form.value("area"), form.value("end")
    field = f"person_{area}"
    try:
        person = UUID(ending or form.value("person"))
    except ValueError:
        form.fail(field, "Choose somebody from the list")
        return await _deciders(request, actor, database, form)
    with form.answering(names=lambda wrong: field if wrong.field == "person" else ""):
        async with database.transaction(actor) as tx:
            await (service.end_decider if ending else service.list_decider)(tx, area, person)
    if form.errors:
        return await _deciders(request, actor, database, form)
    return seeother(f"{_DECIDERS}?done={'ended' if ending else 'listed'}")


async def _deciders(request: Request[Any, Any, Any], actor: Actor, database: Database, form: Form) -> Response[str]:
    async with database.transaction(actor, readonly=True) as tx:
        listed = await store.deciders(tx.connection, tx.now)
        others = await store.candidates(tx.connection, tx.now)
    areas: dict[str, dict[str, Any]] = {}
    for each in listed:
        of_area = areas.setdefault(each.area, {"name": each.area_name, "deciders": [], "others": []})
        of_area["deciders"] += [each] if each.person else []
    for other in others:
        areas[other.area]["others"].append(other)
    return await page(
        request,
        "administration/deciders.html",
        areas=areas,
        done=request.query_params.get("done", ""),
        form=form,
    )


handlers: list[Any] = [
    people_page,
    new_person_page,
    add_person,
    person_page,
    change_person,
    deciders_page,
    change_deciders,
]
