"""The JSON API of whole caseloads."""

from typing import Annotated, Any

from litestar import Request, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.errors import Refused, Wrong
from service.reports.plans.caseloads import service
from service.reports.plans.caseloads.rules import Caseload, Counted
from service.reports.plans.caseloads.service import READERS, Taken


@get("/api/v1/reports/caseloads", opt=allow(*READERS), operation_id="ListCaseloads")
async def list_caseloads(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    area: Annotated[str | None, QueryParameter(max_length=12)] = None,
) -> list[Caseload]:
    """Workers of your areas with their whole caseloads, where their teams have entered them; else not known."""
    async with database.transaction(actor) as tx:
        return await service.caseloads(tx, area)


@post("/api/v1/reports/caseloads", opt=allow("team_manager"), operation_id="EnterCaseload")
async def enter_caseload(
    actor: NamedDependency[Actor], database: NamedDependency[Database], data: JSONBody[Counted]
) -> Counted:
    """Enter a worker's whole caseload as counted on a day."""
    async with database.transaction(actor) as tx:
        await service.enter(tx, data)
    return data


@post("/api/v1/reports/caseloads/file", opt=allow("team_manager"), operation_id="SendCaseloads")
async def send_caseloads(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Taken:
    """Send many counts as multipart/form-data in the field `file`: CSV with the columns `worker` (the id; or `name`, if
    one worker alone bears it), `cases` and `counted_on` (empty: today). All of it is entered, or nothing.
    """
    file = (await request.form()).get("file")
    if not isinstance(file, UploadFile):
        raise Refused([Wrong("file", "nothing", "a file", "Send it as multipart/form-data in the field file.")])
    async with database.transaction(actor) as tx:
        return await service.take(tx, await file.read())


handlers: list[Any] = [list_caseloads, enter_caseload, send_caseloads]
