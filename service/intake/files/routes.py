"""The JSON API of police files: send one, see how far it is, settle its rows, get back what was not taken."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.response import Stream

from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.errors import Refused, Wrong
from service.intake.files import returning, service, settling, viewing
from service.intake.files.service import CHUNK
from service.intake.files.settling import Settled, Settlement
from service.intake.files.store import ImportLine
from service.intake.files.viewing import NotOnTheBooks, Rows

ROLES: Final = ("police_liaison", "mash_coordinator", "mash_manager")
PageNumber = Annotated[int, QueryParameter(ge=1, le=10_000)]


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was stored whole: it will be read, whatever happens to the process that took it."""

    id: UUID


class Imports(msgspec.Struct, frozen=True, kw_only=True):
    """One page of the files that came, the latest first, and how many there are."""

    total: int
    imports: list[ImportLine]


async def pieces(file: UploadFile) -> AsyncIterator[bytes]:
    """An uploaded file in pieces."""
    while piece := await file.read(CHUNK):
        yield piece


async def received(request: Request[Any, Any, Any], actor: Actor, database: Database) -> UUID:
    """Store the file of a form with ``file``, ``feed`` and ``dry_run``.

    Raises:
        Refused: a field is missing or wrong.
    """
    form = await request.form()
    file, feed, dry_run = form.get("file"), form.get("feed") or "", form.get("dry_run") or "false"
    wrong = []
    if not isinstance(file, UploadFile):
        wrong.append(Wrong("file", "nothing", "a file", "Send it as multipart/form-data in the field file."))
    if not isinstance(feed, str) or not feed.isprintable() or not feed:
        wrong.append(Wrong("feed", "nothing", "the name of a feed", "Choose the feed that sent the file."))
    if dry_run not in ("true", "false"):
        wrong.append(Wrong("dry_run", str(dry_run)[:80], "true or false", "Write one of them."))
    if wrong or not isinstance(file, UploadFile):
        raise Refused(wrong)
    return await service.store_file(
        database, actor, pieces(file), feed=str(feed), file_name=file.filename, dry_run=dry_run == "true"
    )


@post("/api/v1/imports", opt={**allow(*ROLES), "upload": True}, operation_id="SendPoliceFile", status_code=202)
async def send(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[Stored]:
    """Send a police file as multipart/form-data: `file`, `feed`, and `dry_run` (`true` only tries it).

    The answer comes when the file is stored whole; `Location` says where to see what becomes of it.
    """
    identity = await received(request, actor, database)
    return Response(Stored(id=identity), status_code=202, headers={"location": f"/api/v1/imports/{identity}"})


@get("/api/v1/imports", opt=allow(*ROLES), operation_id="PoliceFiles")
async def listed(actor: NamedDependency[Actor], database: NamedDependency[Database], page: PageNumber = 1) -> Imports:
    """Files that came, the latest first, fifty at a time."""
    async with database.transaction(actor, readonly=True) as tx:
        total, found = await viewing.imports(tx, page)
    return Imports(total=total, imports=found)


@get("/api/v1/imports/not-on-the-books", opt=allow(*ROLES), operation_id="NotOnTheBooks")
async def missing(
    actor: NamedDependency[Actor], database: NamedDependency[Database], page: PageNumber = 1
) -> NotOnTheBooks:
    """Children of incidents that came in a file and are not on the books, longest waiting first."""
    async with database.transaction(actor) as tx:
        return await viewing.not_on_the_books(tx, page)


@get("/api/v1/imports/{identity:uuid}", opt=allow(*ROLES), operation_id="PoliceFile")
async def one(
    identity: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> ImportLine:
    """How far a file is, and what has become of its rows."""
    async with database.transaction(actor, readonly=True) as tx:
        return await viewing.one(tx, identity)


@get("/api/v1/imports/{identity:uuid}/rows", opt=allow(*ROLES), operation_id="PoliceFileRows")
async def rows(
    identity: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    outcome: FromQuery[Literal["accepted", "repeated", "held", "refused"] | None] = None,
    page: PageNumber = 1,
) -> Rows:
    """The rows of a file that you may see, in its order, fifty at a time."""
    async with database.transaction(actor) as tx:
        return await viewing.rows(tx, identity, outcome=outcome, page=page)


@get(
    "/api/v1/imports/{identity:uuid}/returned.csv",
    opt=allow(*ROLES),
    operation_id="ReturnedRows",
    media_type="text/csv",
)
async def returned(
    identity: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Stream:
    """The held and refused rows that nobody settled, to be mended and sent again."""
    lines = returning.returned(database, actor, identity)
    # The trace of the export is committed with the heading: before anything leaves.
    heading = await anext(lines)

    async def content() -> AsyncIterator[str]:
        yield heading
        async for text in lines:
            yield text

    return Stream(
        content(),
        media_type="text/csv",
        headers={"content-disposition": f'attachment; filename="not-taken-{identity}.csv"'},
    )


@post("/api/v1/imports/rows/{row:uuid}/settle", opt=allow(*ROLES), operation_id="SettleRow", status_code=200)
async def settle(
    row: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    data: JSONBody[Settlement],
) -> Settled:
    """Settle a held or refused row: take it, mend it, or discard it with a reason."""
    async with database.transaction(actor) as tx:
        return await settling.settle(tx, row, data)


handlers: list[Any] = [send, listed, missing, one, rows, returned, settle]
