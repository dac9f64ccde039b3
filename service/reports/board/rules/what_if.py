"""What if: the queue of a stage with so many more hands a week, or another threshold. Pure."""

from datetime import date, timedelta
from typing import Final

import msgspec

from service.clocks.local_time import local_day
from service.errors import Refused, Wrong
from service.reports.disclosure.hidden import is_hidden
from service.reports.measures.figures import BoardFigures, Queue
from service.reports.statistics.whatif import LEAST_WEEKS, Change, Flow, Lever, Outlook, outlook

#: Which stage's queue each lever acts on, what its unit is called, and whom one unit serves.
LEVERS: Final[dict[Lever, tuple[str, str, str]]] = {
    "triage_hours": ("contact_decision", "Triage hours more each week", "contacts waiting for a decision"),
    "allocations": ("allocation", "Allocations more each week", "children without a named worker"),
    "meeting_slots": ("awaiting_strategy", "Meeting slots more each week", "children awaiting a discussion"),
    "threshold": (
        "allocation",
        "Share of contacts that becomes a referral, in percent",
        "children without a named worker",
    ),
}
WEEKS: Final = 26
_MOST: Final = 1000.0


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is tried: a lever, by how much, for how many children each, and from when on."""

    lever: Lever = "triage_hours"
    amount: float = 10
    each: float = 1
    after: int = 0


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What comes of it; ``found`` is None where there are too few weeks, or a number of them is not told."""

    asked: Asked
    noun: str
    waiting: int | None
    found: Outlook | None
    begins: date


def try_out(figures: BoardFigures, asked: Asked) -> Tried:
    """Simulate the lever's queue with and without the change.

    Raises:
        Refused: a number that cannot be.
    """
    wrong = []
    if not -_MOST <= asked.amount <= _MOST or (asked.lever == "threshold" and not 0 <= asked.amount <= 100):
        expected = "a share from 0 to 100" if asked.lever == "threshold" else f"a number up to {_MOST:,.0f}"
        wrong.append(Wrong("amount", f"{asked.amount:g}", expected, "Enter a number."))
    if not 0 < asked.each <= 100:
        wrong.append(Wrong("each", f"{asked.each:g}", "a number above 0, up to 100", "Enter how many it serves."))
    if not 0 <= asked.after < WEEKS:
        wrong.append(Wrong("after", str(asked.after), f"0 to {WEEKS - 1} weeks", "Enter in how many weeks it begins."))
    if wrong:
        raise Refused(wrong)
    stage, _, noun = LEVERS[asked.lever]
    queue = next((each for each in figures.queues if each.stage == stage), None)
    flow = None if queue is None else _flow(queue, noun, figures, asked.lever)
    begins = min(figures.period.last, local_day(figures.instant)) + timedelta(days=1)
    if flow is None:
        return Tried(asked=asked, noun=noun, waiting=None, found=None, begins=begins)
    amount = asked.amount / 100 if asked.lever == "threshold" else asked.amount
    change = Change(lever=asked.lever, amount=amount, each=asked.each, after=asked.after)
    return Tried(asked=asked, noun=noun, waiting=flow.waiting, found=outlook(flow, change, WEEKS), begins=begins)


def _flow(queue: Queue, noun: str, figures: BoardFigures, lever: Lever) -> Flow | None:
    weeks = [week for week in queue.weeks if week.complete]
    if len(weeks) < LEAST_WEEKS or any(is_hidden(n) for week in weeks for n in (week.arrived, week.left)):
        return None
    waiting = queue.weeks[-1].stock
    if is_hidden(waiting):
        return None
    decided = None
    if lever == "threshold":
        decided = _decided(figures, len(weeks))
        if decided is None:
            return None
    return Flow(
        noun=noun,
        waiting=waiting,
        arrived=tuple(week.arrived for week in weeks),
        left=tuple(week.left for week in weeks),
        decided=decided,
    )


def _decided(figures: BoardFigures, count: int) -> tuple[int, ...] | None:
    """Contacts decided in the same weeks."""
    queue = next((each for each in figures.queues if each.stage == "contact_decision"), None)
    weeks = [week for week in queue.weeks if week.complete] if queue is not None else []
    if len(weeks) != count or any(is_hidden(week.left) for week in weeks):
        return None
    return tuple(week.left for week in weeks)
