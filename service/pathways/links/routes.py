"""The JSON API of records of one child: what may be, link, unlink, and the history of it."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Meta

from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.pathways.links import rules, service
from service.pathways.links.rules import Verdict
from service.pathways.links.service import Pair, Waiting, Whole

Why = Annotated[str, Meta(min_length=1, max_length=rules.LONGEST)]


class SettleIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One child or two. ``keep`` is the record that stands, where it is one."""

    verdict: Verdict
    why: Why
    keep: UUID | None = None


class LinkIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The record that stands, and how it is known that both are of one child."""

    into: UUID
    why: Why


class WhyIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a link is undone."""

    why: Why


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """The link that was made or undone; none where two records are of two children."""

    link: UUID | None


@get("/api/v1/possible-matches", opt=allow(*service.ROLES), operation_id="ListPossibleSameChildren")
async def list_waiting(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    limit: Annotated[int, QueryParameter(ge=1, le=100)] = 50,
    offset: Annotated[int, QueryParameter(ge=0, le=1_000_000)] = 0,
) -> Waiting:
    """Records that may be of one child, with the reasons field by field, until somebody settles it."""
    async with database.transaction(actor) as tx:
        return await service.waiting(tx, limit, offset)


@get("/api/v1/possible-matches/{match:uuid}", opt=allow(*service.ROLES), operation_id="GetPossibleSameChild")
async def get_match(actor: NamedDependency[Actor], database: NamedDependency[Database], match: FromPath[UUID]) -> Pair:
    """Two records side by side with their incidents."""
    async with database.transaction(actor) as tx:
        return await service.one(tx, match)


@post(
    "/api/v1/possible-matches/{match:uuid}/settle",
    opt=allow(*service.ROLES),
    operation_id="SettlePossibleSameChild",
    status_code=200,
)
async def settle(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    match: FromPath[UUID],
    data: JSONBody[SettleIn],
) -> Made:
    """Say that the records are of one child, which links them, or of two."""
    async with database.transaction(actor) as tx:
        return Made(link=await service.settle(tx, match, data.verdict, data.why, data.keep))


@get("/api/v1/children/{child:uuid}", opt=allow(*service.ROLES), operation_id="GetChildRecord")
async def get_record(
    actor: NamedDependency[Actor], database: NamedDependency[Database], child: FromPath[UUID]
) -> Whole:
    """One record of a child: its incidents, and what was linked and unlinked, by whom and why."""
    async with database.transaction(actor) as tx:
        return await service.whole(tx, child)


@post(
    "/api/v1/children/{child:uuid}/link",
    opt=allow(*service.ROLES),
    operation_id="LinkChildRecords",
    status_code=200,
)
async def link(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    child: FromPath[UUID],
    data: JSONBody[LinkIn],
) -> Made:
    """Let everything of this record stand under another. Clocks keep their starts; it can be undone."""
    async with database.transaction(actor) as tx:
        return Made(link=await service.link(tx, child, data.into, data.why))


@post(
    "/api/v1/child-links/{link_id:uuid}/unlink",
    opt=allow(*service.ROLES),
    operation_id="UnlinkChildRecords",
    status_code=200,
)
async def unlink(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    link_id: FromPath[UUID],
    data: JSONBody[WhyIn],
) -> Made:
    """Undo a link: what it moved stands where it stood."""
    async with database.transaction(actor) as tx:
        return Made(link=await service.unlink(tx, link_id, data.why))


handlers: list[Any] = [list_waiting, get_match, settle, get_record, link, unlink]
