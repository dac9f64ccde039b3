"""The JSON API of issued reports and of links by mail."""

from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.reports.plans import rules as plans
from service.reports.plans.packs import rules, service
from service.reports.plans.packs.service import Checked, NewIssue
from service.reports.plans.packs.store import Issue, Subscription

_READERS: Final = allow(*plans.COMMENTERS)
_SUBSCRIBERS: Final = allow(*rules.SUBSCRIBERS)


class Subscribed(msgspec.Struct, frozen=True, kw_only=True):
    """Your subscription; none where it is missing."""

    subscription: Subscription | None


class Subscribe(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often: ``week``, ``month`` or ``never``."""

    every: Annotated[str, msgspec.Meta(max_length=20)]


@get("/api/v1/reports/issues", opt=_READERS, operation_id="ListIssuedReports")
async def list_issues(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    area: Annotated[str | None, QueryParameter(max_length=12)] = None,
) -> list[Issue]:
    """Reports that were issued, the newest first. ``as_of`` of the delay measures takes their instant."""
    async with database.transaction(actor, readonly=True) as tx:
        return await service.issues(tx, area)


@post("/api/v1/reports/issues", opt=allow(*plans.MAKERS), operation_id="IssueReport")
async def issue_report(
    actor: NamedDependency[Actor], database: NamedDependency[Database], data: JSONBody[NewIssue]
) -> Issue:
    """Keep the report of a calendar period as it is known now, under a name."""
    async with database.transaction(actor, snapshot=True) as tx:
        return await service.issue(tx, data)


@get("/api/v1/reports/issues/{issue:uuid}", opt=_READERS, operation_id="CheckIssuedReport")
async def check_issue(
    actor: NamedDependency[Actor], database: NamedDependency[Database], issue: FromPath[UUID]
) -> Checked:
    """One issued report, worked out again: whether its figures are the same as they were."""
    async with database.transaction(actor, snapshot=True) as tx:
        return await service.check(tx, issue)


@get("/api/v1/reports/subscription", opt=_SUBSCRIBERS, operation_id="GetSubscription")
async def get_subscription(actor: NamedDependency[Actor], database: NamedDependency[Database]) -> Subscribed:
    """How often you are sent a link to your report."""
    async with database.transaction(actor, readonly=True) as tx:
        return Subscribed(subscription=await service.subscription(tx))


@put("/api/v1/reports/subscription", opt=_SUBSCRIBERS, operation_id="Subscribe")
async def subscribe(
    actor: NamedDependency[Actor], database: NamedDependency[Database], data: JSONBody[Subscribe]
) -> Subscribed:
    """Be sent a link to your report each week or month, or no more. The mail itself holds no figures."""
    async with database.transaction(actor) as tx:
        return Subscribed(subscription=await service.subscribe(tx, data.every))


handlers: list[Any] = [list_issues, issue_report, check_issue, get_subscription, subscribe]
