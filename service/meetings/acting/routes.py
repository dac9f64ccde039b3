"""The JSON API of actions."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from msgspec import Meta

from schema.meetings import ActionSaid, Agency, Instant, LongText, Said, Text
from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.etags import IfMatch, Versioned, etag, version_of, versioned
from service.meetings import service as meetings
from service.meetings.acting import service
from service.meetings.acting.service import Detail
from service.meetings.rules import CONVENERS, READERS

Which = Literal["mine", "open", "overdue", "closed", "all"]


class ActionGiven(msgspec.Struct, frozen=True, kw_only=True):
    """An action that was given, and the version of its discussion that stands now."""

    action: UUID
    version: int


class Returning(Said, frozen=True, kw_only=True):
    """Why it is not yours to do, or no longer needed."""

    reason: LongText


class Progress(Said, frozen=True, kw_only=True):
    """How far it is, and what shows it."""

    note: LongText
    evidence: LongText = ""


class Completion(Said, frozen=True, kw_only=True):
    """What was done and what shows it; when, where that was before now."""

    note: LongText = ""
    evidence: LongText = ""
    at: Annotated[datetime, Meta(tz=True)] | None = None


class Moving(Said, frozen=True, kw_only=True):
    """Another due time, and why."""

    due_at: Instant
    reason: LongText


class Reassigning(Said, frozen=True, kw_only=True):
    """Somebody else who is to do it."""

    owner_agency: Agency | None = None
    owner_person: UUID | None = None
    owner_name: Text = ""
    reason: LongText = ""


@get("/api/v1/actions", opt=allow(*READERS), operation_id="ListActions")
async def list_actions(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    which: FromQuery[Which] = "mine",
    discussion: FromQuery[UUID | None] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
    offset: Annotated[int, QueryParameter(ge=0, le=100_000)] = 0,
) -> list[Detail]:
    """Actions that you may see: yours, open, overdue, closed or all; the earliest due first."""
    async with database.transaction(actor) as tx:
        return await service.listing(tx, which, limit=limit, offset=offset, discussion=discussion)


@get("/api/v1/actions/{action:uuid}", opt=allow(*READERS), operation_id="GetAction")
async def get_action(
    actor: NamedDependency[Actor], database: NamedDependency[Database], action: FromPath[UUID]
) -> Response[Detail]:
    """One action with what became of it."""
    async with database.transaction(actor) as tx:
        found = await service.one(tx, action)
    return Response(found, headers=etag(found.action.version))


@get("/api/v1/discussions/{discussion:uuid}/earlier-actions", opt=allow(*READERS), operation_id="ListEarlierActions")
async def earlier_actions(
    actor: NamedDependency[Actor], database: NamedDependency[Database], discussion: FromPath[UUID]
) -> list[Detail]:
    """What a discussion opens with: the last one's actions, and whatever else is open for these children."""
    async with database.transaction(actor) as tx:
        found = await service.earlier(tx, discussion)
        await meetings.looked(tx, discussion, "earlier_actions_viewed")
    return found


@post("/api/v1/discussions/{discussion:uuid}/actions", opt=allow(*CONVENERS), operation_id="GiveAction")
async def give_action(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    discussion: FromPath[UUID],
    data: JSONBody[ActionSaid],
    if_match: IfMatch = None,
) -> Response[ActionGiven]:
    """Give a further action: what, for which outcome, who, by when. ``If-Match`` names the discussion's version."""
    async with database.transaction(actor) as tx:
        action, version = await service.give(tx, discussion, version_of(if_match), data)
    return Response(ActionGiven(action=action, version=version), status_code=201, headers=etag(version))


@post("/api/v1/actions/{action:uuid}/acceptance", opt=allow(*READERS), operation_id="AcceptAction", status_code=200)
async def accept(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    action: FromPath[UUID],
    if_match: IfMatch = None,
) -> Response[Versioned]:
    """Take an action on."""
    async with database.transaction(actor) as tx:
        return versioned(await service.accept(tx, action, version_of(if_match)))


@post("/api/v1/actions/{action:uuid}/return", opt=allow(*READERS), operation_id="SendBackAction", status_code=200)
async def send_back(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    action: FromPath[UUID],
    data: JSONBody[Returning],
    if_match: IfMatch = None,
) -> Response[Versioned]:
    """Send an action back to those who gave it, with the reason. Its time runs on."""
    async with database.transaction(actor) as tx:
        return versioned(await service.send_back(tx, action, version_of(if_match), data.reason))


@post("/api/v1/actions/{action:uuid}/progress", opt=allow(*READERS), operation_id="ReportProgress", status_code=200)
async def report_progress(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    action: FromPath[UUID],
    data: JSONBody[Progress],
    if_match: IfMatch = None,
) -> Response[Versioned]:
    """Say how far an action is, and what shows it."""
    async with database.transaction(actor) as tx:
        return versioned(await service.progress(tx, action, version_of(if_match), data.note, data.evidence))


@post("/api/v1/actions/{action:uuid}/completion", opt=allow(*READERS), operation_id="CompleteAction", status_code=200)
async def complete(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    action: FromPath[UUID],
    data: JSONBody[Completion],
    if_match: IfMatch = None,
) -> Response[Versioned]:
    """Say that an action is done. One that was late stays late."""
    async with database.transaction(actor) as tx:
        said = {"note": data.note, "evidence": data.evidence}
        return versioned(await service.complete(tx, action, version_of(if_match), **said, at=data.at))


@post("/api/v1/actions/{action:uuid}/cancellation", opt=allow(*CONVENERS), operation_id="CancelAction", status_code=200)
async def cancel(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    action: FromPath[UUID],
    data: JSONBody[Returning],
    if_match: IfMatch = None,
) -> Response[Versioned]:
    """Call an action off, with the reason."""
    async with database.transaction(actor) as tx:
        return versioned(await service.cancel(tx, action, version_of(if_match), data.reason))


@post("/api/v1/actions/{action:uuid}/due", opt=allow(*CONVENERS), operation_id="MoveAction", status_code=200)
async def move(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    action: FromPath[UUID],
    data: JSONBody[Moving],
    if_match: IfMatch = None,
) -> Response[Versioned]:
    """Set another due time, with the reason. One that has passed stays on record as missed."""
    async with database.transaction(actor) as tx:
        return versioned(await service.move(tx, action, version_of(if_match), data.due_at, data.reason))


@post("/api/v1/actions/{action:uuid}/owner", opt=allow(*CONVENERS), operation_id="ReassignAction", status_code=200)
async def reassign(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    action: FromPath[UUID],
    data: JSONBody[Reassigning],
    if_match: IfMatch = None,
) -> Response[Versioned]:
    """Give an action to somebody else. Its time runs on."""
    async with database.transaction(actor) as tx:
        version = await service.reassign(
            tx,
            action,
            version_of(if_match),
            agency=data.owner_agency,
            person=data.owner_person,
            name=data.owner_name,
            reason=data.reason,
        )
    return versioned(version)


handlers: list[Any] = [
    list_actions,
    get_action,
    earlier_actions,
    give_action,
    accept,
    send_back,
    report_progress,
    complete,
    cancel,
    move,
    reassign,
]
