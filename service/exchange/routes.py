"""The JSON API of histories: a council's extract in, the same file out."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Stream

from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.errors import Forbidden, Refused, Wrong
from service.exchange import exporting, service
from service.exchange.service import HistoryProgress
from service.intake.files.service import CHUNK


class HistoryStored(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was stored whole: it will be read, whatever happens to the process that took it."""

    id: UUID


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(CHUNK):
        yield piece


@post(
    "/api/v1/history",
    opt={**allow(scopes=("history:write",)), "upload": True},
    operation_id="SendHistory",
    status_code=202,
)
async def send(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[HistoryStored]:
    """Send an area's history as multipart/form-data in the field `file`, as often as you like.

    Nothing is recorded twice; a value that changed corrects what was recorded, blank erases nothing.
    """
    if actor.area is None:
        raise Forbidden("This token is not an area's.")
    file = (await request.form()).get("file")
    if not isinstance(file, UploadFile):
        raise Refused([Wrong("file", "nothing", "a file", "Send it as multipart/form-data in the field file.")])
    identity = await service.store_history(database, actor, _pieces(file), file_name=file.filename)
    where = f"/api/v1/history/{identity}"
    return Response(HistoryStored(id=identity), status_code=202, headers={"location": where})


@get("/api/v1/history/{identity:uuid}", opt=allow(scopes=("history:write",)), operation_id="HistoryProgress")
async def progress(
    identity: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> HistoryProgress:
    """How far a file is that you sent, and what has become of its rows."""
    return await service.progress(database, actor, identity)


@get(
    "/api/v1/history.csv",
    opt=allow("mash_manager", scopes=("extracts:read",)),
    operation_id="History",
    media_type="text/csv",
)
async def history(
    actor: NamedDependency[Actor], database: NamedDependency[Database], area: FromQuery[str | None] = None
) -> Stream:
    """Every pathway of your area as a row of the history file, in the order in which they came."""
    if actor.kind == "client" and actor.area is None:
        raise Forbidden("This token is not an area's.")
    lines = exporting.lines(database, actor, purpose="extract of the area's history", area=area)
    heading, _ = await anext(lines)
    # What goes wrong with the first part is an answer, not the middle of a file.
    first, _ = await anext(lines)

    async def content() -> AsyncIterator[str]:
        yield heading
        yield first
        async for text, _ in lines:
            yield text

    return Stream(
        content(),
        media_type="text/csv",
        headers={"content-disposition": 'attachment; filename="history.csv"'},
    )


handlers: list[Any] = [send, progress, history]
