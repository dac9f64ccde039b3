"""The JSON API of the delay measures: figures with their definitions, and the ledger."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from litestar import get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromQuery, QueryParameter

from service.access.permissions import allow
from service.actor import Actor
from service.clocks.local_time import local_day
from service.database import Database
from service.errors import Refused, Wrong
from service.reports.disclosure.published import published
from service.reports.measures import service
from service.reports.measures.figures import BoardFigures, Period, Scope
from service.reports.measures.gathering import AREA_ROLES, FORCE_ROLES, asked_period
from service.reports.measures.ledgers import Ledger

Code = Annotated[str | None, QueryParameter(max_length=20)]
Grade = Literal["high", "medium", "standard", "ungraded"]
FirstDay = Annotated[date | None, QueryParameter(name="from", description="First local day of the period")]
LastDay = Annotated[date | None, QueryParameter(name="to", description="Last local day of the period")]


@get(
    "/api/v1/reports/delays",
    opt=allow(*AREA_ROLES, *FORCE_ROLES),
    operation_id="ReportDelays",
    responses={200: ResponseSpec(published(BoardFigures), description="The figures", generate_examples=False)},
)
async def delays(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    area: Code = None,
    force: Code = None,
    district: Annotated[str | None, QueryParameter(max_length=100)] = None,
    grade: FromQuery[Grade | None] = None,
    first_day: FirstDay = None,
    last_day: LastDay = None,
    as_of: Annotated[datetime | None, QueryParameter(name="as_of")] = None,
) -> BoardFigures:
    """Every delay measure of your area or force, each with what it rests on. No name, no reference.

    Without ``from`` and ``to``: the last thirteen weeks (members of a board: this quarter). ``as_of``, an instant with
    its zone, answers as had been reported then and says what has moved since. Numbers that few children or incidents
    stand behind are hidden from members of a board: in their place stands an object whose ``hidden`` says so in words.
    """
    if as_of is not None and as_of.tzinfo is None:
        expected = "an instant with its zone, like 2026-11-03T09:00:00Z"
        raise Refused([Wrong("as_of", as_of.isoformat(), expected, "Add the zone, or Z.")])
    async with database.transaction(actor, snapshot=True) as tx:
        period = _period(first_day, last_day, local_day(tx.now))
        return await service.board(tx, _scope(area, force, district, grade), period, as_of)


@get(
    "/api/v1/reports/ledger",
    opt=allow(*AREA_ROLES, *FORCE_ROLES),
    operation_id="ReportLedger",
    responses={200: ResponseSpec(published(Ledger), description="The ledger", generate_examples=False)},
)
async def ledger(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    area: Code = None,
    force: Code = None,
    first_day: FirstDay = None,
    last_day: LastDay = None,
) -> Ledger:
    """Who entered and left unassessed risk, day by day: opening + new + reopened + moved in - exits = closing."""
    async with database.transaction(actor, snapshot=True) as tx:
        period = _period(first_day, last_day, local_day(tx.now))
        return await service.ledger(tx, _scope(area, force, None, None), period)


def _scope(area: str | None, force: str | None, district: str | None, grade: Grade | None) -> Scope:
    return Scope(areas=(area,) if area else (), force=force, district=district, grade=grade)


def _period(first: date | None, last: date | None, today: date) -> Period | None:
    """What was asked for: a first day alone reaches to today, a last one alone ends the usual weeks."""
    return None if first is None and last is None else asked_period(first, last or today)


handlers: list[Any] = [delays, ledger]
