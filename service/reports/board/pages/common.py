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
#: What the audit calls whatever is taken away, on paper or as a file.
DOWNLOAD: Final = "board_downloaded"
_ASKED: Final = ("area", "from", "to", "as_of")


def areas_of(actor: Actor) -> tuple[str, ...]:
    """The areas whose figures a person reads."""
    return actor.areas(*AREA_ROLES)


def _own(actor: Actor) -> str | None:
    """The only area of somebody who has one only."""
    own = areas_of(actor)
    return own[0] if len(own) == 1 else None


def asked_of(request: Request[Any, Any, Any], actor: Actor, database: Database, form: Form) -> Asked:
    """What the address asks for; what cannot be is said, and the usual taken instead."""
    now, guarded = database.timepiece.now(), not measures.shows_small_numbers(actor)
    params = {name: request.query_params.get(name, "") for name in _ASKED}
    if params["area"] not in areas_of(actor):
        params["area"] = ""
    try:
        return asking.asked(params, now, _own(actor), quarters=guarded)
    except Refused as refused:
        form.refused(refused)
        return asking.asked({}, now, _own(actor), quarters=guarded)


async def download(request: Request[Any, Any, Any], actor: Actor, database: Database) -> Board:
    """The board for a file. On a disk a file cannot say that it is not of what was asked: there is none then.

    Raises:
        Forbidden: an area that is not the reader's.
        Refused: days that cannot be, or that are not the reader's to choose.
    """
    params = {name: request.query_params.get(name, "") for name in _ASKED}
    async with database.transaction(actor, snapshot=True) as tx:
        asked = asking.asked(params, tx.now, _own(actor), quarters=not measures.shows_small_numbers(actor))
        return await service.board(tx, asked, action=DOWNLOAD)


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
        guarded = not measures.shows_small_numbers(actor)
        usual = asking.asked({}, tx.now, _own(actor), quarters=guarded)
        return await service.board(tx, usual, action=action), form
