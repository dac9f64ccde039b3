"""The JSON API of conferences: ask, list, read, schedule, call off, hold, and agree why one is late."""

from typing import Annotated, Any, Final, Literal
from uuid import UUID

import msgspec
from litestar import Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.enquiries.conferences import agreeing, asking, rules, service, viewing
from service.enquiries.conferences.rules import Asking, Calling, Holding, Lateness, Scheduling
from service.enquiries.conferences.viewing import View
from service.enquiries.lists import service as lists
from service.enquiries.lists.service import Conferences, Wanted
from service.etags import IfMatch, Versioned, etag, version_of, versioned

SEES: Final = (*rules.ASKS, "social_worker", "mash_coordinator", "out_of_hours")
AGREES: Final = (*rules.MANAGES, *rules.CHAIRS)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """The conference that was asked for."""

    conference: UUID
    version: int = 1


class Agreeing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For which side, where somebody is both manager and chair."""

    side: Literal["manager", "chair"] | None = None


@post("/api/v1/conferences", opt=allow(*rules.ASKS), operation_id="AskForConference")
async def ask(
    actor: NamedDependency[Actor], database: NamedDependency[Database], data: JSONBody[Asking]
) -> Response[Asked]:
    """Ask for one conference about one or several children. A transfer-in conference counts from its notification."""
    async with database.transaction(actor) as tx:
        made = await asking.ask(tx, data)
    return Response(Asked(conference=made), headers=etag(1))


@get("/api/v1/conferences", opt=allow(*SEES), operation_id="ListConferences")
async def list_conferences(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    which: FromQuery[Wanted] = "due",
    area: FromQuery[str | None] = None,
    page: Annotated[int, QueryParameter(ge=1, le=10_000)] = 1,
) -> Conferences:
    """Conferences by their target day, with the working days left, 50 to a page."""
    async with database.transaction(actor) as tx:
        return await lists.conferences(tx, which=which, area=area, page=page)


@get("/api/v1/conferences/{conference:uuid}", opt=allow(*SEES), operation_id="GetConference")
async def get_conference(
    actor: NamedDependency[Actor], database: NamedDependency[Database], conference: FromPath[UUID]
) -> Response[View]:
    """One conference: its children with their target days, and how late each is. ``ETag`` is its version."""
    async with database.transaction(actor) as tx:
        found = await viewing.view(tx, conference)
    return Response(found, headers=etag(found.version))


@put("/api/v1/conferences/{conference:uuid}/date", opt=allow(*rules.ARRANGES), operation_id="ScheduleConference")
async def schedule(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    conference: FromPath[UUID],
    data: JSONBody[Scheduling],
    if_match: IfMatch = None,
) -> Response[Versioned]:
    """Set or move its date. Moving is a postponement with cause and agency, and stops no clock."""
    version = version_of(if_match)
    async with database.transaction(actor) as tx:
        saved = await service.schedule(tx, conference, data, version)
    return versioned(saved)


@post(
    "/api/v1/conferences/{conference:uuid}/cancellation",
    opt=allow(*rules.ARRANGES),
    operation_id="CancelConference",
    status_code=200,
)
async def call_off(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    conference: FromPath[UUID],
    data: JSONBody[Calling],
    if_match: IfMatch = None,
) -> Response[Versioned]:
    """Call it off, with cause and agency. Every child's clock goes on."""
    version = version_of(if_match)
    async with database.transaction(actor) as tx:
        saved = await service.call_off(tx, conference, data, version)
    return versioned(saved)


@post(
    "/api/v1/conferences/{conference:uuid}/holding",
    opt=allow(*rules.ARRANGES),
    operation_id="HoldConference",
    status_code=200,
)
async def hold(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    conference: FromPath[UUID],
    data: JSONBody[Holding],
    if_match: IfMatch = None,
) -> Response[Versioned]:
    """Record that it was held, with what was decided for each child."""
    version = version_of(if_match)
    async with database.transaction(actor) as tx:
        saved = await service.hold(tx, conference, data, version)
    return versioned(saved)


@put(
    "/api/v1/conferences/{conference:uuid}/lateness",
    opt=allow(*AGREES),
    operation_id="ExplainLateConference",
)
async def explain(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    conference: FromPath[UUID],
    data: JSONBody[Lateness],
    if_match: IfMatch = None,
) -> Response[Versioned]:
    """Say why it is late and agree for one's own side; the other side agrees next."""
    version = version_of(if_match)
    async with database.transaction(actor) as tx:
        saved = await agreeing.explain(tx, conference, data, version)
    return versioned(saved)


@post(
    "/api/v1/conferences/{conference:uuid}/agreement",
    opt=allow(*AGREES),
    operation_id="AgreeLateConference",
    status_code=200,
)
async def agree(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    conference: FromPath[UUID],
    data: JSONBody[Agreeing],
    if_match: IfMatch = None,
) -> Response[Versioned]:
    """The other side agrees; with both, the reason stands on every late child's pathway."""
    version = version_of(if_match)
    async with database.transaction(actor) as tx:
        saved = await agreeing.agree(tx, conference, version, data.side)
    return versioned(saved)


handlers: list[Any] = [ask, list_conferences, get_conference, schedule, call_off, hold, explain, agree]
