"""The synthetic past as it is told: what people work on now comes first, the rest newest first.

Pure. The same instant, scale and seed give the same order, so that loading can be taken up again where it was cut.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from service.demo.generator import generate, written_cases
from service.demo.generator.shapes import SyntheticPathway

SEED: Final = 359_350_354
#: What was worked on within this time is wanted on the first page; older and decided can come later.
RECENT: Final = timedelta(days=2)
#: What ends unassessed risk, but for being sent to another area.
_EXITS: Final = frozenset({"contact_decided", "strategy_held", "child_seen", "notice_not_shared", "withdrawn"})


class Story(msgspec.Struct, frozen=True):
    """``rows`` in the order they are loaded; the first ``wanted`` of them belong on the first page."""

    until: datetime
    scale: float
    rows: tuple[SyntheticPathway, ...]
    wanted: int


def tell(until: datetime, scale: float = 1.0, seed: int = SEED) -> Story:
    """The hand-written cases and the drawn two years before ``until``; incidents are never parted."""
    told = [*written_cases(until), *generate(seed, until, scale)]
    touched: dict[str, datetime] = {}
    wanted: set[str] = set()
    for one in told:
        reference = one.incident.reference
        last = max(milestone.recorded_at for milestone in one.milestones)
        touched[reference] = max(last, touched.get(reference, last))
        if one.case is not None or last > until - RECENT or _undecided(one):
            wanted.add(reference)
    told.sort(key=lambda one: one.incident.reference)
    told.sort(key=lambda one: touched[one.incident.reference], reverse=True)
    told.sort(key=lambda one: one.incident.reference not in wanted)
    return Story(until, scale, tuple(told), sum(one.incident.reference in wanted for one in told))


def _undecided(one: SyntheticPathway) -> bool:
    return one.child is not None and not any(
        milestone.kind in _EXITS and milestone.outcome != "sent_to_right_area" for milestone in one.milestones
    )


def parts(rows: Sequence[SyntheticPathway], size: int) -> Iterator[Sequence[SyntheticPathway]]:
    """Cut into parts of ``size`` or a little more: never within an incident, whose facts keep one record."""
    start = 0
    while start < len(rows):
        end = min(start + size, len(rows))
        while end < len(rows) and rows[end].incident.reference == rows[end - 1].incident.reference:
            end += 1
        yield rows[start:end]
        start = end
