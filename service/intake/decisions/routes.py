"""The JSON API of a notice's fate: decide, draft, share, decline, accept a transfer."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.etags import IfMatch, etag, version_of
from service.intake.decisions import service
from service.intake.decisions.owning import KEPT
from service.intake.decisions.service import Decision
from service.pathways.owning import OWNERS

_FRONT_DOOR = ("mash_coordinator", "mash_manager", "out_of_hours")
ShortText = Annotated[str, Meta(max_length=200)]
LongText = Annotated[str, Meta(max_length=10_000)]


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """The milestones that were recorded, in order."""

    milestones: list[UUID]


class Sharing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The pathways to share now."""

    pathways: Annotated[list[UUID], Meta(min_length=1, max_length=200)]


class Declining(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why one child's notice is not shared, and who decided."""

    reason: ShortText = ""
    text: LongText = ""
    decided_by: ShortText = ""


class DraftBody(msgspec.Struct, frozen=True, kw_only=True):
    """What has been written so far; nothing of it need be complete."""

    outcome: ShortText = ""
    rationale: LongText = ""
    history_considered: LongText = ""


class DraftAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A draft with its version, which the next change names in ``If-Match``."""

    version: int
    draft: dict[str, Any]


@post("/api/v1/decisions", opt=allow("mash_manager", "out_of_hours"), operation_id="DecideContact")
async def decide(actor: NamedDependency[Actor], database: NamedDependency[Database], data: JSONBody[Decision]) -> Done:
    """Decide a contact for one child, or several of one family.

    Complete only with outcome, rationale, the history considered, and a decider whom the area lists.
    """
    async with database.transaction(actor) as tx:
        recorded = await service.decide(tx, data)
    return Done(milestones=[milestone.id for milestone in recorded.milestones])


@get("/api/v1/pathways/{pathway:uuid}/decision-draft", opt=allow(*_FRONT_DOOR), operation_id="GetDecisionDraft")
async def get_draft(
    actor: NamedDependency[Actor], database: NamedDependency[Database], pathway: FromPath[UUID]
) -> Response[DraftAnswer]:
    """The draft of a decision; version 0 where there is none yet."""
    async with database.transaction(actor, readonly=True) as tx:
        found = await service.draft(tx, pathway)
    answer = DraftAnswer(version=found.version if found else 0, draft=found.body if found else {})
    return Response(answer, headers=etag(answer.version))


@put("/api/v1/pathways/{pathway:uuid}/decision-draft", opt=allow(*_FRONT_DOOR), operation_id="SaveDecisionDraft")
async def save_draft(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    pathway: FromPath[UUID],
    data: JSONBody[DraftBody],
    if_match: IfMatch = None,
) -> Response[DraftAnswer]:
    """Save a draft; it stops no clock. ``If-Match`` names the version it is based on."""
    async with database.transaction(actor) as tx:
        version = await service.save_draft(tx, pathway, msgspec.to_builtins(data), version_of(if_match))
    answer = DraftAnswer(version=version, draft=msgspec.to_builtins(data))
    return Response(answer, headers=etag(version))


@post("/api/v1/shares", opt=allow("police_liaison"), operation_id="ShareNotices")
async def share(actor: NamedDependency[Actor], database: NamedDependency[Database], data: JSONBody[Sharing]) -> Done:
    """Share notices with children's social care now. Sharing here is sending: they are received at once."""
    async with database.transaction(actor) as tx:
        recorded = await service.share(tx, data.pathways)
    return Done(milestones=[milestone.id for milestone in recorded.milestones])


@post("/api/v1/pathways/{pathway:uuid}/decline", opt=allow("police_liaison"), operation_id="DeclineNotice")
async def decline(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    pathway: FromPath[UUID],
    data: JSONBody[Declining],
) -> Done:
    """Do not share one child's notice. The school is still told; a further incident looks at it again."""
    async with database.transaction(actor) as tx:
        recorded = await service.decline(tx, pathway, data.reason, data.text, data.decided_by)
    return Done(milestones=[milestone.id for milestone in recorded.milestones])


@post(
    "/api/v1/pathways/{pathway:uuid}/transfer-acceptance",
    opt=allow("mash_coordinator", "mash_manager"),
    operation_id="AcceptTransfer",
)
async def accept_transfer(
    actor: NamedDependency[Actor], database: NamedDependency[Database], pathway: FromPath[UUID]
) -> Done:
    """Accept a child whom another area sent: the pathway moves here and keeps its age."""
    async with database.transaction(actor) as tx:
        recorded = await service.accept_transfer(tx, pathway, actor.name)
    return Done(milestones=[milestone.id for milestone in recorded.milestones])


OWNERS.update(KEPT)
handlers: list[Any] = [decide, get_draft, save_draft, share, decline, accept_transfer]
