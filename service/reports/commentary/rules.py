"""Which findings a report makes, and in which order: signals first, the worse before the better, then what stands late.

Nothing is left to taste: the same figures give the same commentary. Only tests that stand when all are judged together
are called signals, so that a report in which nothing happened claims one in at most 1 of 20.
"""

from collections.abc import Iterable
from typing import Final

from service.reports.commentary import writing
from service.reports.commentary.findings import Commentary, Finding
from service.reports.commentary.inputs import Report, Stage
from service.reports.commentary.testing import Tested, judged

MOST: Final = 5
#: The stage whose arrivals are the children the police knew of; its figures are the board's first question.
UNASSESSED: Final = "unassessed"
NOTHING: Final = (
    "Nothing to report: every limit that fell in this period was met, nobody waits past one, and nothing differs from"
    " before by more than it usually varies."
)
_AS_TOLD: Final = " So it is of what may be told: small numbers are not."
#: Where there was nobody, no limit was met either.
NOBODY: Final = "Nothing to report: nobody came to notice in this period, and nobody waits."


def comment(report: Report) -> Commentary:
    """The commentary of a report."""
    tests = judged(report.stages, UNASSESSED)
    found = [writing.change(test) for test in _strongest(test for test in tests if test.signal)][: MOST - 1]
    claimed, untold = len(found), _untold(report)
    late = [stage for stage in report.stages if _late(stage)]
    if not found and not late:
        there = any(stage.waits or stage.waiting.value != 0 for stage in report.stages)
        nothing = f"{NOTHING}{_AS_TOLD if untold else ''}"
        return Commentary(summary=nothing if there else NOBODY, cautions=report.cautions, untold=untold)
    # Of a stage with a signal nothing else is said, also where the signal is one too many to be told. How many come to
    # notice says nothing of how long they wait.
    spoken = {test.stage.key for test in tests if test.signal and test.kind != "flow"}
    for finding in _standing(report, tests, late, spoken):
        if len(found) >= max(2, min(MOST, claimed + 2)):
            break
        found.append(finding)
    summary = _summary(claimed, late, untold=untold)
    return Commentary(summary=summary, findings=tuple(found), cautions=report.cautions, untold=untold)


def _untold(report: Report) -> bool:
    """Whether numbers of weeks may not be told, so that what changed in them is not found."""
    weeks = (week for stage in report.stages for week in stage.weeks if week.complete)
    return any(None in (week.arrived, week.stock, week.due, week.met) for week in weeks)


def _strongest(signals: Iterable[Tested]) -> list[Tested]:
    """One signal of each stage: what got worse before what got better, then the least likely to be chance."""
    best: dict[tuple[str, bool], Tested] = {}
    for test in sorted(signals, key=_rank):
        best.setdefault((test.stage.key, test.kind == "flow"), test)
    return sorted(best.values(), key=_rank)


def _rank(test: Tested) -> tuple[bool, bool, float, str, str]:
    return (not test.worse, test.stage.key != UNASSESSED, test.chance, test.stage.key, test.kind)


def _late(stage: Stage) -> bool:
    """Whether anybody waits past a limit or had one missed; a number that may not be told is somebody."""
    return any(told.value is None or told.value > 0 for told in (stage.past_limit, stage.missed) if told.words)


def _standing(report: Report, tests: list[Tested], late: list[Stage], spoken: set[str]) -> Iterable[Finding]:
    """What stands late though it may be no change, the most first."""
    changed = {(test.stage.key, test.kind): test for test in tests}
    waiting = sorted(
        (stage for stage in late if stage.key not in spoken and stage.past_limit.value != 0 and stage.past_limit.words),
        key=lambda stage: (stage.key != UNASSESSED, -(stage.past_limit.value or 0), stage.key),
    )
    if waiting:
        yield writing.past_limit(waiting[0], changed.get((waiting[0].key, "stock")))
    if report.child_days is not None and report.child_days.spent and report.child_days.total > 0:
        yield writing.where_time_goes(report.child_days, changed.get((UNASSESSED, "typical")))
    missed = sorted(
        (stage for stage in late if stage.within.value is not None and stage.key not in spoken and stage.missed.value),
        key=lambda stage: (-(stage.missed.value or 0), stage.key),
    )
    for stage in missed:
        yield writing.missed(stage, changed.get((stage.key, "share")))
    for stage in waiting[1:]:
        yield writing.past_limit(stage, changed.get((stage.key, "stock")))
    # Too few to be told are somebody all the same.
    for stage in late:
        if stage.missed.value is None and stage.missed.words and stage.key not in spoken:
            yield writing.missed(stage, changed.get((stage.key, "share")))


def _summary(claimed: int, late: list[Stage], *, untold: bool) -> str:
    changed = {
        0: f"No signal{' in what may be told' if untold else ''}: nothing differs from before by more than it usually"
        " varies",
        1: "One figure differs from before by more than it usually varies",
    }.get(claimed, f"{writing.number(claimed)} figures differ from before by more than they usually vary")
    return changed + ("; what stands late is below." if late else ".")
