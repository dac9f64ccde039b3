"""Tables for those who work with the data: what pages do not show of a figure, so that files hold every measure."""

from collections.abc import Iterable
from typing import Any, Final

from service.reports.board.rules import words
from service.reports.board.rules.delays import STAGE_COLUMNS, definition, stage_name, stage_rows
from service.reports.board.rules.tables import Column, Table
from service.reports.board.rules.working import counts
from service.reports.measures.figures import BoardFigures, Curve, StageFigures
from service.reports.measures.ledgers import Restated

_BY: Final = {
    "all": "everybody",
    "grade": "the officer's first grade",
    "area": "area",
    "district": "district",
    "force": "force",
    "hours": "hours",
}


def tables(figures: BoardFigures) -> list[Table]:
    """All of them; a table without rows is left out."""
    made = [
        totals(figures),
        _groups(figures),
        _within(figures),
        _resting(figures),
        _routes(figures),
        _cohorts(figures),
        _curves(figures),
        _weeks(figures),
        _ways_by_week(figures),
        _child_days_by_grade(figures),
        _quarters(figures),
        _spent(figures),
        _open_now(figures),
        _ledger_days(figures),
        counts("recorded_late", "Milestones recorded more than a day after", [figures.quality.recorded_after_a_day]),
        *([_since(figures.restated)] if figures.restated else []),
    ]
    return [table for table in made if table.rows]


def _divided(figures: BoardFigures) -> Iterable[StageFigures]:
    """Every stage by everything that it is divided by, with the children who were found late."""
    yield from figures.stages
    if figures.police.late_found is not None:
        yield figures.police.late_found


def _key(figures: BoardFigures, each: StageFigures) -> tuple[str, str, str]:
    return stage_name(figures, each.stage), _BY[each.by], words.group(each.group)


_KEYS: Final = (Column("Stage"), Column("Divided by"), Column("Group"))


def totals(figures: BoardFigures) -> Table:
    """Single numbers that pages say in sentences."""
    days, use, protection = figures.child_days, figures.time_use, figures.protection
    rows: list[tuple[str, Any]] = [
        ("Child-days at unassessed risk", days.total),
        ("Child-days: up to so many more where only the day is known", days.more),
        ("Child-days in the period before", days.before),
        *((f"Child-days with {words.holder(key).lower()}", value) for key, value in days.by_holder.items()),
        *((f"Child-days, {words.group(key).lower()} grade", value) for key, value in days.by_grade.items()),
        ("Children waiting now", days.waiting),
        *((f"Children waiting now with {words.holder(key).lower()}", n) for key, n in days.waiting_by_holder.items()),
        ("Children notified", days.notified),
        ("Child-days for each 100 children notified", days.per_100_notified),
        ("Incidents with children", days.incidents),
        ("Children for each incident", days.children_per_incident),
        ("Time before a first decision, child-days", use.total),
        ("Time before a first decision in the period before, child-days", use.before),
        ("Pathways that came back to a holder", figures.bouncing.pathways),
        ("Pathways of which that could be", figures.bouncing.of),
        ("Stepped down", figures.front_door.stepped_down),
        ("Strategy discussions held", protection.held),
        ("Children that they were about", protection.children_discussed),
    ]
    return Table(
        key="totals",
        title="Single numbers of the report",
        columns=(Column("What"), Column("Number", "number")),
        rows=tuple(rows),
        means=definition(figures, "child_days"),
    )


def _groups(figures: BoardFigures) -> Table:
    """Every stage by area, district, force and hours, and children found late; by grade it stands on the page."""
    chosen = [each for each in figures.stages if each.by not in ("all", "grade")]
    if figures.police.late_found is not None:
        chosen.append(figures.police.late_found)
    return Table(
        key="stages_by_group",
        title="How long each stage takes by area, district, force and hours, and for children found late",
        columns=STAGE_COLUMNS,
        rows=stage_rows(figures, chosen),
        means=f"Open ones are never left out. {words.AS_THEY_ARE_NOW}",
    )


def _within(figures: BoardFigures) -> Table:
    """The share within standard with everything that it is made of."""
    return Table(
        key="within_standard",
        title="Within standard: met, missed and overdue",
        columns=(
            *_KEYS,
            Column("Standard"),
            Column("Met", "count"),
            Column("Missed", "count"),
            Column("Overdue", "count", "open and late"),
            Column("Cannot be computed", "count", "a needed time is missing; in no share"),
            Column("Share", "likely"),
        ),
        rows=tuple(
            (
                *_key(figures, each),
                words.group(each.within.standard),
                each.within.met,
                each.within.missed,
                each.within.overdue,
                each.within.cannot_compute,
                each.within.share,
            )
            for each in _divided(figures)
            if each.within is not None
        ),
        means=definition(figures, "within"),
    )


def _resting(figures: BoardFigures) -> Table:
    """How complete the times are that each figure rests on."""
    return Table(
        key="completeness",
        title="What each stage's figures rest on",
        columns=(
            *_KEYS,
            Column("Waits", "count"),
            Column("Known to the day alone", "count", "or estimated"),
            Column("Without a needed time", "count"),
            Column("Open, known to the day alone", "count"),
            Column("Open, without a limit", "count", "no standard says when they are late"),
            Column("Median at the earliest", "minutes", "times known to the day alone at their earliest"),
            Column("Median at the latest", "minutes", "times known to the day alone at their latest"),
            Column("Horizon", "minutes", "how far routes and cohorts are followed"),
        ),
        rows=tuple(
            (
                *_key(figures, each),
                each.completeness.all,
                each.completeness.approximate,
                each.completeness.cannot_compute,
                each.open.approximate,
                each.open.without_limit,
                *(each.bounds or (None, None)),
                each.horizon,
            )
            for each in _divided(figures)
        ),
        means=definition(figures, "quality"),
    )


def _routes(figures: BoardFigures) -> Table:
    """Each way out of each stage."""
    return Table(
        key="routes",
        title="Ways out of each stage",
        columns=(
            *_KEYS,
            Column("Way out"),
            Column("In the period", "count"),
            Column("Median", "minutes", "of those who left this way"),
            Column("Share that leaves this way", "likely", "within the stage's horizon, of those who entered"),
        ),
        rows=tuple(
            (*_key(figures, each), words.group(way.cause), way.count, way.median, way.incidence)
            for each in _divided(figures)
            for way in each.exits
        ),
    )


def _cohorts(figures: BoardFigures) -> Table:
    """Who entered when, followed to one horizon."""
    return Table(
        key="cohorts",
        title="By when they entered each stage",
        columns=(
            *_KEYS,
            Column("Entered from", "day"),
            Column("Maturing", means="not all could have left by the horizon"),
            Column("Entered", "count"),
            Column("Had left by the horizon", "likely"),
        ),
        rows=tuple(
            (*_key(figures, each), of.begins, _yes(of.maturing), of.entered, of.left_by_horizon)
            for each in _divided(figures)
            for of in each.cohorts
        ),
        means=definition(figures, "cohort"),
    )


def _curves(figures: BoardFigures) -> Table:
    """The share still in a stage after so many minutes."""
    return Table(
        key="curves",
        title="Share still in each stage, by how long after entering",
        columns=(
            *_KEYS,
            Column("Point"),
            Column("Minutes after entering", "count"),
            Column("Still in it", "share"),
            Column("Lowest likely", "share"),
            Column("Highest likely", "share"),
        ),
        rows=tuple(
            (*_key(figures, each), *point)
            for each in _divided(figures)
            if each.curve is not None
            for point in _points(each.curve)
        ),
    )


def _points(curve: Curve) -> Iterable[tuple[Any, ...]]:
    for number, point in enumerate(zip(curve.minutes, curve.left, curve.low, curve.high, strict=True), start=1):
        yield (str(number), *point)


def _weeks(figures: BoardFigures) -> Table:
    """Each stage as a queue, week by week."""
    return Table(
        key="weeks",
        title="Each stage week by week",
        columns=(
            Column("Stage"),
            Column("Week beginning", "day"),
            Column("Remarks"),
            Column("Entered", "count"),
            Column("Left", "count"),
            Column("In it at the end", "count"),
            Column("Fell due", "count"),
            Column("Met in time", "count"),
        ),
        rows=tuple(
            (
                stage_name(figures, queue.stage),
                week.begins,
                ", ".join(_remarks(complete=week.complete, settled=week.settled, holiday=week.bank_holiday)),
                week.arrived,
                week.left,
                week.stock,
                week.due,
                week.met,
            )
            for queue in figures.queues
            for week in queue.weeks
        ),
    )


def _remarks(*, complete: bool, settled: bool, holiday: bool) -> Iterable[str]:
    if not complete:
        yield "so far"
    elif not settled:
        yield "limit not passed for all"
    if holiday:
        yield "bank holiday"


def _ways_by_week(figures: BoardFigures) -> Table:
    """By which way a stage was left, week by week."""
    return Table(
        key="ways_by_week",
        title="Ways out of each stage, week by week",
        columns=(Column("Stage"), Column("Week beginning", "day"), Column("Way out"), Column("Left", "count")),
        rows=tuple(
            (stage_name(figures, queue.stage), week.begins, words.group(cause), count)
            for queue in figures.queues
            for week in queue.weeks
            for cause, count in week.exits.items()
        ),
    )


def _child_days_by_grade(figures: BoardFigures) -> Table:
    """Child-days of each week by grade."""
    return Table(
        key="child_days_by_grade",
        title="Child-days at unassessed risk, by week and grade",
        columns=(Column("Week beginning", "day"), Column("Grade"), Column("Child-days", "number")),
        rows=tuple(
            (week.begins, words.group(grade), value)
            for week in figures.child_days.weeks
            for grade, value in week.by_grade.items()
        ),
        means=definition(figures, "child_days"),
    )


def _quarters(figures: BoardFigures) -> Table:
    """Child-days of each quarter."""
    return Table(
        key="quarters",
        title="Child-days at unassessed risk, by quarter",
        columns=(
            Column("Quarter beginning", "day"),
            Column("Remarks"),
            Column("Child-days", "number"),
            Column("Up to so many more", "number", "where only the day of a beginning or an end is known"),
        ),
        rows=tuple(
            (each.begins, "" if each.complete else "so far", each.certain, each.more)
            for each in figures.child_days.quarters
        ),
        means=definition(figures, "child_days"),
    )


def _spent(figures: BoardFigures) -> Table:
    """What the time of holders rests on."""
    use = figures.time_use
    return Table(
        key="time_use_rests_on",
        title="Where the time goes: what it rests on",
        columns=(
            Column("Of"),
            Column("Holder"),
            Column("Stage"),
            Column("Pathways", "count"),
            Column("Child-days known to the day alone", "number"),
        ),
        rows=tuple(
            (of, words.holder(each.holder), words.group(each.stage), each.pathways, each.approximate)
            for of, rows in (("Before a first decision", use.unassessed), ("Until the end", use.whole))
            for each in rows
        ),
        means=definition(figures, "time_use"),
    )


def _open_now(figures: BoardFigures) -> Table:
    """Ages of those who wait for a worker, named or reviewing."""
    waiting = (
        ("Accepted, without a named worker", figures.capacity.unallocated),
        ("Linked to an open case, not yet reviewed", figures.front_door.linked_not_reviewed),
    )
    return Table(
        key="waiting_for_a_worker",
        title="Children who wait for a worker now",
        columns=(
            Column("Who"),
            Column("Children", "count"),
            Column("Median age", "minutes"),
            Column("90th centile of age", "minutes"),
            Column("Oldest", "minutes"),
            Column("Past limit", "count"),
            Column("Without a limit", "count"),
            Column("Known to the day alone", "count"),
        ),
        rows=tuple(
            (who, of.count, of.median, of.ninetieth, of.oldest, of.past_limit, of.without_limit, of.approximate)
            for who, of in waiting
        ),
        means=definition(figures, "open"),
    )


def _ledger_days(figures: BoardFigures) -> Table:
    """The ledger of each day."""
    days = figures.ledger.days
    ways = list(dict.fromkeys(way for day in days for way in day.exits))
    return Table(
        key="ledger_days",
        title="The ledger of unassessed risk day by day, in pathways",
        columns=(
            Column("Day", "day"),
            Column("Opening", "count"),
            Column("New", "count"),
            Column("Reopened", "count"),
            Column("Moved in", "count"),
            *(Column(f"Less: {words.group(way).lower()}", "count") for way in ways),
            Column("Closing", "count"),
            Column("Residual", "count"),
        ),
        rows=tuple(
            (
                day.day,
                day.opening,
                day.new,
                day.reopened,
                day.moved_in,
                *(day.exits.get(way, 0) for way in ways),
                day.closing,
                day.residual,
            )
            for day in days
        ),
        means=definition(figures, "ledger"),
    )


def _since(found: Restated) -> Table:
    """What was recorded since a report was made."""
    return Table(
        key="restated_by",
        title="What moved the figures since they were reported",
        columns=(Column("What"), Column("So many", "count")),
        rows=(
            ("Corrections", found.corrections),
            ("Retractions", found.retractions),
            ("Records of earlier events", found.recorded_late),
            ("Pathways that they are about", found.pathways),
        ),
    )


def _yes(value: bool) -> str:
    return "yes" if value else "no"
