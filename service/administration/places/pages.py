"""The page of places: what there is, something new, another name."""

from typing import Any, Final, get_args

from litestar import Request, Response, get, post
from litestar.di import NamedDependency

from service.access.permissions import allow
from service.actor import Actor
from service.administration.places import rules, service
from service.administration.places.rules import Kind, NewPlace, Renamed
from service.database import Database
from service.web import words
from service.web.forms import Form
from service.web.page import page, seeother

_PLACES: Final = "/administration/places"
_ADMINISTRATOR: Final = allow("administrator")
_KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
_RENAMED: Final[tuple[Renamed, ...]] = get_args(Renamed)
_HOURS: Final = 26


@get(_PLACES, opt=_ADMINISTRATOR, include_in_schema=False)
async def places_page(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """What is set up."""
    return await _places(request, actor, database, Form())


@post(_PLACES, opt=_ADMINISTRATOR, include_in_schema=False, status_code=200)
async def change_places(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[Any]:
    """Add a place, or give one another name (``rename`` is its kind and key)."""
    form = Form(await request.form())
    kind, _, key = form.value("rename").partition(" ")
    renamed = next((each for each in _RENAMED if each == kind), None)
    new = None if renamed else _said(form)
    if not form.errors:
        with form.answering("new_name" if renamed else "name", lambda wrong: "new_name" if renamed else wrong.field):
            async with database.transaction(actor) as tx:
                if renamed:
                    await service.rename(tx, renamed, key, form.value("new_name"))
                elif new:
                    await service.add(tx, new)
    if form.errors:
        return await _places(request, actor, database, form)
    return seeother(f"{_PLACES}?done={'renamed' if renamed else 'added'}")


def _said(form: Form) -> NewPlace | None:
    kind = next((each for each in _KINDS if each == form.value("kind")), None)
    if kind is None:
        form.fail("kind", "Choose what to add")
        return None
    hours = form.value("silent_after_hours") or str(_HOURS)
    if not (hours.isascii() and hours.isdecimal() and 1 <= int(hours[:4]) <= 1000):
        form.fail("silent_after_hours", "Enter a number of hours from 1 to 1000")
        return None
    return NewPlace(
        kind=kind,
        name=form.text("name", "a name", required=True, longest=rules.LONGEST) or "",
        code=form.value("code")[:40],
        partnership=form.text("partnership", "the partnership", longest=rules.LONGEST) or "",
        area=form.value("area")[:40],
        force=form.value("force")[:40],
        forces=[each[:40] for each in form.values("forces")][:50],
        profile=form.value("profile")[:40],
        coverage=form.value("coverage")[:40] or "all_notices",
        silent_after_hours=int(hours),
    )


async def _places(request: Request[Any, Any, Any], actor: Actor, database: Database, form: Form) -> Response[str]:
    async with database.transaction(actor, readonly=True) as tx:
        found = await service.everything(tx)
    return await page(
        request,
        "administration/places.html",
        found=found,
        area_options=[(each.code, each.name) for each in found.areas],
        force_options=[(each.code, each.name) for each in found.forces],
        profile_options=[(each, each) for each in sorted(service.profiles())],
        coverage_options=[(each, words.sentence(each)) for each in rules.COVERAGES],
        names={each.code: each.name for each in found.areas} | {each.code: each.name for each in found.forces},
        done=request.query_params.get("done", ""),
        form=form,
    )


handlers: list[Any] = [places_page, change_places]
