"""Figures of the report as those who make, own and read promises are told them."""

from collections.abc import Sequence

import msgspec

from service.actor import Actor
from service.database import Tx
from service.reports.disclosure import apply
from service.reports.measures import service as measures
from service.reports.measures import store as measures_store
from service.reports.measures.figures import BoardFigures, Scope
from service.reports.plans.figures import Reading, read
from service.reports.plans.rules import MAKERS


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A figure now: exactly, and as it is told to who sees figures and no child. None: the report has it not."""

    exact: Reading | None
    told: Reading | None


class Reports:
    """The reports of areas, each worked out once in a transaction (``snapshot=True``)."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self._known: dict[str, tuple[BoardFigures, BoardFigures]] = {}

    async def of(self, area: str) -> tuple[BoardFigures, BoardFigures]:
        """The report of an area, exact and as boards are told it.

        Owners of a promise see its figure, told as to a board, whether or not their role reads reports; so it is read
        as the system, and nothing else of it leaves.
        """
        if area not in self._known:
            async with measures_store.as_system(self._tx) as reader:
                figures = await measures.measured(reader, Scope(areas=(area,)), action=None)
            threshold = await measures_store.small_numbers(self._tx.connection, [area])
            self._known[area] = (figures, apply(figures, threshold=threshold))
        return self._known[area]

    async def figure(self, area: str, figure: str, group: str) -> Told:
        """One figure now."""
        exact, told = await self.of(area)
        return Told(exact=read(exact, figure, group), told=read(told, figure, group))


def sees_exact(actor: Actor, area: str) -> bool:
    """Whether somebody may read exact figures of an area: not by sitting on its board alone."""
    return actor.kind == "system" or actor.holds(*MAKERS, area=area)


def areas_of(actor: Actor, roles: Sequence[str], wanted: str | None = None) -> list[str]:
    """Areas in which any of the roles is held, or the wanted one if it is among them."""
    return [area for area in actor.areas(*roles) if wanted in (None, area)]
