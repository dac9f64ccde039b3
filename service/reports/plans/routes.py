"""The JSON API of promises and comments."""

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Response, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.etags import IfMatch, Versioned, etag, version_of, versioned
from service.reports.plans import rules, service
from service.reports.plans.caseloads.routes import handlers as caseload_handlers
from service.reports.plans.packs.routes import handlers as pack_handlers
from service.reports.plans.rules import Answer, Change, NewComment, NewPromise
from service.reports.plans.service import Progress
from service.reports.plans.store import Comment, Event

Area = Annotated[str | None, QueryParameter(max_length=12)]
READERS: Final = tuple(dict.fromkeys((*rules.COMMENTERS, *rules.OWNERS)))
_MAKERS: Final = allow(*rules.MAKERS)
_COMMENTERS: Final = allow(*rules.COMMENTERS)
_READERS: Final = allow(*READERS)


class PromiseDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A promise with its figure then and now, and what was said of it."""

    progress: Progress
    events: list[Event]


class CommentMade(msgspec.Struct, frozen=True, kw_only=True):
    """What was recorded."""

    id: UUID


class FigureChoice(msgspec.Struct, frozen=True, kw_only=True):
    """A figure that a promise can be about, and what it is now."""

    figure: str
    group: str
    title: str
    now: str


class SmallNumbers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Counts from 1 to ``most`` are not shown to boards of the area."""

    area: Annotated[str, msgspec.Meta(max_length=12)]
    most: int


@get("/api/v1/reports/plans", opt=_READERS, operation_id="ListPromises")
async def list_promises(
    actor: NamedDependency[Actor], database: NamedDependency[Database], area: Area = None
) -> list[Progress]:
    """Promises that you may see, overdue ones first, each with its figure then and now."""
    async with database.transaction(actor, snapshot=True) as tx:
        return await service.promises(tx, area)


@get("/api/v1/reports/plans/figures", opt=_MAKERS, operation_id="ListPromiseFigures")
async def list_figures(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    area: Annotated[str, QueryParameter(max_length=12)],
) -> list[FigureChoice]:
    """Figures of an area that a promise can be about, with what they are now."""
    async with database.transaction(actor, snapshot=True) as tx:
        found = await service.choices(tx, area)
    return [FigureChoice(figure=each.figure, group=each.group, title=each.title, now=each.said) for each in found]


@post("/api/v1/reports/plans", opt=_MAKERS, operation_id="MakePromise")
async def make_promise(
    actor: NamedDependency[Actor], database: NamedDependency[Database], data: JSONBody[NewPromise]
) -> Response[Progress]:
    """Promise what will be done, to move which figure, by whom and when. The figure is kept as it is now."""
    async with database.transaction(actor, snapshot=True) as tx:
        made = await service.make(tx, data)
        found, _ = await service.one(tx, made.id)
    return Response(found, status_code=201, headers=etag(made.version))


@get("/api/v1/reports/plans/{promise:uuid}", opt=_READERS, operation_id="GetPromise")
async def get_promise(
    actor: NamedDependency[Actor], database: NamedDependency[Database], promise: FromPath[UUID]
) -> Response[PromiseDetail]:
    """One promise with what was said of it."""
    async with database.transaction(actor, snapshot=True) as tx:
        found, events = await service.one(tx, promise)
    return Response(PromiseDetail(progress=found, events=events), headers=etag(found.promise.version))


@post("/api/v1/reports/plans/{promise:uuid}/answers", opt=_READERS, operation_id="AnswerPromise")
async def answer_promise(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    promise: FromPath[UUID],
    data: JSONBody[Answer],
    if_match: IfMatch = None,
) -> Response[Versioned]:
    """Say how far it is, that it is done, or why it is withdrawn or open again: its owner, or who makes promises."""
    version = version_of(if_match)
    async with database.transaction(actor, snapshot=True) as tx:
        made = await service.answer(tx, promise, version, data)
    return versioned(made)


@patch("/api/v1/reports/plans/{promise:uuid}", opt=_MAKERS, operation_id="ChangePromise")
async def change_promise(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    promise: FromPath[UUID],
    data: JSONBody[Change],
    if_match: IfMatch = None,
) -> Response[Versioned]:
    """Give it another day, owner or agency, and say why."""
    version = version_of(if_match)
    async with database.transaction(actor, snapshot=True) as tx:
        made = await service.change(tx, promise, version, data)
    return versioned(made)


@get("/api/v1/reports/comments", opt=_COMMENTERS, operation_id="ListReportComments")
async def list_comments(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    area: Area = None,
    first: Annotated[date | None, QueryParameter(name="from")] = None,
    last: Annotated[date | None, QueryParameter(name="to")] = None,
) -> list[Comment]:
    """People's comments on reports whose periods touch these days, the newest first."""
    async with database.transaction(actor, readonly=True) as tx:
        return await service.comments(tx, area, first, last)


@post("/api/v1/reports/comments", opt=_COMMENTERS, operation_id="CommentOnReport")
async def comment_on_report(
    actor: NamedDependency[Actor], database: NamedDependency[Database], data: JSONBody[NewComment]
) -> CommentMade:
    """Say something of the report of a period, or of one figure of it. A comment stays as it was said."""
    async with database.transaction(actor) as tx:
        return CommentMade(id=await service.comment(tx, data))


@put("/api/v1/reports/small-numbers", opt=allow("administrator"), operation_id="SetSmallNumbers")
async def set_small_numbers(
    actor: NamedDependency[Actor], database: NamedDependency[Database], data: JSONBody[SmallNumbers]
) -> SmallNumbers:
    """Say up to which number counts are not shown to boards of an area: 5 unless changed."""
    async with database.transaction(actor) as tx:
        await service.set_small_numbers(tx, data.area, data.most)
    return data


handlers: list[Any] = [
    list_promises,
    list_figures,
    make_promise,
    get_promise,
    answer_promise,
    change_promise,
    list_comments,
    comment_on_report,
    set_small_numbers,
    *pack_handlers,
    *caseload_handlers,
]
