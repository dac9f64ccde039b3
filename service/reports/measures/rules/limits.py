"""When a stay has to have ended, as the clocks of its standards say."""

from collections.abc import Sequence
from datetime import datetime

from schema.spine import ClockRow
from service.clocks.order import Event
from service.reports.measures.rules import records
from service.reports.measures.rules.records import seconds


def limit(
    standards: frozenset[str],
    clocks: Sequence[ClockRow],
    events: Sequence[Event],
    begins: Event,
    end: datetime | None,
    last: datetime | None = None,
) -> tuple[int | None, int]:
    """When a stay has to have ended, and what stands against computing or counting it. None where the standards do not
    apply.

    Of one standard, the clock that began with the stay says it: each discussion's record is owed by its own. Else it is
    the earliest of those that began in the stay, else of one that ran already (an enquiry is due from its discussion).
    That one counts with the stay before, if it began before that had ended.

    Args:
        standards: those of the stage.
        clocks: all of the pathway.
        events: what happened to the pathway.
        begins: what began the stay.
        end: when it ended.
        last: when the stay before it in its stage ended.
    """
    best: int | None = None
    running: int | None = None
    since = begins.at
    excused = unknown = False
    start, root = begins.at, begins.milestone.root
    clocks = [clock for clock in clocks if clock.standard in standards]
    if len(standards) == 1:
        clocks = [clock for clock in clocks if clock.rules and clock.episode == root] or clocks
    for clock in clocks:
        began = _began(events, clock)
        # What begins as the stay ends is the next one's.
        if began is None or (end is not None and began >= end and began > start):
            continue
        if began < start:
            if clock.standing == "ok" and clock.rules and (clock.stopped_at is None or clock.stopped_at > start):
                running, since = seconds(clock.due_at), began
        elif clock.standing == "not_applicable":
            excused = True
        elif clock.standing == "cannot_compute" or clock.due_at is None:
            unknown = True
        elif clock.rules:
            at = seconds(clock.due_at)
            best = at if best is None else min(best, at)
    if best is not None:
        return best, 0
    if unknown:
        return 0, records.CANNOT_COMPUTE
    if running is None:
        return (None if excused else 0), 0
    return running, records.OWED_BEFORE if last is not None and since <= last else 0


def _began(events: Sequence[Event], clock: ClockRow) -> datetime | None:
    """When a clock began; where the day alone is known, the instant at which that day stands."""
    if clock.started_at is not None:
        return clock.started_at
    return next((event.at for event in events if event.milestone.id == clock.start_milestone), None)
