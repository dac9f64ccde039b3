"""Small sums that every figure is made of: shares with intervals that know of siblings, ages, time spent in weeks."""

import math
from collections.abc import Sequence

import numpy as np

from service.reports.measures.figures import Completeness, Count, Estimate, Open, Within
from service.reports.measures.rules import stages
from service.reports.measures.rules.frame import DAY, Ints, Mask, Part, Span
from service.reports.measures.rules.groups import Groups, Ordered, shares
from service.reports.measures.rules.records import CANNOT_COMPUTE, FAMILIES, OWED_BEFORE
from service.reports.statistics import estimates


def share(part: Part, met: Mask, of: Mask) -> Estimate:
    """The share of ``met`` among ``of``: as `Groups.shares`, of one group."""
    family = part.rows["family"]
    columns = [np.bincount(family[mask], minlength=FAMILIES)[np.newaxis] for mask in (met & of, of)]
    return shares(*columns)[0]


def counted(key: str, part: Part, met: Mask, of: Mask) -> Count:
    """So many of so many."""
    both = met & of
    return Count(
        key=key,
        count=int(both.sum()),
        of=int(of.sum()),
        share=share(part, met, of),
        behind=part.behind_of(both),
        behind_parts={"of": part.behind_of(of), "rest": part.behind_of(of & ~met)},
    )


def minutes_of(found: estimates.Centile) -> Estimate:
    """A centile as a figure."""
    return Estimate(
        value=None if found.minutes is None else float(found.minutes),
        low=None if found.low is None else float(found.low),
        high=None if found.high is None else float(found.high),
        at_least=float(found.at_least) if found.minutes is None and found.children else None,
        n=found.children,
    )


def estimate_of(found: estimates.Estimate | None, n: int) -> Estimate:
    """A share, or a difference of shares, as a figure that rests on so many."""
    if found is None:
        return Estimate(value=None, n=n)
    return Estimate(value=found.value, low=found.low, high=found.high, n=n)


def centile(values: Ints, part_below: float) -> float | None:
    """The smallest value that this share of the values does not exceed."""
    if not len(values):
        return None
    place = max(0, math.ceil(part_below * len(values)) - 1)
    return float(np.partition(values, place)[place])


def open_now(part: Part) -> Open:
    """Who is in a stage at the report's instant, however long they have been."""
    return opens(Groups.one(part))[0]


def opens(groups: Groups) -> list[Open]:
    """The same of each group."""
    every = groups.part
    waiting = np.flatnonzero(every.is_open)
    here, of = every.that(waiting), groups.of[waiting]
    ages = Ordered(of, here.minutes, len(groups))
    due = here.due

    def counts(mask: Mask) -> list[int]:
        found: list[int] = np.bincount(of[mask], minlength=len(groups)).tolist()
        return found

    late = (due > 0) & (due < every.instant)
    columns = zip(
        np.bincount(of, minlength=len(groups)).tolist(),
        counts(late),
        counts(due == 0),
        counts(~here.exact),
        here.behind_each(of, len(groups)),
        here.that(late).behind_each(of[late], len(groups)),
        strict=True,
    )
    return [
        Open(
            count=count,
            median=ages.centile(place, 0.5),
            ninetieth=ages.centile(place, 0.9),
            oldest=ages.largest(place),
            past_limit=past,
            without_limit=without,
            approximate=vague,
            behind=stand,
            behind_parts={"past_limit": of_late},
        )
        for place, (count, past, without, vague, stand, of_late) in enumerate(columns)
    ]


def fell_due(part: Part, span: Span) -> Mask:
    """Whose limit fell in the period and has passed, in the area that had them then."""
    due = part.due
    return owed(part) & (due >= span.since) & (due < min(span.until, part.instant))


def owed(part: Part) -> Mask:
    """Which have a limit that counts with them, and not with the area or with the stay closed over before."""
    due = part.due
    return np.asarray((due > 0) & (due >= part.rows["entry"]) & ~part.flagged(OWED_BEFORE))


def done_in_time(part: Part) -> Mask:
    """What was done by its limit; what was closed or stepped down over it was not done."""
    return np.asarray((part.end > 0) & (part.end <= part.due) & ~part.caused(*stages.UNMET))


def within(groups: Groups, span: Span, standards: Sequence[str | None]) -> list[Within | None]:
    """Share within its standard of each group that has one, of those whose limit fell in the period and has passed."""
    part = groups.part
    end = part.end
    here = fell_due(part, span)
    met = here & done_in_time(part)
    missed_it, open_still = here & (end > 0) & ~met, here & (end == 0)
    unknown = part.flagged(CANNOT_COMPUTE) & (part.due == 0) & part.began_in(span) & (part.rows["entry"] == 0)
    columns = zip(
        standards,
        groups.counts(met),
        groups.counts(missed_it),
        groups.counts(open_still),
        groups.counts(unknown),
        groups.shares(met, here),
        groups.behind(here),
        *(groups.behind(some) for some in (met, missed_it, open_still)),
        strict=True,
    )
    return [
        Within(
            standard=standard,
            met=kept,
            missed=missed,
            overdue=overdue,
            cannot_compute=cannot,
            share=share,
            behind=stand,
            behind_parts=dict(zip(("met", "missed", "overdue"), parts, strict=True)),
        )
        if standard is not None
        else None
        for standard, kept, missed, overdue, cannot, share, stand, *parts in columns
    ]


def completeness(groups: Groups, mask: Mask) -> list[Completeness]:
    """What a figure of some of these records rests on, of each group."""
    part = groups.part
    cannot = mask & part.flagged(CANNOT_COMPUTE) & (part.due == 0)
    columns = zip(groups.counts(mask), groups.counts(mask & ~part.exact), groups.counts(cannot), strict=True)
    return [Completeness(all=every, approximate=vague, cannot_compute=unknown) for every, vague, unknown in columns]


def spent(start: Ints, end: Ints, *marks: Ints) -> list[Ints]:
    """Seconds that stays took between one mark and the next, all together, for each line of marks. Exact: whole
    seconds."""
    every = np.concatenate(marks)
    total = np.zeros(len(every), np.int64)
    for edge, sign in ((start, 1), (end, -1)):
        ordered = np.sort(edge)
        upto = np.concatenate(([0], np.cumsum(ordered)))
        place = np.searchsorted(ordered, every, side="right")
        total += sign * (every * place - upto[place])
    return [np.diff(each) for each in np.split(total, np.cumsum([len(line) for line in marks])[:-1])]


def by_way(values: Ints, causes: Ints, marks: Ints) -> tuple[list[dict[int, int]], dict[int, int]]:
    """How many values of each cause fall between one mark and the next, causes in order; and of each cause in all."""
    size, ways = len(marks) + 1, int(causes.max(initial=0)) + 1
    place = np.searchsorted(marks, values, side="right")
    table = np.bincount(place * ways + causes, minlength=size * ways).reshape(size, ways)[1 : len(marks)]
    found: list[dict[int, int]] = [{} for _ in range(len(marks) - 1)]
    mark_of, cause_of = np.nonzero(table)
    columns = zip(mark_of.tolist(), cause_of.tolist(), table[mark_of, cause_of].tolist(), strict=True)
    for mark, cause, number in columns:
        found[mark][cause] = number
    total = table.sum(axis=0)
    return found, {cause: int(total[cause]) for cause in np.flatnonzero(total).tolist()}


def per_week(values: Ints, marks: Ints) -> Ints:
    """How many values fall between one mark and the next."""
    place = np.searchsorted(marks, values, side="right")
    return np.bincount(place, minlength=len(marks) + 1)[1 : len(marks)]


def standing(began: Ints, ended: Ints, marks: Ints) -> Ints:
    """How many stays stand just before each mark; ``ended`` is 0 for those that are open."""
    arrived = np.searchsorted(np.sort(began), marks, side="left")
    left = np.searchsorted(np.sort(ended[ended > 0]), marks, side="left")
    return arrived - left


def days(seconds: float) -> float:
    """Seconds as days of 86,400 of them, to the ten-thousandth."""
    return round(float(seconds) / DAY, 4)
