"""The JSON API of the audit trail, for auditors."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from service.access.audit import Verdict
from service.access.permissions import allow
from service.access.trail import service
from service.access.trail.service import Review, Trail
from service.actor import Actor
from service.database import Database

Day = Annotated[date | None, QueryParameter(name="from")]
LastDay = Annotated[date | None, QueryParameter(name="to")]


@get("/api/v1/audit", opt=allow("auditor"), operation_id="ListAudit")
async def list_audit(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    first: Day = None,
    last: LastDay = None,
    action: Annotated[str | None, QueryParameter(max_length=100)] = None,
    by: FromQuery[UUID | None] = None,
    pathway: FromQuery[UUID | None] = None,
    page: Annotated[int, QueryParameter(ge=1, le=10_000)] = 1,
) -> Trail:
    """Who looked at or changed what, the newest first, 50 to a page; a week unless days are given."""
    async with database.transaction(actor) as tx:
        return await service.trail(tx, first=first, last=last, action=action, actor=by, pathway=pathway, page=page)


@get("/api/v1/audit/access", opt=allow("auditor"), operation_id="ReviewAccess")
async def review_access(
    actor: NamedDependency[Actor], database: NamedDependency[Database], first: Day = None, last: LastDay = None
) -> Review:
    """Every role that stands and when its holder was last here; who was shown how many children in the period."""
    async with database.transaction(actor) as tx:
        return await service.review(tx, first=first, last=last)


@get("/api/v1/audit/chain", opt=allow("auditor"), operation_id="VerifyAudit")
async def verify_audit(actor: NamedDependency[Actor], database: NamedDependency[Database]) -> Verdict:
    """Recompute every seal over the trail: whether any row was altered, added or removed."""
    async with database.transaction(actor) as tx:
        return await service.chain(tx)


handlers: list[Any] = [list_audit, review_access, verify_audit]
