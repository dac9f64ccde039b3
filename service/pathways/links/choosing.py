"""Link two records that nobody was asked about: look the other one up, see both side by side, say which stands."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.pathways.links import service
from service.pathways.links.service import Pair, Whole
from service.pathways.lists import service as lists
from service.pathways.lists.store import Found
from service.pathways.pages import wording
from service.web.forms import Form
from service.web.page import page, seeother


class Other(msgspec.Struct, frozen=True, kw_only=True):
    """A record that was found, by the newest of its incidents, and how many of these were found."""

    newest: Found
    incidents: int


@get("/children/{child:uuid}/link", opt=allow(*service.ROLES), include_in_schema=False)
async def ask(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    child: FromPath[UUID],
) -> Response[str]:
    """The question which other record."""
    async with database.transaction(actor) as tx:
        whole = await service.whole(tx, child)
    return await _shown(request, whole, Form(), None)


@post("/children/{child:uuid}/link", opt=allow(*service.ROLES), include_in_schema=False, status_code=200)
async def look_up(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    child: FromPath[UUID],
) -> Response[str]:
    """Other records that were found, to be compared; what was typed stands in no address."""
    form = Form(await request.form())
    wanted = form.text("q", "a reference, a name or a date of birth", required=True)
    async with database.transaction(actor) as tx:
        whole = await service.whole(tx, child)
        found = await lists.search(tx, wanted) if wanted is not None else []
    return await _shown(request, whole, form, None if wanted is None else _records(found, whole))


def _records(found: list[Found], whole: Whole) -> list[Other]:
    """One line for each record but this one, in the order of the newest incident; of the same area alone."""
    newest: dict[UUID, Found] = {}
    count: dict[UUID, int] = {}
    for row in found:
        if row.child != whole.record.id and row.area == whole.record.area:
            newest.setdefault(row.child, row)
            count[row.child] = count.get(row.child, 0) + 1
    return [Other(newest=row, incidents=count[child]) for child, row in newest.items()]


async def _shown(request: Request[Any, Any, Any], whole: Whole, form: Form, found: list[Other] | None) -> Response[str]:
    return await page(
        request,
        "pathways/link_record.html",
        record=whole.record,
        form=form,
        found=found,
        wording=wording,
    )


@get("/children/{child:uuid}/beside/{other:uuid}", opt=allow(*service.ROLES), include_in_schema=False)
async def compared(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    child: FromPath[UUID],
    other: FromPath[UUID],
) -> Response[str]:
    """Two records side by side, and which of them stands."""
    async with database.transaction(actor) as tx:
        pair = await service.beside(tx, child, other)
    return await compare(request, pair, Form())


@post("/children/{child:uuid}/beside/{other:uuid}", opt=allow(*service.ROLES), include_in_schema=False, status_code=200)
async def link(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    child: FromPath[UUID],
    other: FromPath[UUID],
) -> Response[Any]:
    """Link them, which leads to the record that stands."""
    form = Form(await request.form())
    stands = {"child": child, "other": other}.get(form.value("verdict"))
    if stands is None:
        form.fail("verdict", "Choose the record that stands")
    why = said_how(form)
    if stands is not None and not form.errors:
        with form.answering("verdict"):
            async with database.transaction(actor) as tx:
                await service.link(tx, other if stands == child else child, stands, why)
            return seeother(f"/children/{stands}?done=linked")
    async with database.transaction(actor) as tx:
        pair = await service.beside(tx, child, other)
    return await compare(request, pair, form)


def said_how(form: Form) -> str:
    """How somebody knows that two records are of one child, or of two; an error where nothing is said."""
    why = form.value("why").strip()
    if not why:
        form.fail("why", "Say how you know")
    return why


async def compare(request: Request[Any, Any, Any], pair: Pair, form: Form) -> Response[str]:
    """Two records side by side, with the question whether they are one child."""
    return await page(
        request,
        "pathways/compare_records.html",
        pair=pair,
        form=form,
        wording=wording,
    )


handlers: list[Any] = [ask, look_up, compared, link]
