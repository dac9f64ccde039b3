"""The JSON API of telling people once more."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.meetings.invitations import service
from service.meetings.rules import CONVENERS


class Chased(msgspec.Struct, frozen=True, kw_only=True):
    """The invitations that nobody has answered and that are told of once more by mail."""

    invitees: list[UUID]


@post("/api/v1/discussions/{discussion:uuid}/chase", opt=allow(*CONVENERS), operation_id="Chase", status_code=202)
async def chase(
    discussion: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Chased:
    """Ask again everybody who has answered none of the times on offer."""
    async with database.transaction(actor) as tx:
        return Chased(invitees=await service.chase(tx, discussion))


handlers: list[Any] = [chase]
