"""What if: the queue of a stage with so many more hands a week, or another threshold. Pure."""

from datetime import date, timedelta
from typing import Any, Final

import msgspec

from service.clocks.local_time import local_day
from service.errors import Refused, Wrong
from service.reports.board.rules.changing import since_anybody
from service.reports.disclosure.hidden import NOT_SHOWN, is_hidden
from service.reports.measures.figures import BoardFigures, Queue, Week
from service.reports.statistics.whatif import LEAST_WEEKS, Change, Flow, Lever, Outlook, outlook

#: What each lever is called.
LEVERS: Final[dict[Lever, str]] = {
    "triage_hours": "Triage hours more each week",
    "allocations": "Allocations more each week",
    "meeting_slots": "Meeting slots more each week",
    "threshold": "Share of contacts that becomes a referral, in percent",
}
_UNALLOCATED: Final = ("allocation", "children without a named worker")
#: Which stage's queue a lever acts on, and who stands in it; then what is taken where weeks of that may not be told.
_QUEUES: Final[dict[Lever, tuple[tuple[str, str], ...]]] = {
    "triage_hours": (
        ("contact_decision", "contacts waiting for a decision"),
        ("unassessed", "pathways waiting for a first decision"),
    ),
    "allocations": (_UNALLOCATED,),
    "meeting_slots": (("awaiting_strategy", "children awaiting a discussion"),),
    "threshold": (_UNALLOCATED,),
}
WEEKS: Final = 26
_MOST: Final = 1000.0
_DAY: Final = timedelta(days=1)
#: Weeks that ended so long ago say nothing of those to come.
_LONG_AGO: Final = timedelta(weeks=13)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is tried: a lever, by how much, for how many children each, and from when on."""

    lever: Lever = "triage_hours"
    amount: float = 10
    each: float = 1
    after: int = 0


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """Weeks in a row that are told, and how many waited at their end (``now``: at the report's instant)."""

    first: date
    last: date
    now: bool
    flow: Flow


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What comes of it, from the weeks of ``past``; both are None where too few weeks in a row are told.

    ``instead``: of whom it is, where weeks of the lever's own queue may not be told.
    """

    asked: Asked
    past: Past | None
    found: Outlook | None
    begins: date
    instead: bool = False


def try_out(figures: BoardFigures, asked: Asked) -> Tried:
    """Simulate the lever's queue with and without the change.

    Raises:
        Refused: a number that cannot be.
    """
    wrong = []
    if not -_MOST <= asked.amount <= _MOST or (asked.lever == "threshold" and not 0 <= asked.amount <= 100):
        expected = "a share from 0 to 100" if asked.lever == "threshold" else f"a number up to {_MOST:,.0f}"
        wrong.append(Wrong("amount", f"{asked.amount:g}", expected, f"Enter {expected}."))
    if not 0 < asked.each <= 100:
        wrong.append(Wrong("each", f"{asked.each:g}", "a number above 0, up to 100", "Enter how many it serves."))
    if not 0 <= asked.after < WEEKS:
        wrong.append(Wrong("after", str(asked.after), f"0 to {WEEKS - 1} weeks", "Enter in how many weeks it begins."))
    if wrong:
        raise Refused(wrong)
    amount = asked.amount / 100 if asked.lever == "threshold" else asked.amount
    change = Change(lever=asked.lever, amount=amount, each=asked.each, after=asked.after)
    for place, (stage, noun) in enumerate(_QUEUES[asked.lever]):
        queue = next((each for each in figures.queues if each.stage == stage), None)
        past = None if queue is None else _past(queue, noun, figures, asked.lever)
        if past is not None:
            found, begins = outlook(past.flow, change, WEEKS), past.last + _DAY
            return Tried(asked=asked, past=past, found=found, begins=begins, instead=place > 0)
    return Tried(asked=asked, past=None, found=None, begins=local_day(figures.instant))


def _past(queue: Queue, noun: str, figures: BoardFigures, lever: Lever) -> Past | None:
    """The latest weeks in a row that are told, as far back as they go, with who waited at their end.

    A hidden week ends what can be drawn from, so that somebody who is not told every number tries it from the latest
    weeks that may be told, and not at all only where no such run of weeks has ended within a quarter.
    """
    decided = _decided(figures) if lever == "threshold" else None
    run: list[Week] = []
    found: Past | None = None
    until = min(figures.period.last, local_day(figures.instant))
    for week in since_anybody(queue.weeks):
        if week.complete:
            told = (week.arrived, week.left, *(() if decided is None else (decided.get(week.begins, NOT_SHOWN),)))
            run = [] if any(is_hidden(number) for number in told) else [*run, week]
        ends = until if week is queue.weeks[-1] else week.begins + 6 * _DAY
        if len(run) >= LEAST_WEEKS and not is_hidden(week.stock) and until - ends < _LONG_AGO:
            flow = Flow(
                noun=noun,
                waiting=week.stock,
                arrived=tuple(each.arrived for each in run),
                left=tuple(each.left for each in run),
                decided=None if decided is None else tuple(int(decided[each.begins]) for each in run),
            )
            now = ends == local_day(figures.instant)
            found = Past(first=run[0].begins, last=ends, now=now, flow=flow)
    return found


def _decided(figures: BoardFigures) -> dict[date, Any]:
    """Contacts decided in each week."""
    queue = next((each for each in figures.queues if each.stage == "contact_decision"), None)
    return {} if queue is None else {week.begins: week.left for week in queue.weeks}
