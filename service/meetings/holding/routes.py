"""The JSON API of a discussion's record: draft, hold, correct, send."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, get, post, put
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import Meta

from schema.meetings import How, LongText, Record, Said
from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.etags import IfMatch, Versioned, etag, version_of, versioned
from service.meetings import service as meetings
from service.meetings.correcting import service as correcting
from service.meetings.correcting.service import Amended
from service.meetings.holding import service
from service.meetings.rules import CONVENERS, READERS
from service.meetings.structs import Change, Kept, Quoracy


class RecordDraft(msgspec.Struct, frozen=True, kw_only=True):
    """The record as far as it is written, and the draft's own version (0: nobody has begun).

    The next draft names it in ``If-Match``, and whoever holds the discussion names it in ``draft``.
    """

    version: int
    record: Record
    saved_at: datetime | None = None
    saved_by: str | None = None


class HeldAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A discussion that was held: whether it was quorate and why, and the pathways on which an enquiry begins."""

    version: int
    quoracy: Quoracy
    enquiries_begin: list[UUID]


class Amendment(Said, frozen=True, kw_only=True):
    """The record as it should have been, whole; why, and where the right value comes from."""

    record: Record
    reason: LongText
    source: LongText = ""


class Sending(Said, frozen=True, kw_only=True):
    """To whom the record was sent (left out: everybody who was asked), how, and when (left out: now)."""

    invitees: Annotated[list[UUID], Meta(max_length=60)] | None = None
    how: How = "tracker"
    sent_at: Annotated[datetime, Meta(tz=True)] | None = None


@get("/api/v1/discussions/{discussion:uuid}/draft", opt=allow(*CONVENERS), operation_id="GetRecordDraft")
async def get_draft(
    actor: NamedDependency[Actor], database: NamedDependency[Database], discussion: FromPath[UUID]
) -> Response[RecordDraft]:
    """The record while it is written; empty where nobody has begun."""
    async with database.transaction(actor) as tx:
        version, known = await service.draft(tx, discussion)
        await meetings.looked(tx, discussion, "record_draft_viewed")
    found = RecordDraft(
        version=version,
        record=known.record if known else Record(),
        saved_at=known.saved_at if known else None,
        saved_by=known.saved_by_name if known else None,
    )
    return Response(found, headers=etag(version))


@put("/api/v1/discussions/{discussion:uuid}/draft", opt=allow(*CONVENERS), operation_id="SaveRecordDraft")
async def save_draft(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    discussion: FromPath[UUID],
    data: JSONBody[Record],
    if_match: IfMatch = None,
) -> Response[Versioned]:
    """Save what is written so far; it stops no clock, and the discussion keeps its version.

    ``If-Match`` names the version of the draft. 412 tells which fields differ from what somebody else saved, and that.
    """
    async with database.transaction(actor) as tx:
        return versioned(await service.save_draft(tx, discussion, version_of(if_match), data))


@post("/api/v1/discussions/{discussion:uuid}/record", opt=allow(*CONVENERS), operation_id="HoldDiscussion")
async def hold(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    discussion: FromPath[UUID],
    data: JSONBody[Record],
    if_match: IfMatch = None,
    draft: FromQuery[int] = 0,
) -> Response[HeldAnswer]:
    """Record that the discussion took place. Quoracy follows from the attendance; actions are given by it.

    ``draft``: the version of the draft that the record was written from. 412 where a newer one stands, so that nothing
    that somebody wrote is passed over.
    """
    async with database.transaction(actor) as tx:
        held = await service.hold(tx, discussion, version_of(if_match), data, draft_version=draft)
    answer = HeldAnswer(version=held.version, quoracy=held.quoracy, enquiries_begin=list(held.begun))
    return Response(answer, status_code=201, headers=etag(held.version))


@get("/api/v1/discussions/{discussion:uuid}/records", opt=allow(*READERS), operation_id="ListRecords")
async def list_records(
    actor: NamedDependency[Actor], database: NamedDependency[Database], discussion: FromPath[UUID]
) -> list[Kept]:
    """Every number of the record, with the reasons of its corrections; the last one stands."""
    async with database.transaction(actor) as tx:
        found = await service.records(tx, discussion)
        await meetings.looked(tx, discussion, "records_viewed")
    return found


@post(
    "/api/v1/discussions/{discussion:uuid}/record/corrections",
    opt=allow(*CONVENERS),
    operation_id="CorrectRecord",
    status_code=200,
    responses={202: ResponseSpec(Amended, description="It waits for a second person; nothing changed yet.")},
)
async def correct_record(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    discussion: FromPath[UUID],
    data: JSONBody[Amendment],
    if_match: IfMatch = None,
) -> Response[Amended]:
    """Correct the record of a discussion that was held. The one before stays; what it tells the clocks follows.

    What would turn late into in time waits for a second person: 202, and nothing changed yet.
    """
    async with database.transaction(actor) as tx:
        expected = version_of(if_match)
        made = await correcting.amend(tx, discussion, expected, data.record, reason=data.reason, source=data.source)
    return Response(made, status_code=202 if made.proposal else 200, headers=etag(made.version))


@post(
    "/api/v1/discussions/{discussion:uuid}/record/copies",
    opt=allow(*CONVENERS),
    operation_id="SendRecord",
)
async def send_record(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    discussion: FromPath[UUID],
    data: JSONBody[Sending],
    if_match: IfMatch = None,
) -> Response[Versioned]:
    """Remember to whom the record was sent. The last required recipient stops that clock."""
    async with database.transaction(actor) as tx:
        expected = version_of(if_match)
        version = await service.issue(tx, discussion, expected, data.invitees, how=data.how, sent_at=data.sent_at)
    return versioned(version)


@get("/api/v1/discussions/{discussion:uuid}/history", opt=allow(*CONVENERS), operation_id="ListDiscussionChanges")
async def list_changes(
    actor: NamedDependency[Actor], database: NamedDependency[Database], discussion: FromPath[UUID]
) -> list[Change]:
    """Every change of a discussion, with its values before and after."""
    async with database.transaction(actor) as tx:
        found = await meetings.history(tx, discussion)
        await meetings.looked(tx, discussion, "discussion_changes_viewed")
    return found


handlers: list[Any] = [get_draft, save_draft, hold, list_records, correct_record, send_record, list_changes]
