"""Pure: the figures that a promise can be about, read from a report.

A figure is named by what it is (``decision.median``) and the group it is of (``grade/high``). Its value is a number, a
`Hidden` where the reader may not be told it, or None where it is not known or not estimable.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final, Literal

import msgspec

from service.reports.disclosure import is_hidden
from service.reports.measures.figures import BoardFigures, Count, StageFigures
from service.web import times, words

Unit = Literal["count", "minutes", "share", "days"]
ALL: Final = "all/all"
#: Figures of how things stand at an instant, and not of what passed in some days.
_OF_A_MOMENT: Final = frozenset({"open", "past_limit", "waiting", "unallocated"})


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of a report. ``fewer`` says whether less of it is better."""

    figure: str
    group: str
    name: str
    unit: Unit
    value: Any
    fewer: bool = True

    @property
    def exact(self) -> float | None:
        """The number, where it is told and known."""
        return None if self.value is None or is_hidden(self.value) else float(self.value)

    @property
    def said(self) -> str:
        """The value in words."""
        return said(self.value, self.unit)

    @property
    def title(self) -> str:
        """The figure and its group in words."""
        return self.name if self.group == ALL else f"{self.name}, {group_words(self.group)}"


def of_a_moment(figure: str) -> bool:
    """Whether a figure says how things stand, and not what passed in some days."""
    return figure.rpartition(".")[2] in _OF_A_MOMENT


def said(value: Any, unit: Unit) -> str:
    """A value of a unit in words."""
    if value is None:
        return "not known"
    if is_hidden(value):
        return f"{value} child-days" if unit == "days" and str(value) != "not shown" else str(value)
    if unit == "share":
        return f"{100 * value:.0f}%"
    if unit == "minutes":
        return times.length(timedelta(minutes=float(value)))
    return f"{value:,.1f} child-days" if unit == "days" else f"{value:,.0f}"


def group_words(group: str) -> str:
    """``grade/high`` is ``high grade``; a district is its name."""
    by, _, name = group.partition("/")
    if by == "grade":
        return f"{words.grade(name).lower()} grade" if name != "ungraded" else "ungraded"
    return name if by == "district" else words.sentence(name).lower()


def readings(figures: BoardFigures) -> list[Reading]:
    """Every figure of a report that somebody can promise to move."""
    names = {each.key: each.name for each in figures.definitions}
    found = [
        Reading(
            figure="child_days.total", group=ALL, name="Child-days at unassessed risk", unit="days",
            value=figures.child_days.total,
        ),
        Reading(
            figure="child_days.waiting", group=ALL, name="Children waiting at unassessed risk", unit="count",
            value=figures.child_days.waiting,
        ),
        Reading(
            figure="capacity.unallocated", group=ALL, name="Children accepted without a named worker", unit="count",
            value=figures.capacity.unallocated.count,
        ),
    ]  # fmt: skip
    for stage in figures.stages:
        found.extend(_of_stage(stage, names.get(stage.stage) or words.sentence(stage.stage)))
    found.extend(_shares(figures))
    return found


def read(figures: BoardFigures, figure: str, group: str) -> Reading | None:
    """One figure by its name and group; None where the report has none."""
    return next((each for each in readings(figures) if (each.figure, each.group) == (figure, group)), None)


def _of_stage(stage: StageFigures, name: str) -> Iterator[Reading]:
    group = f"{stage.by}/{stage.group}"
    values: list[tuple[str, str, Unit, Any, bool]] = [
        ("open", "waiting now", "count", stage.open.count, True),
        ("past_limit", "waiting past the limit now", "count", stage.open.past_limit, True),
        ("median", "half have left after", "minutes", stage.median.value, True),
        ("ninetieth", "nine in ten have left after", "minutes", stage.ninetieth.value, True),
    ]
    if stage.within is not None:
        values.append(("within", "share within standard", "share", stage.within.share.value, False))
    for key, what, unit, value, fewer in values:
        yield Reading(
            figure=f"{stage.stage}.{key}", group=group, name=f"{name}: {what}", unit=unit, value=value, fewer=fewer
        )


def _shares(figures: BoardFigures) -> Iterator[Reading]:
    counts: list[tuple[str, str, Count, bool]] = [
        ("front_door.decided_24_hours", "Contacts decided within 24 hours", figures.front_door.decided_24_hours, False),
        (
            "front_door.decided_working_day",
            "Contacts decided within one working day",
            figures.front_door.decided_working_day,
            False,
        ),
        ("front_door.re_referrals", "Re-referrals within 12 months", figures.front_door.re_referrals, True),
        ("protection.quorate", "Discussions held quorate", figures.protection.quorate, False),
        ("protection.record_in_time", "Records of discussions sent in time", figures.protection.record_in_time, False),
        ("protection.conference_in_time", "Conferences in time", figures.protection.conference_in_time, False),
        ("police.school_in_time", "Schools told in time", figures.police.school_in_time, False),
        ("police.seen_at_scene", "Children seen at the scene", figures.police.seen_at_scene, False),
    ]
    for key, name, found, fewer in counts:
        yield Reading(figure=key, group=ALL, name=name, unit="share", value=found.share.value, fewer=fewer)
