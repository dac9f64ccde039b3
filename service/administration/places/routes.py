"""The JSON API of places."""

from typing import Annotated, Any, Final

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta

from service.access.permissions import allow
from service.actor import Actor
from service.administration.places import service
from service.administration.places.rules import LONGEST, NewPlace, Renamed
from service.administration.places.store import Places
from service.database import Database

_ADMINISTRATOR: Final = allow("administrator")


class NewName(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another name for an area or force (by its code), a team or school (by its id)."""

    kind: Renamed
    key: Annotated[str, Meta(max_length=40)]
    name: Annotated[str, Meta(min_length=1, max_length=LONGEST)]


@get("/api/v1/places", opt=_ADMINISTRATOR, operation_id="ListPlaces")
async def list_places(actor: NamedDependency[Actor], database: NamedDependency[Database]) -> Places:
    """Areas, forces, districts, teams, schools and feeds."""
    async with database.transaction(actor, readonly=True) as tx:
        return await service.everything(tx)


@post("/api/v1/places", opt=_ADMINISTRATOR, operation_id="AddPlace", status_code=204)
async def add_place(
    actor: NamedDependency[Actor], database: NamedDependency[Database], data: JSONBody[NewPlace]
) -> None:
    """Add an area, force, district, team, school or feed."""
    async with database.transaction(actor) as tx:
        await service.add(tx, data)


@post("/api/v1/places/rename", opt=_ADMINISTRATOR, operation_id="RenamePlace", status_code=204)
async def rename_place(
    actor: NamedDependency[Actor], database: NamedDependency[Database], data: JSONBody[NewName]
) -> None:
    """Give a place another name. Nothing that is recorded changes: it points at the code or id."""
    async with database.transaction(actor) as tx:
        await service.rename(tx, data.kind, data.key, data.name)


handlers: list[Any] = [list_places, add_place, rename_place]
