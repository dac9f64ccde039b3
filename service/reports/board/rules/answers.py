"""What a member of a board wants to know first: where most of the delay is, whether it is changing, how sure that is.

Each answer is read off the figures as this reader may be told them; what cannot be told is said so and never guessed.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from service.reports.board.rules import words
from service.reports.board.rules.delays import stage_name
from service.reports.board.rules.pictures import of_stage
from service.reports.commentary.agencies import within
from service.reports.commentary.findings import Commentary, Finding
from service.reports.disclosure.hidden import is_hidden, number
from service.reports.measures.child_time import Spent
from service.reports.measures.figures import BoardFigures
from service.reports.statistics.variation import Variation, variation_words
from service.reports.statistics.xmr import Rule

_MORE: Final[dict[Variation, str]] = {
    "worsening": "more",
    "improving": "fewer",
}
#: What goes against the rest is said from this part of the whole change on.
_MUCH: Final = 0.1
#: Signals named in one answer; the findings below name all.
_MOST: Final = 3
_CHILD_DAYS: Final = "child_days:total"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A question, its answer, and what stands behind it."""

    question: str
    says: str
    more: str = ""


def where(figures: BoardFigures) -> Answer:
    """Which stage, agency and grade hold most of the child-days at unassessed risk."""
    total = number(figures.child_days.total)
    rows = [each for each in figures.time_use.unassessed if number(each.total)]
    if not total or not rows:
        says = "Nobody waited in this period." if total == 0 else "It cannot be told in this period."
        return Answer(question=_WHERE, says=says)
    most = max(rows, key=lambda each: (each.total, each.stage, each.holder))
    waited, _ = _waited(figures)
    if waited - sum(each.total for each in rows) > most.total:
        return Answer(question=_WHERE, says="It cannot be told in this period: too much of it is of few children.")
    return Answer(
        question=_WHERE,
        says=f"{words.group(most.stage)}, with {within(most.holder)}: {most.total / waited:.0%} of the time waited.",
        more=f"{_grade(figures.child_days.by_grade, total)} {total:,.0f} child-days{_moved(figures, most)}.",
    )


def _waited(figures: BoardFigures) -> tuple[float, float]:
    """What the stages add up to, in this period and the one before. Child-days are fewer where a child waits in two
    incidents at once: there it counts once, and of the time with each holder in each stage it counts in both.
    """
    use, days = figures.time_use, figures.child_days
    return number(use.total) or number(days.total) or 0.0, number(use.before) or number(days.before) or 0.0


_WHERE: Final = "Where is most of the delay?"


def _grade(by_grade: Mapping[str, Any], total: float) -> str:
    told = {grade: days for grade, days in by_grade.items() if not is_hidden(days)}
    if not told:
        return "Which grade has most of it cannot be told."
    most = max(told, key=lambda grade: (told[grade], grade))
    if total - sum(told.values()) > told[most]:
        return "Which grade has most of it cannot be told."
    name = "Ungraded" if most == "ungraded" else f"{words.group(most)} grade"
    return f"{name} has most of it by grade: {told[most] / total:.0%}."


def _moved(figures: BoardFigures, most: Spent) -> str:
    """How much of the change since the period before is there, after the number of child-days."""
    total, before = number(figures.child_days.total), number(figures.child_days.before)
    change = number(most.change)
    if total is None or before is None or change is None or round(total - before) == 0:
        return " in the period"
    text = f", {'up' if total > before else 'down'} from {before:,.0f} in the period before"
    waited, waited_before = _waited(figures)
    net = waited - waited_before
    if against := _against(figures, most, net):
        return f"{text}; {against}"
    part = change / net if net else 0.0
    if part <= 0:
        return f"{text}; that stage did not contribute to the change"
    return f"{text}; {f'{part:.0%}' if part < 1 else 'all'} of the change is in that stage"


def _against(figures: BoardFigures, most: Spent, net: float) -> str:
    """What rose while that stage fell, or fell while it rose, where it is much; a net change alone would hide it."""
    here = most.change
    others = [each for each in figures.time_use.unassessed if (number(each.change) or 0) * here < 0]
    other = max(others, key=lambda each: (abs(each.change), each.stage, each.holder), default=None)
    if other is not None and abs(other.change) >= _MUCH * abs(net) and round(other.change):
        name = words.group(other.stage)
        beside = f"{name[0].lower()}{name[1:]}, with {within(other.holder)}, {_way(other.change)}"
    elif round(net - here) * here < 0 and abs(net - here) >= _MUCH * abs(net):
        beside = f"elsewhere it {_way(net - here)}"
    else:
        return ""
    return f"in that stage it {_way(here)}, while {beside}"


def _way(change: float) -> str:
    return f"{'rose' if change > 0 else 'fell'} by {abs(change):,.0f}"


def _signal(finding: Finding, figures: BoardFigures) -> str:
    """A signal in a few words: which stage, and which way."""
    stage, _, kind = finding.figure.partition(":")
    if kind == "flow":
        said = finding.says.partition(":")[0]
        return said[0].lower() + said[1:]
    if finding.figure == _CHILD_DAYS:
        return "how long each child waits"
    name = stage_name(figures, stage)
    return f"{name[0].lower()}{name[1:]}, {finding.direction}"


def changed(
    figures: BoardFigures, commentary: Commentary, varies: Variation, rules: tuple[Rule, ...], *, trial: bool
) -> Answer:
    """Whether it is a real change."""
    signals = [_signal(each, figures) for each in commentary.findings if each.status == "signal" and each.agency]
    waits = next((each.sure for each in commentary.findings if each.figure == _CHILD_DAYS), "")
    if signals:
        says = f"Yes: {'; '.join(signals[:_MOST])}."
    elif varies in _MORE:
        # A chart that is judged alone would add its own false alarms to those of the tests that are judged together.
        says = (
            f"No signal when all figures are judged together; judged alone, there are {_MORE[varies]} child-days "
            "a week than before, by more than they usually vary."
        )
    elif number(figures.child_days.total) == 0 == number(figures.child_days.before):
        says = "Nobody waited in this period or in the one before: there is nothing to compare."
        return Answer(question=_REAL, says=says)
    else:
        no = "No signal in what may be told" if commentary.untold else "No"
        says = f"{no}: nothing differs from before by more than it usually varies."
    weekly = variation_words(varies, rules, trial=trial)
    return Answer(question=_REAL, says=says, more=f"Child-days by week: {weekly} {waits}".strip())


_REAL: Final = "Is it a real change?"


def sure(figures: BoardFigures) -> Answer:
    """How sure that is: the interval of the wait itself, what it rests on, and how often a signal is false."""
    whole = next(iter(of_stage(figures, "unassessed")), None)
    if whole is None:
        return Answer(question=_SURE, says="It cannot be told in this period.")
    rests = whole.completeness
    if not is_hidden(rests.all) and rests.all == 0:
        return Answer(question=_SURE, says="Nobody waited in this period: there is nothing to estimate.")
    what = f"{words.count(rests.all)} waits"
    if rests.approximate or rests.cannot_compute:
        what += (
            f", {words.count(rests.approximate)} of them known to the day alone and "
            f"{words.count(rests.cannot_compute)} without a needed time"
        )
    else:
        what += ", all with times to the minute"
    half = whole.current
    if is_hidden(half.value):
        says = f"How long half wait may not be told: it rests on {what}."
    elif half.value is None:
        says = f"How long half wait at this period's rates is {words.lasting(half)}: it rests on {what}."
    else:
        says = f"At this period's rates half wait less than {words.lasting(half)}, from {what}."
    return Answer(
        question=_SURE,
        says=says,
        more="The interval holds in 95 of 100 reports. A report in which nothing changed claims a signal in at most "
        "1 of 20.",
    )


_SURE: Final = "How sure is that?"
