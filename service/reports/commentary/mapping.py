"""From the delay measures to what the commentary reads.

Works on figures as measured and on those whose small numbers were hidden: what is hidden has words and no value.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from service.reports.commentary.inputs import ChildDays, Group, Interval, Report, Spent, Stage, Told, Week
from service.reports.disclosure.hidden import NOT_SHOWN, Hidden
from service.reports.measures import figures
from service.reports.measures.rules import stages
from service.web import times, words

_NOT_LIMITED: Final = Told(0, "")
#: Ways to divide a stage that add up to the whole and whose parts a question can be put about.
_PARTS: Final = ("grade", "district")


def report(found: figures.BoardFigures, queues: Sequence[figures.Queue] = ()) -> Report:
    """What the commentary reads of a board's figures.

    Args:
        found: the figures.
        queues: the same stages over more weeks than the period has, where there are; more weeks make better tests.
    """
    weeks = {queue.stage: queue.weeks for queue in (*found.queues, *queues)}
    names = {definition.key: definition for definition in found.definitions}
    parts: dict[str, list[figures.StageFigures]] = {}
    for row in found.stages:
        if row.by in _PARTS:
            parts.setdefault(row.stage, []).append(row)
    return Report(
        stages=tuple(
            _stage(row, names, parts.get(row.stage, []), weeks.get(row.stage, []), _agency(row.stage, found))
            for row in found.stages
            if row.by == "all"
        ),
        child_days=_child_days(found, names),
        cautions=_cautions(found),
    )


def _stage(
    row: figures.StageFigures,
    names: Mapping[str, figures.Definition],
    parts: Sequence[figures.StageFigures],
    weeks: Sequence[figures.Week],
    agency: str,
) -> Stage:
    definition = names.get(row.stage)
    return Stage(
        key=row.stage,
        name=definition.name if definition else words.sentence(row.stage),
        agency=agency,
        waiting=_told(row.open.count),
        past_limit=_past_limit(row),
        oldest=_length(row.open.oldest),
        now=_interval(row.current),
        before=_interval(row.before),
        within=Interval(value=None) if row.within is None else _interval(row.within.share),
        missed=_missed(row),
        weeks=_since_anybody(weeks),
        groups=tuple(_group(part) for part in parts),
        waits=_whole(row.completeness.all) or 0,
        approximate=_whole(row.completeness.approximate) or 0,
        cannot_compute=_whole(row.completeness.cannot_compute) or 0,
        unit=definition.counts if definition else "children",
    )


def _since_anybody(weeks: Sequence[figures.Week]) -> tuple[Week, ...]:
    """Weeks from the first whole one: before anybody was recorded there is nothing to compare with, not even nought."""
    empty = next((n for n, week in enumerate(weeks) if week.arrived != 0 or week.stock != 0), len(weeks))
    return tuple(_week(week) for week in weeks[empty + 1 if empty else 0 :])


def _week(week: figures.Week) -> Week:
    return Week(
        begins=week.begins,
        arrived=_whole(week.arrived),
        stock=_whole(week.stock),
        due=_whole(week.due),
        met=_whole(week.met),
        complete=week.complete,
        settled=week.settled,
        bank_holiday=week.bank_holiday,
        many=_is_many(week.arrived),
    )


def _is_many(value: object) -> bool:
    """Whether a number is not told, but that it is no small one."""
    return isinstance(value, Hidden) and (value.least or 0) > 1


def _group(row: figures.StageFigures) -> Group:
    now, before = _number(row.current.value), _number(row.before.value)
    return Group(
        name=_named(row),
        children=_told(row.entered),
        past_limit=_past_limit(row),
        missed=_missed(row),
        longer=None if now is None or before is None else now - before,
    )


def _named(row: figures.StageFigures) -> str:
    if row.by != "grade":
        return row.group or "without a district"
    return _grade(row.group)


def _grade(code: str) -> str:
    return "ungraded" if code == "ungraded" else f"{code} grade"


def _past_limit(row: figures.StageFigures) -> Told:
    """Who waits past a limit; nobody where there is no limit."""
    return _NOT_LIMITED if row.within is None else _told(row.open.past_limit)


def _missed(row: figures.StageFigures) -> Told:
    if row.within is None:
        return _NOT_LIMITED
    missed, overdue = _told(row.within.missed), _told(row.within.overdue)
    if missed.value is None or overdue.value is None:
        return missed if missed.value is None else overdue
    return _told(int(missed.value + overdue.value))


def _child_days(found: figures.BoardFigures, names: Mapping[str, figures.Definition]) -> ChildDays | None:
    total, before = _number(found.child_days.total), _number(found.child_days.before)
    if total is None or before is None:
        return None
    spent = []
    for each in found.time_use.unassessed:
        now, then = _number(each.total), _number(each.before)
        if now is not None and then is not None:
            name = names[each.stage].name if each.stage in names else words.sentence(each.stage)
            spent.append(Spent(agency=each.holder, stage=name, total=now, before=then))
    grades = tuple(
        (_grade(grade), days)
        for grade, told in found.child_days.by_grade.items()
        if (days := _number(told)) is not None
    )
    more = _number(found.child_days.more) or 0.0
    held = _number(found.time_use.total)
    return ChildDays(total=total, before=before, more=more, held=held, grades=grades, spent=tuple(spent))


def _agency(stage: str, found: figures.BoardFigures) -> str:
    """Who holds children in a stage; of all who wait unassessed, who held them longest in the period."""
    if stage in stages.BY_KEY:
        return stages.BY_KEY[stage].holder
    held = {holder: _number(days) or 0.0 for holder, days in found.child_days.by_holder.items()}
    if stage == stages.UNASSESSED and any(held.values()):
        return max(held, key=lambda holder: (held[holder], holder))
    return "police"


def _cautions(found: figures.BoardFigures) -> tuple[str, ...]:
    said = []
    if not found.police.estimable:
        said.append("Police delay is not estimable: this feed sends only what was shared.")
    if found.known.lowered:
        said.append(f"Figures are as known at {times.moment(found.known.instant)}, the latest that is complete.")
    if found.known.uncounted:
        said.append(f"{words.count(found.known.uncounted, 'record')} changed moments ago and not counted yet.")
    return tuple(said)


def _interval(found: figures.Estimate) -> Interval:
    return Interval(
        value=_number(found.value),
        low=_number(found.low),
        high=_number(found.high),
        at_least=_number(found.at_least),
        n=_whole(found.n) or 0,
    )


def _told(value: object) -> Told:
    number = _number(value)
    if number is None:
        return Told(None, "" if value is None else "some" if value == NOT_SHOWN else str(value))
    return Told(number, f"{number:,.0f}")


def _length(minutes: object) -> Told:
    number = _number(minutes)
    if number is None:
        return Told(None, "" if minutes is None or minutes == NOT_SHOWN else str(minutes))
    return Told(number, times.length(timedelta(minutes=number)))


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _whole(value: object) -> int | None:
    number = _number(value)
    return None if number is None else int(number)
