"""The backlog as a person would tell it to the next shift."""

from datetime import timedelta
from typing import Final

from service.reports.backlog.rules.figures import Figures
from service.reports.backlog.rules.passing import Rates
from service.reports.backlog.rules.rows import GRADES

NOT_ESTIMABLE: Final = (
    "How many incidents are not yet shared is not estimable: the feed sends only what was shared, and of the rest only "
    "what was typed here is known."
)
#: Where nothing is known there is nothing to be glad of: an empty system, a day before it, a name that nobody bears.
NOTHING: Final = "No incident with children is held, and none came or went in the last two weeks."


def sentences(found: Figures, rate: Rates | None, *, estimable: bool = True) -> list[str]:
    """How many, which grade most, how old, and where it goes.

    ``estimable`` False: every feed sends only what was shared, so that what stands here was typed and is not all.
    """
    if not estimable:
        return [NOT_ESTIMABLE, *(_held(found) if found.total else [])]
    if not found.total and rate is None:
        return [NOTHING]
    if not found.total:
        return ["Every incident with children has been shared or decided on.", *_flow(found, rate)]
    return _held(found) + _flow(found, rate)


def _held(found: Figures) -> list[str]:
    most = max(GRADES, key=lambda grade: (found.by_grade[grade], -GRADES.index(grade)))
    those = "is" if found.total == 1 else "are"
    noun = "incident" if found.total == 1 else "incidents"
    said = [f"{found.total:,} {noun} with children {those} not yet shared; {found.by_grade[most]:,} {most}."]
    if most in found.oldest:
        said.append(f"The oldest {most} is {_old(found.oldest[most])} old.")
    return said


def _flow(found: Figures, rate: Rates | None) -> list[str]:
    if rate is None:
        return []
    text = f"You are clearing {rate.clearing:g} a day and {rate.arriving:g} arrive"
    more = rate.in_a_week
    if more > 0:
        return [f"{text}: at this rate {more:,} more by next week."]
    if more < 0 and found.total:
        fewer = min(-more, found.total)
        return [f"{text}: at this rate {fewer:,} fewer by next week."]
    return [f"{text}: at this rate as many next week."]


def _old(age: timedelta) -> str:
    hours = int(age.total_seconds()) // 3600
    count, word = (hours // 24, "day") if hours >= 48 else (hours, "hour")
    return f"{count:,} {word}{'' if count == 1 else 's'}"
