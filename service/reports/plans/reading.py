"""The figure of a promise, read in one way wherever a promise stands: in the quarter that its area's board is shown.

Quarters, because they are what a board may be told: days of anybody's choosing would tell it of the days between (see
`disclosure.periods`). So a promise has one number, whoever reads it and whichever report it stands beside; where the
number is small, people who work with the children read it exactly and others as the board is told it.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from service.actor import Actor
from service.clocks.local_time import local_day
from service.database import Tx
from service.reports.disclosure.periods import usual_quarter
from service.reports.measures import service as measures
from service.reports.measures.figures import BoardFigures, Period, Scope
from service.reports.measures.gathering import AREA_ROLES
from service.reports.plans.figures import Reading, read

_BOARD: Final = "board_member"
_WORKING: Final = tuple(role for role in AREA_ROLES if role != _BOARD)


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A figure now: exactly, and as it is told to who sees figures and no child. None: the report has it not."""

    exact: Reading | None
    told: Reading | None


class Reports:
    """The present quarter's reports of areas, each worked out once in a transaction (``snapshot=True``).

    ``known``: those that the actor has been shown of that quarter already.
    """

    def __init__(self, tx: Tx, known: Mapping[str, BoardFigures] | None = None) -> None:
        self._tx = tx
        self._shown = dict(known or {})
        self._kept: dict[str, tuple[BoardFigures, BoardFigures]] = {}

    @property
    def quarter(self) -> Period:
        """The quarter that a figure is read in: the present one, or the one before while that is young."""
        return usual_quarter(local_day(self._tx.now))

    async def shown(self, area: str) -> BoardFigures:
        """The report of an area as the actor may be told it, as on the board's page.

        Owners of a promise see its figure, told as to the board, whether or not their role reads reports.
        """
        if area not in self._shown:
            if self._tx.actor.holds(*AREA_ROLES, area=area):
                self._shown[area] = await measures.board(self._tx, Scope(areas=(area,)), self.quarter, action=None)
            else:
                exact, told = await self.kept(area)
                self._shown[area] = exact if sees_exact(self._tx.actor, area) else told
        return self._shown[area]

    async def kept(self, area: str) -> tuple[BoardFigures, BoardFigures]:
        """The report of an area exactly, and as its board is told it: what stays with a promise and its answers."""
        if area not in self._kept:
            self._kept[area] = await measures.of_its_board(self._tx, area, self.quarter)
        return self._kept[area]

    async def figure(self, area: str, figure: str, group: str) -> Told:
        """One figure now, to be kept."""
        exact, told = await self.kept(area)
        return Told(exact=read(exact, figure, group), told=read(told, figure, group))


def sees_exact(actor: Actor, area: str) -> bool:
    """Whether somebody may read exact figures of an area: not by sitting on its board or owning a promise alone."""
    return actor.kind == "system" or actor.holds(*_WORKING, area=area)


def areas_of(actor: Actor, roles: Sequence[str], wanted: str | None = None) -> list[str]:
    """Areas in which any of the roles is held, or the wanted one if it is among them."""
    return [area for area in actor.areas(*roles) if wanted in (None, area)]
