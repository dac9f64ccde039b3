"""What if there were more triage hours, allocations or meeting slots a week, or another threshold?

A queue is followed week by week in many simulated futures. Each future first draws its own past (weeks of the real one,
with replacement), so that what is not known about the mean rates is in the range, and then draws its weeks from that.
With and without the change use the same draws, so that their difference is the change's. A seed makes it repeatable.
"""

from typing import Final, Literal

import msgspec
import numpy as np

from service.reports.statistics.waits import Floats, Ints

#: Futures that are simulated, and the share of them that a range holds.
FUTURES: Final = 1000
RANGE: Final = 0.9
_SEED: Final = 2026
#: Weeks of the past that a simulation needs at least.
LEAST_WEEKS: Final = 8

Lever = Literal["triage_hours", "allocations", "meeting_slots", "threshold"]


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """A queue now, and its latest complete weeks. ``noun``: who waits in it, in the plural ("unallocated children").

    ``decided``: contacts decided in each of those weeks, where arrivals are the share of them that becomes a referral.
    """

    noun: str
    waiting: int
    arrived: tuple[int, ...]
    left: tuple[int, ...]
    decided: tuple[int, ...] | None = None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What is changed. ``amount``: so many more a week (less if negative); of ``threshold``, the new share of contacts.

    ``each``: how many children one unit serves (children triaged in an hour). ``after``: weeks until it begins.
    """

    lever: Lever
    amount: float
    each: float = 1.0
    after: int = 0


class Band(msgspec.Struct, frozen=True, kw_only=True):
    """How many wait at the end of a week: the middle of all futures, and the range that holds nine in ten."""

    week: int
    low: int
    middle: int
    high: int


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """The weeks ahead without and with the change.

    ``fewer``: how many fewer wait at the end with the change (negative for more), as a band. ``clears``: the week, in
    the middle of all futures, by whose end nobody waits any more; None: not within the weeks simulated.
    ``clears_by``: the weeks by which that is so in 1 of 20 and in 19 of 20 futures.
    """

    present: tuple[Band, ...]
    changed: tuple[Band, ...]
    fewer: Band
    clears: int | None
    clears_by: tuple[int | None, int | None]
    assumptions: tuple[str, ...]


def outlook(flow: Flow, change: Change, weeks: int = 26) -> Outlook | None:
    """Simulate; None where there are too few weeks of the past to draw from.

    Raises:
        ValueError: a threshold is changed of a queue whose decisions are not known, or to no share.
    """
    if change.lever == "threshold" and (flow.decided is None or not 0 <= change.amount <= 1):
        raise ValueError("a threshold needs the contacts decided each week, and a new share between 0 and 1")
    if min(len(flow.arrived), len(flow.left)) < LEAST_WEEKS:
        return None
    random = np.random.default_rng(_SEED)
    arriving, leaving, changed_arriving, changed_leaving = _draws(flow, change, weeks, random)
    present = _waiting(flow.waiting, arriving, leaving)
    changed = _waiting(flow.waiting, changed_arriving, changed_leaving)
    fewer = _bands(present[:, -1:] - changed[:, -1:])[0]
    empty = np.where((changed == 0).any(axis=1), (changed == 0).argmax(axis=1) + 1, weeks + 1)
    early, middle, late = np.quantile(empty, [(1 - RANGE) / 2, 0.5, (1 + RANGE) / 2], method="inverted_cdf")
    return Outlook(
        present=_bands(present),
        changed=_bands(changed),
        fewer=msgspec.structs.replace(fewer, week=weeks),
        clears=_within(int(middle), weeks),
        clears_by=(_within(int(early), weeks), _within(int(late), weeks)),
        assumptions=_assumptions(flow, change),
    )


def _draws(
    flow: Flow, change: Change, weeks: int, random: np.random.Generator
) -> tuple[Floats, Floats, Floats, Floats]:
    """Arrivals and places to leave in every future and week, without and with the change."""
    leaving = _futures(np.array(flow.left, np.float64), weeks, random)
    begun = np.arange(weeks) >= change.after
    if flow.decided is not None and change.lever == "threshold":
        decided = _futures(np.array(flow.decided, np.float64), weeks, random)
        present_share = min(1.0, sum(flow.arrived) / max(1, sum(flow.decided)))
        luck = random.random((FUTURES, weeks))
        arriving = _thinned(decided, np.full(weeks, present_share), luck)
        return arriving, leaving, _thinned(decided, np.where(begun, change.amount, present_share), luck), leaving
    arriving = _futures(np.array(flow.arrived, np.float64), weeks, random)
    more = np.where(begun, change.amount * change.each, 0.0)
    return arriving, leaving, arriving, np.maximum(0.0, leaving + more)


def _futures(past: Floats, weeks: int, random: np.random.Generator) -> Floats:
    """Weeks of every future, drawn from a past of its own."""
    own: Ints = random.integers(0, len(past), (FUTURES, len(past)))
    drawn = np.take_along_axis(own, random.integers(0, len(past), (FUTURES, weeks)), axis=1)
    return past[drawn]


def _thinned(decided: Floats, share: Floats, luck: Floats) -> Floats:
    """How many of those decided are let in, with the same luck for any share: nearly a binomial number."""
    mean = decided * share
    spread = np.sqrt(decided * share * (1 - share))
    # Twelve times the variance of a uniform number is one, so that this has the binomial's mean and variance.
    let_in: Floats = np.clip(np.rint(mean + spread * (luck - 0.5) * np.sqrt(12)), 0, decided)
    return let_in


def _waiting(now: int, arriving: Floats, leaving: Floats) -> Floats:
    """How many wait at the end of every week; nobody leaves who is not there."""
    waiting = np.empty_like(arriving)
    present = np.full(len(arriving), float(now))
    for week in range(arriving.shape[1]):
        present = np.maximum(0.0, present + arriving[:, week] - leaving[:, week])
        waiting[:, week] = present
    return waiting


def _bands(waiting: Floats) -> tuple[Band, ...]:
    low, middle, high = np.quantile(waiting, [(1 - RANGE) / 2, 0.5, (1 + RANGE) / 2], axis=0)
    return tuple(
        Band(
            week=week + 1, low=round(float(low[week])), middle=round(float(middle[week])), high=round(float(high[week]))
        )
        for week in range(waiting.shape[1])
    )


def _within(week: int, weeks: int) -> int | None:
    return week if week <= weeks else None


def _assumptions(flow: Flow, change: Change) -> tuple[str, ...]:
    """What the simulation takes for granted, in words."""
    weeks = len(flow.arrived)
    if change.lever == "threshold":
        share = sum(flow.arrived) / max(1, sum(flow.decided or (0,)))
        what = (
            f"{change.amount:.0%} of contacts are let in instead of {share:.0%}; as many contacts are decided as now."
        )
    else:
        unit = {
            "triage_hours": "triage hours",
            "allocations": "allocations",
            "meeting_slots": "meeting slots",
        }[change.lever]
        more = "more" if change.amount >= 0 else "fewer"
        what = f"{abs(change.amount):g} {unit} {more} each week"
        what += f", each for {change.each:g} children." if change.each != 1 else "."
    begins = "" if not change.after else f" It begins after {change.after} week{'' if change.after == 1 else 's'}."
    return (
        what + begins,
        f"Otherwise weeks are like the last {weeks}: {sum(flow.arrived) / weeks:.1f} arrive and"
        f" {sum(flow.left) / len(flow.left):.1f} leave in a week on average.",
        "What leaves in a week does not depend on how many wait, except that nobody leaves who is not there.",
        "Nobody works faster or slower because of the change, and no more children are notified because of it.",
        f"The range holds nine in ten of {FUTURES:,} simulated futures.",
    )
