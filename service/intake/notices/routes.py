"""``POST /api/v1/notices``: the same door for people and machines."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import HeaderParameter, JSONBody

from schema.notices import Notice, NoticeAnswer
from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.errors import Refused, Wrong
from service.intake.notices import service

_LONGEST_KEY = 200


@post(
    "/api/v1/notices",
    opt=allow("mash_coordinator", "mash_manager", "out_of_hours", "police_liaison", scopes=("notices:write",)),
    operation_id="LogNotice",
)
async def log_notice(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    data: JSONBody[Notice],
    idempotency_key: Annotated[str | None, HeaderParameter(name="Idempotency-Key")] = None,
) -> Response[NoticeAnswer]:
    """Log a notice: its incident, its children and their times, all or nothing.

    With an ``Idempotency-Key`` a repeat within 7 days gets the first answer and records nothing; the
    same key with another body is refused. A reference that is known is attached to.
    """
    if idempotency_key is None:
        async with database.transaction(actor) as tx:
            return Response(await service.log(tx, data), status_code=201)
    if not 0 < len(idempotency_key) <= _LONGEST_KEY or not idempotency_key.isprintable():
        expected = f"1 to {_LONGEST_KEY} printable characters"
        raise Refused([Wrong("Idempotency-Key", idempotency_key[:80], expected, "Send a UUID, for example.")])
    body = await request.body()
    async with database.transaction(actor) as tx:
        status, answer = await service.log_keyed(tx, data, idempotency_key, body)
    return Response(msgspec.convert(answer, NoticeAnswer), status_code=status)


handlers: list[Any] = [log_notice]
