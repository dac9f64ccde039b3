"""Findings in sentences. No sentence claims a change without its test, and no number stands without its interval."""

from typing import Final

from service.reports.commentary.agencies import question, within
from service.reports.commentary.findings import Finding
from service.reports.commentary.inputs import ChildDays, Group, Interval, Spent, Stage, Told
from service.reports.commentary.testing import Moved, Tested
from service.reports.statistics.words import at_least, length, with_interval
from service.reports.statistics.xmr import ENOUGH
from service.web import times, words

_NUMBERS: Final = ("No", "One", "Two", "Three", "Four", "Five")
#: Fewer children than this are few to rest a finding on.
_FEW: Final = 30
#: Share of waits known to the day alone, or without a needed time, that is worth a sentence.
_MUCH: Final = 0.05
#: A figure tested by itself would be taken for changed where chance shows as much less often than this.
_ALONE: Final = 0.05
_BESIDE_OTHERS: Final = (
    "Tested alone it would be one; among all that a report tests, chance alone shows one as large too often."
)


def number(count: int) -> str:
    """A small number at the beginning of a sentence."""
    return _NUMBERS[count] if count < len(_NUMBERS) else f"{count:,}"


def change(test: Tested) -> Finding:
    """A signal: what changed, from what to what."""
    said = {"typical": _typical, "share": _share, "stock": _stock, "flow": _flow}[test.kind](test)
    says, asked, agency = said
    return Finding(
        figure=f"{test.stage.key}:{test.kind}",
        status="signal",
        direction="worse" if test.worse else "neither" if test.kind == "flow" else "better",
        says=says,
        sure=_sure(test),
        contributor=_contributor(test.stage, test.kind, worse=test.worse),
        caveat=_caveat(test.stage, test.moved),
        question=question(agency, asked),
        agency=agency,
    )


def past_limit(stage: Stage, test: Tested | None) -> Finding:
    """Who waits past a limit now."""
    those = stage.past_limit
    one = those.value == 1
    noun = _one(stage.unit) if one else stage.unit
    oldest = f", the longest for {stage.oldest.words}" if stage.oldest.words else ""
    says = f"{stage.name}: {those.words} {noun} {'waits' if one else 'wait'} past the limit now{oldest}."
    if test is not None and test.net is not None and test.net.low is not None and test.net.high is not None:
        weekly = test.net
        says += (
            f" Over {weekly.weeks} weeks the number waiting moved by {_signed(weekly.weekly)} a week"
            f" ({_signed(test.net.low)} to {_signed(test.net.high)})."
        )
    return Finding(
        figure=f"{stage.key}:past_limit",
        status="not_tested" if test is None else "no_signal",
        direction="worse",
        says=says,
        sure=_unsure(test),
        contributor=_contributor(stage, "past_limit", worse=True),
        caveat=_caveat(stage, None),
        question=question(
            stage.agency,
            f"who holds {'it' if one else 'each of them'} by name, what is the next step, and by when?",
        ),
        agency=stage.agency,
    )


def missed(stage: Stage, test: Tested | None) -> Finding:
    """The share within the limit, where it was missed."""
    says = f"{stage.name}: {_share_words(stage.within)} within the limit in this period; {stage.missed.words} missed."
    if test is not None and test.moved is not None:
        says += f" Last {test.moved.weeks} weeks {test.moved.now:.0%}, before {test.moved.before:.0%}."
    return Finding(
        figure=f"{stage.key}:share",
        status="not_tested" if test is None else "no_signal",
        direction="worse",
        says=says,
        sure=_unsure(test),
        contributor=_contributor(stage, "share", worse=True),
        caveat=_caveat(stage, None),
        question=question(stage.agency, "what stood in the way where it was missed, and which of it can be changed?"),
        agency=stage.agency,
    )


def where_time_goes(days: ChildDays, test: Tested | None) -> Finding:
    """Who holds most of the time at unassessed risk, and whether the wait itself has changed."""
    most = max(days.spent, key=lambda spent: (spent.total, spent.stage, spent.agency))
    more = f" (up to {days.more:,.0f} more)" if round(days.more) else ""
    grade = max(days.grades, key=lambda each: (each[1], each[0]), default=None)
    part = f" Of all, {grade[1] / days.total:.0%} are {grade[0]}." if grade else ""
    return Finding(
        figure="child_days:total",
        status="not_tested" if test is None else "signal" if test.signal else "no_signal",
        direction="neither",
        says=(
            f"There were {days.total:,.0f} child-days at unassessed risk in this period{more},"
            f" and {days.before:,.0f} in the one before."
        ),
        sure=_waits_themselves(test),
        contributor=(
            f"The largest part, {most.total / (days.held or days.total):.0%}, passed with {within(most.agency)} in"
            f" “{most.stage}” ({most.total:,.0f} child-days, {most.before:,.0f} before).{part}{_moved_most(days, most)}"
        ),
        caveat=_known_days(days),
        question=question(most.agency, f"what would halve the time that children wait in “{most.stage}”?"),
        agency=most.agency,
    )


def _waits_themselves(test: Tested | None) -> str:
    """Child-days grow with children and with waits; only the waits can be tested."""
    if test is None:
        return "Whether each child waits longer cannot be tested yet."
    now, before = _duration(test.stage.now), _duration(test.stage.before)
    if test.signal:
        return f"Signal: at this period's rates half wait less than {now}, at those of the period before {before}."
    return (
        f"No signal that each child waits longer or less long: at this period's rates half wait less than {now},"
        f" at those of the period before {before}.{_alone(test)}"
    )


def _alone(test: Tested) -> str:
    """What is said where two intervals lie apart and it is still no signal."""
    return f" {_BESIDE_OTHERS}" if test.chance < _ALONE else ""


def _moved_most(days: ChildDays, most: Spent) -> str:
    mover = max(days.spent, key=lambda spent: (abs(spent.total - spent.before), spent.stage, spent.agency))
    moved = mover.total - mover.before
    if mover is most or round(moved) == 0:
        return ""
    return f" What moved most is “{mover.stage}” with {within(mover.agency)}: {_signed(round(moved))}."


def _known_days(days: ChildDays) -> str:
    if days.total > 0 and days.more / days.total > _MUCH:
        return f"Days without a time leave {days.more:,.0f} child-days uncertain."
    return "Almost all times are known to the minute."


def _typical(test: Tested) -> tuple[str, str, str]:
    stage = test.stage
    word = "longer" if test.worse else "less long"
    says = (
        f"{stage.name}: {stage.unit} wait {word}. At this period's rates half have left within"
        f" {_duration(stage.now)}; at those of the period before, within {_duration(stage.before)}."
    )
    asked = (
        "what changed, who can change it back, and by when?"
        if test.worse
        else "what brought this about, and what would keep it so?"
    )
    return says, asked, stage.agency


def _share(test: Tested) -> tuple[str, str, str]:
    stage, moved = test.stage, _of(test)
    says = (
        f"{stage.name}: {moved.now:.0%} ({moved.low:.0%} to {moved.high:.0%}) of {moved.of:,} were within the limit"
        f" in the last {moved.weeks} weeks whose limit has passed, {moved.before:.0%} in the"
        f" {moved.weeks_before} weeks before."
    )
    asked = (
        f"what changed about {times.day(moved.since)}, and when is it back at {moved.before:.0%}?"
        if test.worse
        else f"what was done about {times.day(moved.since)}, and could it be done elsewhere?"
    )
    return says, asked, stage.agency


def _stock(test: Tested) -> tuple[str, str, str]:
    stage, net = test.stage, test.net
    if net is None or net.low is None or net.high is None:
        raise ValueError("the test of a stock has its net change")
    word = "grows" if net.weekly > 0 else "falls"
    low, high = sorted((abs(net.low), abs(net.high)))
    says = (
        f"{stage.name}: the number waiting {word} by {_few(abs(net.weekly))} a week ({_few(low)} to {_few(high)},"
        f" over {net.weeks} weeks); {stage.waiting.words} wait now."
    )
    asked = (
        "what more can be done in a week, from when, so that it no longer grows?"
        if test.worse
        else "will it last until nobody waits past the limit?"
    )
    return says, asked, stage.agency


def _flow(test: Tested) -> tuple[str, str, str]:
    moved = _of(test)
    word = "Fewer" if moved.now < moved.before else "More"
    says = (
        f"{word} {test.stage.unit} came to notice: {_few(moved.now)} a week ({_few(moved.low)} to {_few(moved.high)})"
        f" in the last {moved.weeks} weeks, {_few(moved.before)} in the {moved.weeks_before} weeks before."
    )
    asked = (
        "are there fewer incidents, or are fewer children recorded and sent?"
        if moved.now < moved.before
        else "what has changed, and does whoever decides next have the hours for it?"
    )
    return says, asked, "police"


def _of(test: Tested) -> Moved:
    if test.moved is None:
        raise ValueError("the test of weeks has its weeks")
    return test.moved


def _sure(test: Tested) -> str:
    often = next((n for n in (10_000, 1000, 100) if test.chance * n < 1), 20)
    return f"Signal: by chance alone fewer than 1 in {often:,} reports would show so much for this figure."


def _unsure(test: Tested | None) -> str:
    if test is None:
        return "Not tested for change: there are too few weeks, or too few may be told."
    if test.chance < _ALONE:
        return f"No signal. {_BESIDE_OTHERS}"
    return "No signal: it has changed no more than it usually varies."


def _contributor(stage: Stage, kind: str, *, worse: bool) -> str:
    """The part that contributes most to what is said."""
    if kind == "typical":
        sign = 1 if worse else -1
        towards = [group for group in stage.groups if (group.longer or 0) * sign > 0]
        if not towards:
            return "No grade or district stands out."
        most = max(towards, key=lambda group: (abs(group.longer or 0) * (group.children.value or 1), group.name))
        word = "longer" if worse else "shorter"
        return (
            f"Most of it is {most.name} ({most.children.words} {stage.unit}): the wait by which half have left is"
            f" {length(abs(most.longer or 0))} {word}."
        )
    told: dict[str, tuple[Told, str]] = {}
    for group in stage.groups:
        told[group.name] = _part(group, kind)
    those = {name: part for name, (part, _) in told.items() if part.value}
    if not those:
        return "No grade or district stands out."
    name = max(those, key=lambda each: (those[each].value or 0, each))
    return f"Most are {name} ({those[name].words} {told[name][1]})."


def _part(group: Group, kind: str) -> tuple[Told, str]:
    if kind == "past_limit":
        return group.past_limit, "past the limit"
    return (group.missed, "missed") if kind == "share" else (group.children, "in this period")


def _caveat(stage: Stage, moved: Moved | None) -> str:
    """The one thing that most limits what can be said."""
    if stage.waits and stage.cannot_compute / stage.waits > _MUCH:
        return (
            f"A needed time is missing for {stage.cannot_compute:,} of {stage.waits:,}; they are in no figure of time."
        )
    if stage.waits and stage.approximate / stage.waits > _MUCH:
        return f"{stage.approximate:,} of {stage.waits:,} are known to the day alone."
    if stage.waits and stage.waits < _FEW:
        return f"It rests on {words.count(stage.waits, _one(stage.unit), stage.unit)}."
    if moved is not None and moved.weeks_before < ENOUGH:
        return f"There are only {moved.weeks_before} weeks before to compare with, so that this is on trial."
    if moved is not None and moved.holidays:
        return f"{words.count(moved.holidays, 'of these weeks has', 'of these weeks have')} a bank holiday."
    if not stage.waits:
        return "How complete the times are is not known."
    return f"It rests on {stage.waits:,} waits, almost all with times to the minute."


def _duration(found: Interval) -> str:
    if found.value is None:
        return "a time that cannot be told yet" + (f" (at least {at_least(found.at_least)})" if found.at_least else "")
    return with_interval(found.value, found.low, found.high)


def _share_words(found: Interval) -> str:
    if found.value is None:
        return "not known how many were"
    interval = "" if found.low is None or found.high is None else f" ({found.low:.0%} to {found.high:.0%})"
    return f"{found.value:.0%}{interval} of {found.n:,} were"


def _one(plural: str) -> str:
    return {"children": "child", "incidents": "incident", "meetings": "meeting", "pathways": "pathway"}.get(
        plural, plural
    )


def _few(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{_few(abs(value))}"
