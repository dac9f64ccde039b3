"""Tables of the front door: how fast, what was decided, who comes back, and whether its threshold has moved."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

import msgspec

from service.clocks.local_time import local_day
from service.reports.board.rules import words
from service.reports.board.rules.delays import definition
from service.reports.board.rules.pictures import of_stage
from service.reports.board.rules.tables import Column, Table
from service.reports.board.rules.working import called, counts
from service.reports.disclosure.hidden import is_hidden, number
from service.reports.measures.figures import BoardFigures, Month
from service.reports.statistics.distributions import normal_quantile, normal_tail
from service.reports.statistics.multiple import holm
from service.reports.statistics.queueing import implied_caseload

#: How far an interval reaches to each side, in standard errors.
_REACH: Final = normal_quantile(0.975)
_WEEK: Final = 7
_WEEK_MINUTES: Final = 7 * 1_440
#: Weeks for which a referral stays open where the report cannot tell: an assessment of 45 working days.
_USUALLY_OPEN: Final = 9.0


class Swing(msgspec.Struct, frozen=True, kw_only=True):
    """The share of contacts that became a referral in one month and the next; ``chance`` of so much by chance alone.

    ``more_a_week``: referrals, each of which needs an allocation; ``more_open``: so many more cases in the long run.
    """

    grade: str
    before: Month
    after: Month
    chance: float
    signal: bool
    more_a_week: float
    more_open: float


def swings(figures: BoardFigures) -> list[Swing]:
    """Of all contacts and of each grade the largest change from one month to the next, all judged together."""
    until = min(figures.period.last, local_day(figures.instant))
    open_for = _weeks_open(figures)
    found: list[Swing] = []
    grades = dict.fromkeys(each.grade for each in figures.front_door.months)
    for grade in grades:
        months = [each for each in figures.front_door.months if each.grade == grade and _is_told(each)]
        for before, after in pairwise(months):
            moved = (after.share.value or 0.0) - (before.share.value or 0.0)
            error = (_error(before) ** 2 + _error(after) ** 2) ** 0.5
            weeks = _days(max(after.begins, figures.period.first), until) / _WEEK
            more = moved * after.decided / weeks
            found.append(
                Swing(
                    grade=grade,
                    before=before,
                    after=after,
                    chance=normal_tail(moved / error) if error else 1.0,
                    signal=False,
                    more_a_week=more,
                    more_open=implied_caseload(more, open_for),
                )
            )
    stands = holm([each.chance for each in found])
    found = [msgspec.structs.replace(each, signal=signal) for each, signal in zip(found, stands, strict=True)]
    return [
        min((each for each in found if each.grade == grade), key=lambda each: (each.chance, each.after.begins))
        for grade in grades
        if any(each.grade == grade for each in found)
    ]


def _is_told(month: Month) -> bool:
    told = (month.decided, month.share.value, month.share.low, month.share.high)
    return bool(month.decided) and not any(value is None or is_hidden(value) for value in told)


def _error(month: Month) -> float:
    return ((month.share.high or 0.0) - (month.share.low or 0.0)) / 2 / _REACH


def _days(first: date, until: date) -> int:
    """Days of a month that have been, up to the end of what is told."""
    after = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    return max(1, (min(after - timedelta(days=1), until) - first).days + 1)


def _weeks_open(figures: BoardFigures) -> float:
    half = next((number(each.current.value) for each in of_stage(figures, "assessment")), None)
    return half / _WEEK_MINUTES if half else _USUALLY_OPEN


def swing(figures: BoardFigures) -> Table:
    """Whether the threshold has moved, and what that asks of the teams behind it."""
    found = swings(figures)
    rows: list[tuple[Any, ...]] = [
        (
            words.group(each.grade),
            f"{each.before.begins:%B} {words.share(each.before.share)}, {each.after.begins:%B} "
            f"{words.share(each.after.share)}",
            "Signal" if each.signal else "No signal",
            each.more_a_week,
            each.more_open,
        )
        for each in found
    ]
    return Table(
        key="swing",
        title="Has the threshold moved? Share becoming a referral, from one month to the next",
        columns=(
            Column("Grade"),
            Column("Largest change"),
            Column("Is it a signal?"),
            Column("Allocations more each week", "number", "referrals more or fewer, each of which needs a worker"),
            Column("Cases more open at once", "number", "in the long run, if it stays so"),
        ),
        rows=tuple(rows),
        lead=_swung(found),
        means="All months and grades are judged together. Cases more open at once: allocations more each week, times "
        f"the {_weeks_open(figures):,.1f} weeks for which half of the assessments last.",
    )


def _swung(found: Sequence[Swing]) -> str:
    """Whether any of it is a signal, in a sentence."""
    if not found:
        return "Whether the threshold has moved cannot be told: too few months are there, or may be told."
    moved = [
        f"{words.group(each.grade).lower()} from {words.percent(each.before.share.value)} in {each.before.begins:%B} "
        f"to {words.percent(each.after.share.value)} in {each.after.begins:%B}"
        for each in found
        if each.signal
    ]
    if not moved:
        return "The share of contacts that becomes a referral moves from month to month by no more than chance."
    return f"Signal: the share of contacts that becomes a referral moved: {'; '.join(moved)}."


def repeats(figures: BoardFigures) -> Table:
    """Who came to notice again, which stands beside every figure of speed."""
    found = figures.front_door
    return counts(
        "repeats",
        "A further notice within 90 days, by what had been decided",
        [*found.repeats, *(each for each in found.returned if each not in found.repeats)],
        lead=repeated(figures),
        means=definition(figures, "repeats"),
    )


def repeated(figures: BoardFigures) -> str:
    """The same in a sentence; nothing where no 90 days have ended."""
    said = [
        f"{called(each.key).lower()} {words.count(each.count)} of {words.count(each.of)} "
        f"({words.percent(each.share.value)})"
        for each in figures.front_door.repeats
        if is_hidden(each.of) or each.of
    ]
    return f"Came to notice again within 90 days, by what had been decided: {', '.join(said)}." if said else ""


def _fast(figures: BoardFigures) -> str:
    """How fast it is decided, in a sentence."""
    found = figures.front_door
    return words.sentences(
        ("Decided within 24 hours", found.decided_24_hours),
        ("Within one working day", found.decided_working_day),
    )


def front_door(figures: BoardFigures) -> list[Table]:
    """What the front door decides, how fast, and who comes back."""
    found = figures.front_door
    linked = found.linked_not_reviewed
    return [
        counts(
            "front_door",
            "How fast contacts are decided, and who comes back",
            [found.decided_24_hours, found.decided_working_day, found.re_referrals, *found.early_help],
            lead=f"{_fast(figures)} Stepped down in the period: {words.count(found.stepped_down)}.".strip(),
        ),
        repeats(figures),
        counts("notices_again", "Notices of children who had one before", found.notices_again),
        Table(
            key="after_three",
            title="Children with three or more notices graded standard or medium, by the highest decision they reached",
            columns=(Column("Highest decision"), Column("Children", "count")),
            rows=tuple((words.group(outcome), count) for outcome, count in found.after_three.items()),
        ),
        Table(
            key="linked",
            title="Linked to an open case and not yet reviewed by its worker, now",
            columns=(
                Column("Children", "count"),
                Column("Median age", "minutes"),
                Column("Oldest", "minutes"),
                Column("Past limit", "count"),
            ),
            rows=((linked.count, linked.median, linked.oldest, linked.past_limit),) if linked.count else (),
        ),
        Table(
            key="outcomes",
            title="What was decided, by the officer's grade",
            columns=(
                Column("Decision"),
                *(Column(words.group(grade), "count") for grade in found.outcomes_by_grade),
                Column("All", "count"),
            ),
            rows=tuple(
                (words.group(each), *(grade.get(each, 0) for grade in found.outcomes_by_grade.values()), count)
                for each, count in found.outcomes.items()
            ),
        ),
        swing(figures),
        Table(
            key="referral_share",
            title="Share of contacts that became a referral, by month and grade",
            columns=(
                Column("Month beginning", "day"),
                Column("Grade"),
                Column("Decided", "count"),
                Column("Referrals", "count"),
                Column("Share", "likely"),
            ),
            rows=tuple(
                (each.begins, words.group(each.grade), each.decided, each.referrals, each.share)
                for each in found.months
            ),
        ),
    ]
