"""Small sums that every figure is made of: shares with intervals that know of siblings, ages, time spent in weeks."""

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from service.reports.measures.figures import Completeness, Count, Estimate, Open, Within
from service.reports.measures.rules import stages
from service.reports.measures.rules.frame import DAY, Ints, Mask, Part, Span
from service.reports.measures.rules.records import CANNOT_COMPUTE, FAMILIES
from service.reports.statistics import estimates
from service.reports.statistics.distributions import student_quantile

Floats = npt.NDArray[np.float64]
_CONFIDENT: Final = 0.975


def share(part: Part, met: Mask, of: Mask) -> Estimate:
    """The share of ``met`` among ``of``, by Wilson's interval with as many children as siblings leave of them."""
    total = int(of.sum())
    if not total:
        return Estimate(value=None, n=0)
    hits = int((met & of).sum())
    value = hits / total
    family = part.rows["family"]
    there = np.bincount(family[of], minlength=FAMILIES)
    found = np.bincount(family[met & of], minlength=FAMILIES)
    groups = int((there > 0).sum())
    if groups < 2:
        return Estimate(value=value, n=total)
    between = float(np.square(found - value * there).sum()) * groups / (groups - 1) / total**2
    alone = value * (1 - value) / total
    # Fewer children than there are, where siblings share their fate; never more.
    effective = total / max(1.0, between / alone) if alone > 0 else float(total)
    low, high = _wilson(value, effective, student_quantile(_CONFIDENT, groups - 1))
    return Estimate(value=value, low=low, high=high, n=total)


def _wilson(value: float, n: float, reach: float) -> tuple[float, float]:
    square = reach * reach
    middle = (value + square / (2 * n)) / (1 + square / n)
    width = reach * math.sqrt(value * (1 - value) / n + square / (4 * n * n)) / (1 + square / n)
    return max(0.0, middle - width), min(1.0, middle + width)


def counted(key: str, part: Part, met: Mask, of: Mask) -> Count:
    """So many of so many."""
    both = met & of
    return Count(
        key=key,
        count=int(both.sum()),
        of=int(of.sum()),
        share=share(part, met, of),
        incidents=part.incidents_of(both),
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
    here = part.that(part.is_open & (part.start <= part.instant))
    ages = here.minutes
    due = here.due
    return Open(
        count=len(here),
        median=centile(ages, 0.5),
        ninetieth=centile(ages, 0.9),
        oldest=int(ages.max()) if len(ages) else None,
        past_limit=int(((due > 0) & (due < part.instant)).sum()),
        without_limit=int((due == 0).sum()),
        approximate=int((~here.exact).sum()),
        incidents=here.incidents,
    )


def done_in_time(part: Part) -> Mask:
    """What was done by its limit; what was closed or stepped down over it was not done."""
    return np.asarray((part.end > 0) & (part.end <= part.due) & ~part.caused(*stages.UNMET))


def within(part: Part, span: Span, standard: str) -> Within:
    """Share within standard, of those whose limit fell in the period and has passed."""
    due, end = part.due, part.end
    here = (due >= span.since) & (due < min(span.until, part.instant))
    met = here & done_in_time(part)
    missed = here & (end > 0) & ~met
    overdue = here & (end == 0)
    unknown = part.flagged(CANNOT_COMPUTE) & (due == 0) & part.began_in(span)
    return Within(
        standard=standard,
        met=int(met.sum()),
        missed=int(missed.sum()),
        overdue=int(overdue.sum()),
        cannot_compute=int(unknown.sum()),
        share=share(part, met, here),
        incidents=part.incidents_of(here),
    )


def completeness(part: Part, mask: Mask) -> Completeness:
    """What a figure of some of these records rests on."""
    return Completeness(
        all=int(mask.sum()),
        approximate=int((mask & ~part.exact).sum()),
        cannot_compute=int((mask & part.flagged(CANNOT_COMPUTE) & (part.due == 0)).sum()),
    )


def spent(start: Ints, end: Ints, marks: Ints) -> Ints:
    """Seconds that stays took between one mark and the next, all together. Exact: whole seconds."""
    total = np.zeros(len(marks), np.int64)
    for edge, sign in ((start, 1), (end, -1)):
        ordered = np.sort(edge)
        upto = np.concatenate(([0], np.cumsum(ordered)))
        place = np.searchsorted(ordered, marks, side="right")
        total += sign * (marks * place - upto[place])
    return np.diff(total)


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
