"""Tables for those who work with the data: what pages do not show of a figure, so that files hold every measure."""

from typing import Any

from service.reports.board.rules import words
from service.reports.board.rules.declared import DECLARED
from service.reports.board.rules.delays import STAGE_COLUMNS, definition, stage_rows
from service.reports.board.rules.tables import Column, Table
from service.reports.board.rules.working import counts
from service.reports.measures.figures import BoardFigures
from service.reports.measures.ledgers import Restated


def tables(figures: BoardFigures) -> list[Table]:
    """All of them; a table without rows is left out."""
    made = [
        totals(figures),
        _groups(figures),
        *(each.table(figures) for each in DECLARED),
        _ledger_days(figures),
        counts("recorded_late", "Milestones recorded more than a day after", [figures.quality.recorded_after_a_day]),
        *([_since(figures.restated)] if figures.restated else []),
    ]
    return [table for table in made if table.rows]


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
        means=f"Open ones are never left out. {words.IN_EACH} {words.AS_THEY_ARE_NOW}",
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
