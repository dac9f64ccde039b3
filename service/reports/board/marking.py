"""Changes that people make to the process: marked, and taken back where the mark was in error."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from service.access import audit
from service.clocks.local_time import local_day
from service.database import Tx
from service.errors import Forbidden, NotFound, Refused, Wrong
from service.reports.board import store
from service.reports.board.store import Marked
from service.reports.statistics.xmr import Change

MARKERS: Final = ("senior_leader", "mash_manager")
_LONGEST: Final = 200
_OLDEST: Final = date(2000, 1, 1)


async def changes(tx: Tx, areas: Sequence[str]) -> list[Marked]:
    """Changes of areas that stand, in order."""
    return await store.changes(tx.connection, areas)


def drawn(marked: Sequence[Marked], areas: Sequence[str]) -> list[Change]:
    """Changes as charts take them. Of several areas together one area's change begins no new limits."""
    return [Change(on=each.on, words=each.words, new_baseline=each.new_baseline and len(areas) == 1) for each in marked]


async def mark(tx: Tx, area: str, on: date | None, words: str, *, new_baseline: bool) -> None:
    """Mark a change of an area.

    Raises:
        Forbidden: the actor marks nothing there.
        Refused: a day or words that cannot be.
    """
    if not tx.actor.holds(*MARKERS, area=area):
        raise Forbidden("Leaders and managers of an area mark its changes.")
    said = words.strip()
    wrong = []
    if on is None or not _OLDEST <= on <= local_day(tx.now):
        got = "nothing" if on is None else on.isoformat()
        wrong.append(Wrong("on", got, "a day up to today", "Enter the day from which the change held."))
    if not said or len(said) > _LONGEST or not said.isprintable():
        help_ = f"Say in at most {_LONGEST} characters what was changed."
        wrong.append(Wrong("words", said[:20] or "nothing", "what was changed", help_))
    if wrong or on is None:
        raise Refused(wrong)
    await store.mark(tx, area, on, said, new_baseline=new_baseline)
    await audit.viewed(tx, "change_marked", "mark a change of the process", detail={"area": area, "on": on.isoformat()})


async def take_back(tx: Tx, change: UUID) -> None:
    """Take a mark back.

    Raises:
        NotFound: there is none, or it is not this actor's to take back.
    """
    mine = [area for area in tx.actor.areas(*MARKERS)]
    if change not in {each.id for each in await store.changes(tx.connection, mine)} or not await store.take_back(
        tx, change
    ):
        raise NotFound("There is no such mark.")
    await audit.viewed(tx, "change_taken_back", "take a mark back", detail={"change": str(change)})
