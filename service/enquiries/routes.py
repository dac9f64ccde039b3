"""The JSON API of section 47 enquiries: start, list, read, write, see the child, complete, authorise."""

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from msgspec import Meta

from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.enquiries import authorising, rules, service, starting, viewing
from service.enquiries.beginning import begin
from service.enquiries.conferences import routes as conferences
from service.enquiries.lists import service as lists
from service.enquiries.lists.service import Enquiries, Which
from service.enquiries.owning import KEPT
from service.enquiries.rules import Body, LongText, Seen, Starting
from service.enquiries.starting import Started
from service.enquiries.viewing import View
from service.etags import IfMatch, Versioned, etag, version_of, versioned
from service.meetings.holding.service import ON_HELD
from service.pathways.owning import OWNERS

SEES: Final = (*rules.WRITES, "mash_coordinator", "out_of_hours", "conference_service")


class SendingBack(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is still to be done."""

    why: LongText = ""


class Authorising(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When the manager authorised it; now, where it is not said."""

    at: Annotated[datetime, Meta(tz=True)] | None = None


class Dropping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why no conference is required after all."""

    reason: LongText = ""


@post("/api/v1/enquiries", opt=allow(*rules.STARTS), operation_id="StartEnquiries")
async def start(
    actor: NamedDependency[Actor], database: NamedDependency[Database], data: JSONBody[Starting]
) -> list[Started]:
    """Start one section 47 enquiry for each child of these pathways, or join the one that is open.

    It starts when the discussion that decided it was held. If two discussions say that they began one enquiry, the
    earliest counts for the conference, and a data-quality query asks which is right.
    """
    async with database.transaction(actor) as tx:
        return await starting.start(tx, data)


@get("/api/v1/enquiries", opt=allow(*SEES), operation_id="ListEnquiries")
async def list_enquiries(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    which: FromQuery[Which] = "everything",
    area: FromQuery[str | None] = None,
    page: Annotated[int, QueryParameter(ge=1, le=10_000)] = 1,
) -> Enquiries:
    """Enquiries under way, the earliest target first, 50 to a page."""
    async with database.transaction(actor) as tx:
        return await lists.enquiries(tx, which=which, area=area, page=page)


@get("/api/v1/enquiries/{enquiry:uuid}", opt=allow(*SEES), operation_id="GetEnquiry")
async def get_enquiry(
    actor: NamedDependency[Actor], database: NamedDependency[Database], enquiry: FromPath[UUID]
) -> Response[View]:
    """One enquiry: what is written, its milestones and clocks. ``ETag`` is its version."""
    async with database.transaction(actor) as tx:
        found = await viewing.view(tx, enquiry)
    return Response(found, headers=etag(found.version))


@put("/api/v1/enquiries/{enquiry:uuid}", opt=allow(*rules.WRITES), operation_id="WriteEnquiry")
async def write(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    enquiry: FromPath[UUID],
    data: JSONBody[Body],
    if_match: IfMatch = None,
) -> Response[Versioned]:
    """Write the enquiry; nothing of it need be complete. 412 tells who changed what meanwhile."""
    version = version_of(if_match)
    async with database.transaction(actor) as tx:
        saved = await service.save(tx, enquiry, data, version)
    return versioned(saved)


@post("/api/v1/enquiries/{enquiry:uuid}/child-seen", opt=allow(*rules.WRITES), operation_id="SeeChild", status_code=200)
async def see(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    enquiry: FromPath[UUID],
    data: JSONBody[Seen],
    if_match: IfMatch = None,
) -> Response[Versioned]:
    """Record that a social worker saw the child, alone or not."""
    version = version_of(if_match)
    async with database.transaction(actor) as tx:
        saved = await service.record_seen(tx, enquiry, data, version)
    return versioned(saved)


@post(
    "/api/v1/enquiries/{enquiry:uuid}/completion",
    opt=allow(*rules.WRITES),
    operation_id="CompleteEnquiry",
    status_code=200,
)
async def complete(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    enquiry: FromPath[UUID],
    if_match: IfMatch = None,
) -> Response[Versioned]:
    """Say that it is complete, so that a manager authorises it. Stops nothing until then."""
    version = version_of(if_match)
    async with database.transaction(actor) as tx:
        saved = await service.complete(tx, enquiry, version)
    return versioned(saved)


@post(
    "/api/v1/enquiries/{enquiry:uuid}/sending-back",
    opt=allow(*rules.AUTHORISES),
    operation_id="SendEnquiryBack",
    status_code=200,
)
async def send_back(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    enquiry: FromPath[UUID],
    data: JSONBody[SendingBack],
    if_match: IfMatch = None,
) -> Response[Versioned]:
    """A manager sends a completed enquiry back to be worked on."""
    version = version_of(if_match)
    async with database.transaction(actor) as tx:
        saved = await authorising.send_back(tx, enquiry, version, data.why)
    return versioned(saved)


@post(
    "/api/v1/enquiries/{enquiry:uuid}/authorisation",
    opt=allow(*rules.AUTHORISES),
    operation_id="AuthoriseEnquiry",
    status_code=200,
)
async def authorise(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    enquiry: FromPath[UUID],
    data: JSONBody[Authorising],
    if_match: IfMatch = None,
) -> Response[Versioned]:
    """A manager authorises it: that completes the enquiry and says whether a conference is required."""
    version = version_of(if_match)
    async with database.transaction(actor) as tx:
        saved = await authorising.authorise(tx, enquiry, version, data.at)
    return versioned(saved)


@post(
    "/api/v1/enquiries/{enquiry:uuid}/no-conference",
    opt=allow(*rules.AUTHORISES),
    operation_id="DropConference",
    status_code=200,
)
async def drop_conference(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    enquiry: FromPath[UUID],
    data: JSONBody[Dropping],
    if_match: IfMatch = None,
) -> Response[Versioned]:
    """A manager finds that no conference is required after all. Decided after the target day, it stays late."""
    version = version_of(if_match)
    async with database.transaction(actor) as tx:
        saved = await authorising.drop_conference(tx, enquiry, version, data.reason)
    return versioned(saved)


#: Meetings know nothing of enquiries: they tell whoever listens that a discussion was held.
ON_HELD.append(begin)
OWNERS.update(KEPT)
handlers: list[Any] = [
    start,
    list_enquiries,
    get_enquiry,
    write,
    see,
    complete,
    send_back,
    authorise,
    drop_conference,
    *conferences.handlers,
]
