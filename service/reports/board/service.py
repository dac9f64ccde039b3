"""The board's page and packs: figures as their reader may see them, with commentary."""

from typing import Any, Final

import msgspec

from service.clocks.local_time import end_of, midnight
from service.database import Tx
from service.pathways.rulebook import current
from service.reports.board import marking, store
from service.reports.board.asking import Asked
from service.reports.board.rules import (
    answers,
    changing,
    delays,
    details,
    door,
    limits,
    pictures,
    trusting,
    words,
    working,
)
from service.reports.board.rules.answers import Answer
from service.reports.board.rules.limits import Limit
from service.reports.board.rules.tables import Column, Table
from service.reports.commentary import mapping, rules
from service.reports.commentary.findings import Commentary
from service.reports.measures import service as measures
from service.reports.measures.figures import BoardFigures
from service.reports.measures.gathering import AREA_ROLES
from service.reports.plans import service as plans
from service.reports.plans import store as plan_store
from service.reports.plans import wording
from service.reports.plans.reading import Reports
from service.reports.plans.service import Progress
from service.reports.plans.store import Comment
from service.reports.statistics.variation import Variation
from service.reports.statistics.xmr import Chart, Rule
from service.web.words import count

#: Stages whose pages say how fast something was decided: who came again stands beside it.
_SPEEDS: Final = frozenset({"unassessed", "police_share", "contact_decision", "whole"})


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """Everything on the board, as its reader may see it. ``guarded``: small numbers are hidden."""

    asked: Asked
    figures: BoardFigures
    commentary: Commentary
    chart: Chart
    variation: Variation
    rules: tuple[Rule, ...]
    guarded: bool
    promises: list[Progress]
    comments: list[Comment]


async def board(tx: Tx, asked: Asked, *, action: str = "board_viewed") -> Board:
    """The board. Leaves one row in the audit.

    Args:
        tx: a snapshot, as somebody who reads figures.
        asked: for which area, period and instant.
        action: what the audit calls it.

    Raises:
        Forbidden, Refused: as `measures.service.board`.
    """
    figures = await measures.board(tx, asked.scope, asked.period, asked.as_of, action=action)
    own = list(tx.actor.areas(*AREA_ROLES))
    areas = list(figures.scope.areas)
    marked = await marking.changes(tx, areas or own)
    chart = pictures.child_day_chart(figures, marking.drawn(marked, areas or own))
    varies, rules_of = pictures.child_day_variation(chart)
    guarded = not measures.shows_small_numbers(tx.actor)
    reports = Reports(tx)
    if len(areas) == 1 and asked.as_of is None and asked.period == reports.quarter:
        reports = Reports(tx, {areas[0]: figures})
    return Board(
        asked=asked,
        figures=figures,
        commentary=rules.comment(mapping.report(figures)),
        chart=chart,
        variation=varies,
        rules=rules_of,
        guarded=guarded,
        promises=await plans.progress(tx, reports, areas or None),
        comments=await plan_store.comments(tx.connection, areas or own, figures.period.first, figures.period.last),
    )


def tables(found: Board) -> list[Table]:
    """Every table of a pack: what was promised opens it, then in the order of the page."""
    figures = found.figures
    made: list[Table] = [_promises(found)]
    made += [delays.child_days(figures), delays.stages(figures), *delays.time_use(figures)]
    made += [changing.table(figures, found.chart.changes), delays.bouncing(figures)]
    made += working.protection(figures)
    made += working.capacity(figures)
    made += working.police(figures)
    made += door.front_door(figures)
    made.append(trusting.fairness(figures))
    made += trusting.quality(figures)
    made.append(trusting.ledger(figures))
    if figures.restated is not None:
        made += [trusting.restated(figures.restated), trusting.restated_by_agency(figures.restated)]
    made.append(trusting.definitions(figures))
    return [table for table in made if table.rows]


def data(found: Board) -> list[Table]:
    """Every table of a pack, and those of everything else that is measured: what files for working with hold."""
    return [*tables(found), *details.tables(found.figures)]


def _promises(found: Board) -> Table:
    """What was promised, overdue ones first."""
    return Table(
        key="promises",
        title="What was promised" if found.asked.as_of is None else "What was promised, as it stands now",
        columns=(
            Column("Promised"),
            Column("Agency"),
            Column("By whom"),
            Column("By when", "day"),
            Column("Figure it was to move"),
            Column("Then"),
            Column("Now"),
            Column("State"),
            Column("The figure"),
        ),
        rows=tuple(
            (
                each.promise.what,
                words.holder(each.promise.agency),
                each.promise.owner_name,
                each.promise.due_on,
                each.title,
                *wording.compared(each),
                "Overdue" if each.overdue else words.group(each.promise.status),
                wording.MOVED[each.moved],
            )
            for each in found.promises
        ),
        means=f"A promise names a figure, a person and a day. {wording.HOW_READ}",
    )


def stage_tables(found: Board, stage: str) -> list[Table]:
    """The tables of one stage's page."""
    whole: list[Any] = pictures.of_stage(found.figures, stage)
    made = [delays.stage_groups(found.figures, stage)]
    for each in whole:
        made += [delays.exits(found.figures, each), delays.cohorts(found.figures, each)]
    if stage in _SPEEDS:
        made.append(door.repeats(found.figures))
    return [table for table in made if table.rows]


async def limits_of(tx: Tx, found: Board, stage: str) -> list[Limit]:
    """The limits of a stage in the period, as the standards known at the report's instant say them."""
    figures = found.figures
    within = next((each.within for each in pictures.of_stage(figures, stage)), None)
    if within is None:
        return []
    areas = figures.scope.areas or tx.actor.areas(*AREA_ROLES)
    places = await store.forces(tx.connection, areas)
    rulebook = await current(tx)
    if figures.known.basis == "as_reported":
        rulebook = rulebook.as_known_at(figures.known.instant)
    since, until = midnight(figures.period.first), min(end_of(figures.period.last), figures.instant)
    return limits.limits(rulebook, within.standard, places, since, until)


def first_answers(found: Board) -> list[Answer]:
    """Where the delay is, whether it is changing, how sure that is, and what was promised: the first screen."""
    limits = found.chart.limits
    return [
        answers.where(found.figures),
        answers.changed(
            found.figures, found.commentary, found.variation, found.rules, trial=bool(limits and limits.trial)
        ),
        answers.sure(found.figures),
        _last_promised(found.promises),
    ]


def _last_promised(promises: list[Progress]) -> Answer:
    """The promise that is longest overdue, else the next one due; how many there are besides."""
    question = "What was promised last time?"
    going = [each for each in promises if each.promise.status == "open"]
    done = sum(each.promise.status == "done" for each in promises)
    if not promises:
        return Answer(question=question, says="Nothing has been promised yet.")
    if not going:
        return Answer(question=question, says=f"Nothing is open; {done:,} done.")
    first = going[0]
    one = first.promise
    when = f"{count(first.days_late, 'day')} overdue" if first.overdue else f"by {words.day(one.due_on)}"
    late = sum(each.overdue for each in going)
    then, now = wording.compared(first)
    return Answer(
        question=question,
        says=f"{one.what.rstrip('.')}: {one.owner_name}, {words.holder(one.agency)}, {when}.",
        more=f"{first.title}: {then} then, {now} now. {wording.MOVED[first.moved]}. "
        f"{count(len(going), 'promise is', 'promises are')} open, {late:,} overdue; {done:,} done.",
    )
