"""What the board's pages share: who reads, what is asked for, and how a refusal is shown."""

from typing import Any, Final

from litestar import Request

from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.errors import Refused
from service.reports.board import asking, service
from service.reports.board.asking import Asked
from service.reports.board.service import Board
from service.reports.measures import service as measures
from service.reports.measures.gathering import AREA_ROLES
from service.web.forms import Form

PATH: Final = "/board"
READERS: Final = allow(*AREA_ROLES)


def areas_of(actor: Actor) -> tuple[str, ...]:
    """The areas whose figures a person reads."""
    return actor.areas(*AREA_ROLES)


def asked_of(request: Request[Any, Any, Any], actor: Actor, database: Database, form: Form) -> Asked:
    """What the address asks for; what cannot be is said, and the usual taken instead."""
    now = database.timepiece.now()
    own = areas_of(actor)
    only = own[0] if len(own) == 1 else None
    params = {name: request.query_params.get(name, "") for name in ("area", "from", "to", "as_of")}
    if params["area"] not in own:
        params["area"] = ""
    try:
        return asking.asked(params, now, only, quarters=not measures.shows_small_numbers(actor))
    except Refused as refused:
        form.refused(refused)
        return asking.asked({}, now, only, quarters=not measures.shows_small_numbers(actor))


async def read(
    request: Request[Any, Any, Any], actor: Actor, database: Database, action: str = "board_viewed"
) -> tuple[Board, Form]:
    """The board that the address asks for."""
    form = Form({name: request.query_params.get(name, "") for name in ("from", "to", "as_of")})
    asked = asked_of(request, actor, database, form)
    try:
        async with database.transaction(actor, snapshot=True) as tx:
            return await service.board(tx, asked, action=action), form
    except Refused as refused:
        # A board's member chose days that are not theirs to choose: the usual ones, and why.
        form.refused(refused)
    async with database.transaction(actor, snapshot=True) as tx:
        own = areas_of(actor)
        guarded = not measures.shows_small_numbers(actor)
        usual = asking.asked({}, tx.now, own[0] if len(own) == 1 else None, quarters=guarded)
        return await service.board(tx, usual, action=action), form
