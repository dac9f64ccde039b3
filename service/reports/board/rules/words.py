"""Figures in words. A number that is not told to the reader (see ``disclosure``) prints as its own words."""

from datetime import date, timedelta
from typing import Any, Final

from service.reports.disclosure.hidden import NOT_SHOWN, is_hidden, somebody_waits
from service.reports.measures.figures import Count, Estimate, Open, Period
from service.reports.statistics.words import at_least, with_interval
from service.reports.statistics.words import length as one_unit
from service.web import times, words

NOT_KNOWN: Final = "not known"
HOLDERS: Final = {"no_agency": "Nobody", "childrens_social_care": "Children's social care"}
#: What an earlier report may have counted otherwise (`docs/measures.md`).
AS_THEY_ARE_NOW: Final = (
    "Districts, and which records are of one child, are as they are known now: no history is kept of them."
)
#: Why more stand in a stage than there are children waiting.
IN_EACH: Final = "A child in two incidents counts in each."
GROUPS: Final = {
    "all": "All",
    "in_hours": "In working hours",
    "out_of_hours": "Out of hours",
    "not_recorded": "Not recorded",
}
_OWN: Final = {
    "f": "Girls",
    "m": "Boys",
    "u": "Sex not recorded",
    "unknown": "Not known",
    "under_1": "Under 1",
    "substantiated_no_continuing_risk": "Substantiated, no continuing risk",
    "substantiated_continuing_risk": "Substantiated, continuing risk",
}


def count(value: Any) -> str:
    """A whole number; ``not known`` for None."""
    if value is None:
        return NOT_KNOWN
    return str(value) if is_hidden(value) else f"{value:,}"


def waiting(found: Open, noun: str = "children") -> str:
    """How many are in a stage now; of few, that at least one of them waits so long."""
    return somebody_waits(found.count, found.oldest, noun) if is_hidden(found.count) else f"{found.count:,} {noun}"


def told(value: Any) -> bool:
    """Whether a number is told."""
    return not is_hidden(value)


def number(value: Any, digits: int = 1) -> str:
    """A number with so many decimals."""
    if value is None:
        return NOT_KNOWN
    return str(value) if is_hidden(value) else f"{value:,.{digits}f}"


def length(minutes: Any) -> str:
    """A length of time in its two largest parts."""
    if minutes is None:
        return NOT_KNOWN
    return str(minutes) if is_hidden(minutes) else times.length(timedelta(minutes=float(minutes)))


def percent(value: Any) -> str:
    """A share as a percentage."""
    if value is None:
        return NOT_KNOWN
    return str(value) if is_hidden(value) else f"{round(100 * value)}%"


def short(minutes: Any) -> str:
    """A length of time in one unit, so that the ends of an interval can be compared."""
    if minutes is None:
        return NOT_KNOWN
    return str(minutes) if is_hidden(minutes) else one_unit(float(minutes))


def lasting(found: Estimate) -> str:
    """An estimated time with its interval, or from when it is at least known."""
    if found.value is None:
        if found.at_least is None:
            return "not estimable"
        least: Any = found.at_least
        return f"not yet estimable (at least {least if is_hidden(least) else at_least(least)})"
    if is_hidden(found.value):
        return str(found.value)
    return with_interval(found.value, found.low, found.high)


def half_leave(found: Estimate, entered: Any) -> str:
    """After how long half leave a stage, in a sentence."""
    if not is_hidden(entered) and entered == 0:
        return "Nobody entered in the period."
    if found.value is None or is_hidden(found.value):
        return f"After how long half leave is {lasting(found)}."
    return f"Half leave after {lasting(found)}."


def share(found: Estimate) -> str:
    """An estimated share with its interval."""
    if found.value is None:
        return "not estimable"
    return f"{percent(found.value)}{_between(found, percent)}"


def part(found: Count) -> str:
    """A count of something: the share with its interval where it is told, else so many of so many."""
    if is_hidden(found.share.value) or found.share.value is None:
        return f"{count(found.count)} of {count(found.of)}"
    return f"{share(found.share)} of {count(found.of)}"


def is_told(value: Any) -> bool:
    """Whether anything is told of a number, be it a range."""
    return bool(value != NOT_SHOWN)


def sentences(*parts: tuple[str, Count]) -> str:
    """``Told in time: 72% (51% to 86%) of 53.`` for each count of which anything is told."""
    told = [(what, found) for what, found in parts if found.of and is_told(found.count) and is_told(found.of)]
    return " ".join(f"{what}: {part(found)}." for what, found in told)


def _between(found: Estimate, say: Any) -> str:
    if is_hidden(found.value) or found.low is None or found.high is None:
        return ""
    return f" ({say(found.low)} to {say(found.high)})"


def holder(code: str) -> str:
    """Who holds children, by name."""
    return HOLDERS.get(code) or words.sentence(code)


def group(code: str) -> str:
    """A group of children by its name."""
    if code in GROUPS:
        return GROUPS[code]
    if code in words.GRADES or code == "ungraded":
        return words.grade(code)
    return _OWN.get(code.lower()) or (words.sentence(code) if code == code.lower() else code)


def period(found: Period, today: date | None = None) -> str:
    """A period with its days: ``Mon 1 Jun 2026 to Sun 30 Aug 2026``, or ``until today`` while it runs."""
    if today is not None and found.last >= today:
        return f"{times.day(found.first)} until {times.day(today)}"
    return f"{times.day(found.first)} to {times.day(found.last)}"


def day(value: date) -> str:
    """A day."""
    return times.day(value)


def change(now: Any, before: Any, say: Any) -> str:
    """Two numbers beside each other: ``up from 120`` or ``as before``."""
    if is_hidden(now) or is_hidden(before) or now is None or before is None:
        return ""
    if now == before:
        return "as before"
    return f"{'up' if now > before else 'down'} from {say(before)}"
