"""What the ledger says, and what moved figures since they were reported. Units as in `figures`."""

from datetime import date

import msgspec


# Thousands in a report, none of which leads back to itself.
class LedgerDay(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One local day of the ledger, in pathways: opening + new + reopened + moved in - exits = closing."""

    day: date
    opening: int
    new: int
    reopened: int
    moved_in: int
    exits: dict[str, int]
    closing: int
    residual: int


class Ledger(msgspec.Struct, frozen=True, kw_only=True):
    """Who entered and left unassessed risk. ``live``: the same stock counted from the records themselves, now.

    ``live`` is None for an instant in the past. ``residual`` is the largest of the period's and of ``live``'s.
    """

    days: list[LedgerDay]
    opening: int
    new: int
    reopened: int
    moved_in: int
    exits: dict[str, int]
    closing: int
    live: int | None
    residual: int


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """One figure as it was reported then and as it is known now, of the same instant."""

    key: str
    reported: float | None
    known_now: float | None


class OfAgency(msgspec.Struct, frozen=True, kw_only=True):
    """What was recorded since of what one agency has to answer for, by what happened and not by who typed it.

    ``forgave``: of its corrections and retractions, those that turned late into in time; a second person agreed.
    """

    agency: str
    corrections: int
    retractions: int
    recorded_late: int
    forgave: int
    behind_parts: dict[str, int] = {}


class Restated(msgspec.Struct, frozen=True, kw_only=True):
    """What moved the figures since: records made after the instant, about the time before it. A record about several
    children counts for each; ``agencies`` add up to the whole.
    """

    figures: list[Moved]
    corrections: int
    retractions: int
    recorded_late: int
    pathways: int
    agencies: list[OfAgency] = []
    behind_parts: dict[str, int] = {}
    """Incidents or children behind these counts, by their names; not for a board."""
