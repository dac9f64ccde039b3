"""The JSON API of asking for a discussion and convening it."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from msgspec import Meta

from schema.meetings import (
    Agency,
    Answer,
    Asked,
    CancelCause,
    Form,
    InviteeSaid,
    LongText,
    PostponeCause,
    Said,
    SlotSaid,
    Text,
)
from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.etags import IfMatch, Versioned, etag, version_of, versioned
from service.meetings import service as meetings
from service.meetings.requesting import planning, service
from service.meetings.rules import CONVENERS, READERS
from service.meetings.structs import Listed, Required, View

Which = Literal["upcoming", "awaiting", "mine", "record_due", "all"]


class DiscussionMade(msgspec.Struct, frozen=True, kw_only=True):
    """A discussion that was asked for, and the version that its next change names."""

    discussion: UUID
    version: int


class CoverMore(Said, frozen=True, kw_only=True):
    """Further pathways that the discussion is to cover."""

    pathways: Annotated[list[UUID], Meta(min_length=1, max_length=40)]


class Invited(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation, and the version of the discussion that stands now."""

    invitee: UUID
    version: int


class Slots(Said, frozen=True, kw_only=True):
    """Times to offer, three at most at once."""

    slots: Annotated[list[SlotSaid], Meta(min_length=1, max_length=3)]


class AnswerSaid(Said, frozen=True, kw_only=True):
    """An answer to a slot. ``invitee`` names whose; your own or your agency's when left out."""

    slot: UUID
    answer: Answer
    invitee: UUID | None = None
    representative: Text = ""
    note: LongText = ""


class AnswerKept(msgspec.Struct, frozen=True, kw_only=True):
    """The answer that was kept."""

    answer: UUID


class Scheduling(Said, frozen=True, kw_only=True):
    """The slot that is taken; where, and in which form, where that changes."""

    slot: UUID
    place: Text | None = None
    form: Form | None = None


class Placing(Said, frozen=True, kw_only=True):
    """Where it takes place or how one joins (empty: not said), and the form where that changes."""

    place: Text
    form: Form | None = None


class Postponing(Said, frozen=True, kw_only=True):
    """Why, which agency it waits on, and the new slot where there is one."""

    cause: PostponeCause
    agency: Agency
    note: LongText = ""
    slot: UUID | None = None


class Cancelling(Said, frozen=True, kw_only=True):
    """Why, and which agency it waits on."""

    cause: CancelCause
    agency: Agency
    note: LongText = ""


class Requiring(Said, frozen=True, kw_only=True):
    """That an agency must take part from some time on, or need not. ``area`` left out: everywhere."""

    agency: Agency
    required: bool
    basis: LongText
    area: Text | None = None
    effective_from: Annotated[datetime, Meta(tz=True)] | None = None


@post("/api/v1/discussions", opt=allow(*CONVENERS), operation_id="RequestDiscussion")
async def request_discussion(
    actor: NamedDependency[Actor], database: NamedDependency[Database], data: JSONBody[Asked]
) -> Response[DiscussionMade]:
    """Ask for a strategy discussion for one or several pathways. Required agencies are invited by themselves."""
    async with database.transaction(actor) as tx:
        made = await service.request(tx, data)
    return Response(DiscussionMade(discussion=made, version=1), status_code=201, headers=etag(1))


@get("/api/v1/discussions", opt=allow(*READERS), operation_id="ListDiscussions")
async def list_discussions(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    which: FromQuery[Which] = "upcoming",
    limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
    offset: Annotated[int, QueryParameter(ge=0, le=100_000)] = 0,
) -> list[Listed]:
    """Discussions that you may see: still to be held, waiting for answers, yours, with a record to send, or all."""
    async with database.transaction(actor) as tx:
        return await meetings.listing(tx, which, limit=limit, offset=offset)


@get("/api/v1/discussions/{discussion:uuid}", opt=allow(*READERS), operation_id="GetDiscussion")
async def get_discussion(
    actor: NamedDependency[Actor], database: NamedDependency[Database], discussion: FromPath[UUID]
) -> Response[View]:
    """One discussion: whom it covers and asks, its slots and answers, its clock, and its record once it was held."""
    async with database.transaction(actor) as tx:
        view = await meetings.one(tx, discussion)
    return Response(view, headers=etag(view.discussion.version))


@post("/api/v1/discussions/{discussion:uuid}/pathways", opt=allow(*CONVENERS), operation_id="CoverPathways")
async def cover_pathways(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    discussion: FromPath[UUID],
    data: JSONBody[CoverMore],
    if_match: IfMatch = None,
) -> Response[Versioned]:
    """Let a discussion that is still to be held cover further incidents or children."""
    async with database.transaction(actor) as tx:
        return versioned(await service.cover(tx, discussion, version_of(if_match), data.pathways))


@post("/api/v1/discussions/{discussion:uuid}/invitees", opt=allow(*CONVENERS), operation_id="Invite")
async def invite(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    discussion: FromPath[UUID],
    data: JSONBody[InviteeSaid],
    if_match: IfMatch = None,
) -> Response[Invited]:
    """Ask an agency, a person with an account, or a contact with a name and an address to take part."""
    async with database.transaction(actor) as tx:
        invitee, version = await service.invite(tx, discussion, version_of(if_match), data)
    return Response(Invited(invitee=invitee, version=version), status_code=201, headers=etag(version))


@post(
    "/api/v1/discussions/{discussion:uuid}/invitees/{invitee:uuid}/withdrawal",
    opt=allow(*CONVENERS),
    operation_id="WithdrawInvitation",
    status_code=200,
)
async def withdraw_invitation(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    discussion: FromPath[UUID],
    invitee: FromPath[UUID],
    if_match: IfMatch = None,
) -> Response[Versioned]:
    """Ask somebody no longer; they see the discussion no more."""
    async with database.transaction(actor) as tx:
        return versioned(await service.withdraw_invitation(tx, discussion, version_of(if_match), invitee))


@post("/api/v1/discussions/{discussion:uuid}/slots", opt=allow(*CONVENERS), operation_id="OfferSlots")
async def offer_slots(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    discussion: FromPath[UUID],
    data: JSONBody[Slots],
    if_match: IfMatch = None,
) -> Response[Versioned]:
    """Offer further times; the agencies answer each of them."""
    async with database.transaction(actor) as tx:
        return versioned(await planning.offer_slots(tx, discussion, version_of(if_match), data.slots))


@post(
    "/api/v1/discussions/{discussion:uuid}/slots/{slot:uuid}/withdrawal",
    opt=allow(*CONVENERS),
    operation_id="WithdrawSlot",
    status_code=200,
)
async def withdraw_slot(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    discussion: FromPath[UUID],
    slot: FromPath[UUID],
    if_match: IfMatch = None,
) -> Response[Versioned]:
    """Offer a time no longer."""
    async with database.transaction(actor) as tx:
        return versioned(await planning.withdraw_slot(tx, discussion, version_of(if_match), slot))


@post(
    "/api/v1/discussions/{discussion:uuid}/answers",
    opt=allow(*CONVENERS, "police_liaison", "partner", "social_worker", "conference_service"),
    operation_id="AnswerSlot",
)
async def answer_slot(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    discussion: FromPath[UUID],
    data: JSONBody[AnswerSaid],
) -> AnswerKept:
    """Answer a slot: accept, decline, send a representative, or send information. The newest answer counts."""
    async with database.transaction(actor) as tx:
        kept = await planning.answer(
            tx,
            discussion,
            data.slot,
            data.answer,
            invitee=data.invitee,
            representative=data.representative,
            note=data.note,
        )
    return AnswerKept(answer=kept)


@post(
    "/api/v1/discussions/{discussion:uuid}/schedule",
    opt=allow(*CONVENERS),
    operation_id="ScheduleDiscussion",
    status_code=200,
)
async def schedule(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    discussion: FromPath[UUID],
    data: JSONBody[Scheduling],
    if_match: IfMatch = None,
) -> Response[Versioned]:
    """Set the time. A later time than one that was set is a postponement."""
    async with database.transaction(actor) as tx:
        version = version_of(if_match)
        return versioned(await planning.schedule(tx, discussion, version, data.slot, place=data.place, form=data.form))


@post(
    "/api/v1/discussions/{discussion:uuid}/place",
    opt=allow(*CONVENERS),
    operation_id="PlaceDiscussion",
    status_code=200,
)
async def place(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    discussion: FromPath[UUID],
    data: JSONBody[Placing],
    if_match: IfMatch = None,
) -> Response[Versioned]:
    """Change where it takes place or how one joins, and in which form. Its time stands."""
    async with database.transaction(actor) as tx:
        version = version_of(if_match)
        return versioned(await planning.place(tx, discussion, version, where=data.place, form=data.form))


@post(
    "/api/v1/discussions/{discussion:uuid}/postponement",
    opt=allow(*CONVENERS),
    operation_id="PostponeDiscussion",
    status_code=200,
)
async def postpone(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    discussion: FromPath[UUID],
    data: JSONBody[Postponing],
    if_match: IfMatch = None,
) -> Response[Versioned]:
    """Put off the time that was set, with cause and agency. No clock stops."""
    async with database.transaction(actor) as tx:
        version = await planning.postpone(
            tx,
            discussion,
            version_of(if_match),
            cause=data.cause,
            agency=data.agency,
            note=data.note,
            slot=data.slot,
        )
    return versioned(version)


@post(
    "/api/v1/discussions/{discussion:uuid}/cancellation",
    opt=allow(*CONVENERS),
    operation_id="CancelDiscussion",
    status_code=200,
)
async def cancel(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    discussion: FromPath[UUID],
    data: JSONBody[Cancelling],
    if_match: IfMatch = None,
) -> Response[Versioned]:
    """Call the discussion off, with cause and agency. No clock stops."""
    async with database.transaction(actor) as tx:
        version = version_of(if_match)
        return versioned(
            await planning.cancel(tx, discussion, version, cause=data.cause, agency=data.agency, note=data.note)
        )


@get("/api/v1/required-agencies", opt=allow(*READERS, "administrator"), operation_id="ListRequiredAgencies")
async def list_required(actor: NamedDependency[Actor], database: NamedDependency[Database]) -> list[Required]:
    """Which agencies must take part in a discussion, where and from when."""
    async with database.transaction(actor, readonly=True) as tx:
        return await meetings.required(tx)


@post("/api/v1/required-agencies", opt=allow("administrator"), operation_id="RequireAgency")
async def require_agency(
    actor: NamedDependency[Actor], database: NamedDependency[Database], data: JSONBody[Requiring]
) -> Required:
    """Let an agency be required from now on or later, or no longer. Discussions held before keep their rule."""
    async with database.transaction(actor) as tx:
        return await meetings.require(
            tx,
            agency=data.agency,
            required=data.required,
            basis=data.basis,
            area=data.area,
            effective_from=data.effective_from,
        )


handlers: list[Any] = [
    request_discussion,
    list_discussions,
    get_discussion,
    cover_pathways,
    invite,
    withdraw_invitation,
    offer_slots,
    withdraw_slot,
    answer_slot,
    schedule,
    place,
    postpone,
    cancel,
    list_required,
    require_agency,
]
