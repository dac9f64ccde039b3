"""The JSON API of children: who may be meant by a name and a date of birth."""

from typing import Annotated, Any

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta

from service.access.permissions import allow
from service.actor import Actor
from service.children import service
from service.children.likeness import Matches, Said
from service.database import Database


class Typed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Children as typed, of one area."""

    area: Annotated[str, Meta(max_length=12)]
    children: Annotated[list[Said], Meta(max_length=40)]


@post(
    "/api/v1/children/matches",
    opt=allow("mash_coordinator", "mash_manager", "out_of_hours", "police_liaison"),
    operation_id="FindPossibleMatches",
    status_code=200,
)
async def possible_matches(
    actor: NamedDependency[Actor], database: NamedDependency[Database], data: JSONBody[Typed]
) -> list[Matches]:
    """Known children who may be the ones typed, with the reasons field by field. Names stand in the body only."""
    async with database.transaction(actor) as tx:
        return await service.possible_matches(tx, data.area, data.children)


handlers: list[Any] = [possible_matches]
