"""What boards are told: as known when the week began, protected, and kept until the next week does (decision 0042)."""

from datetime import UTC, datetime, timedelta
from typing import Final

from service.clocks.local_time import local_day, midnight
from service.database import Tx
from service.errors import Forbidden, Refused, Wrong
from service.reports.disclosure.periods import QUARTER, around, is_quarter, reported_at
from service.reports.measures import store
from service.reports.measures.figures import BoardFigures, Period, Scope
from service.reports.measures.measuring import measured, viewed
from service.reports.measures.releases.keeping import released
from service.reports.measures.releases.states import release_of

#: Nothing was reported before.
_EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)


async def for_board(
    tx: Tx, scope: Scope, period: Period | None, as_of: datetime | None, action: str | None
) -> BoardFigures:
    """A report as a member of a board is told it; ``action`` is what the audit calls it, None where the caller leaves
    the row.

    Raises:
        Refused: no calendar quarter, none that has begun, another instant than when it had ended, a part of an area.
        Forbidden: other areas than one of the reader's own, or all of them.
    """
    if as_of is not None and not _EARLIEST <= as_of <= tx.now:
        raise Refused([Wrong("as_of", as_of.isoformat(), "an instant in the past", "Choose the end of a quarter.")])
    own = tx.actor.areas("board_member")
    asked = tuple(sorted(scope.areas or own))
    if asked not in {*((each,) for each in own), tuple(sorted(own))}:
        raise Forbidden("You read figures of one of your areas, or of all of them.")
    now = await release_of(tx, own)
    chosen = period or around(local_day((now if as_of is None else as_of) - timedelta(seconds=1)), QUARTER)
    wrong = []
    if not is_quarter(chosen):
        said = f"{chosen.first} to {chosen.last}"
        expected = "a quarter from January, April, July or October"
        wrong.append(Wrong("from", said, expected, "Choose a whole quarter."))
    elif as_of is not None and as_of != reported_at(chosen):
        expected = f"{reported_at(chosen).isoformat()}, when the quarter had ended"
        wrong.append(Wrong("as_of", as_of.isoformat(), expected, "Choose the end of the quarter."))
    elif midnight(chosen.first) >= now:
        expected = f"{local_day(now)} or earlier"
        wrong.append(Wrong("from", chosen.first.isoformat(), expected, "Choose a quarter that a board has figures of."))
    wrong += [
        Wrong(name, getattr(scope, name), "nothing", "The report shows every group side by side.")
        for name in ("district", "grade", "force")
        if getattr(scope, name) is not None
    ]
    if wrong:
        raise Refused(wrong)
    if action is not None:
        await viewed(tx, action, Scope(areas=asked), chosen, as_of)
    return await released(tx, asked, chosen, as_of)


async def of_its_board(tx: Tx, area: str, period: Period) -> tuple[BoardFigures, BoardFigures]:
    """A quarter of an area exactly, and as a member of its board is told it: read as the system, for whom a promise
    names without a right to the report. Leaves no row in the audit: that is the caller's.
    """
    async with store.as_system(tx) as reader:
        figures = await measured(reader, Scope(areas=(area,)), period, action=None)
    return figures, await released(tx, (area,), period)
