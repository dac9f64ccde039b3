"""The JSON API of retention: rules, what is due, and holds."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.upkeep.retention import service
from service.upkeep.retention.service import Due
from service.upkeep.retention.store import Hold, Rule

Words = Annotated[str, Meta(min_length=1, max_length=service.LONGEST)]


class NewRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long one kind of record is kept; ``age`` for children alone."""

    entity: Annotated[str, Meta(max_length=40)]
    years: Annotated[int, Meta(ge=1, le=100)]
    age: Annotated[int, Meta(ge=18, le=100)] | None = None
    basis: Words
    confirmed_locally: bool = False


class Reason(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why, and where it is written."""

    reason: Words


class Holds(msgspec.Struct, frozen=True, kw_only=True):
    """Holds that stand."""

    holds: list[Hold]


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """A hold that was placed."""

    hold: UUID


@get("/api/v1/retention", opt=allow("administrator", "auditor"), operation_id="PreviewRetention")
async def preview(database: NamedDependency[Database]) -> Due:
    """What the rules say is due now, without a name. Only the command line does it."""
    return await service.preview(database)


@post("/api/v1/retention/rules", opt=allow("administrator"), operation_id="ChangeRetentionRule", status_code=204)
async def change_rule(
    actor: NamedDependency[Actor], database: NamedDependency[Database], data: JSONBody[NewRule]
) -> None:
    """Let a rule be another from now on."""
    async with database.transaction(actor) as tx:
        await service.change_rule(tx, Rule(data.entity, data.years, data.age, data.basis, data.confirmed_locally))


@get("/api/v1/children/{child:uuid}/holds", opt=allow("mash_manager"), operation_id="ListHolds")
async def list_holds(
    actor: NamedDependency[Actor], database: NamedDependency[Database], child: FromPath[UUID]
) -> Holds:
    """Reasons that stand to keep a child's record whatever the rules say."""
    async with database.transaction(actor, readonly=True) as tx:
        return Holds(holds=await service.holds(tx, child))


@post("/api/v1/children/{child:uuid}/holds", opt=allow("mash_manager"), operation_id="PlaceHold")
async def place_hold(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    child: FromPath[UUID],
    data: JSONBody[Reason],
) -> Placed:
    """Keep a child's record until the hold is lifted."""
    async with database.transaction(actor) as tx:
        return Placed(hold=await service.place_hold(tx, child, data.reason))


@post("/api/v1/holds/{hold:uuid}/lift", opt=allow("mash_manager"), operation_id="LiftHold", status_code=204)
async def lift_hold(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    hold: FromPath[UUID],
    data: JSONBody[Reason],
) -> None:
    """Let the rules hold again for a record."""
    async with database.transaction(actor) as tx:
        await service.lift_hold(tx, hold, data.reason)


handlers: list[Any] = [preview, change_rule, list_holds, place_hold, lift_hold]
