"""The board's page and packs: figures as their reader may see them, with commentary."""

from datetime import date
from typing import Any, Final

import msgspec

from service.clocks.local_time import local_day
from service.database import Tx
from service.reports.board import marking
from service.reports.board.asking import Asked
from service.reports.board.rules import delays, pictures, trusting, words, working
from service.reports.board.rules.tables import Column, Table
from service.reports.commentary import mapping, rules
from service.reports.commentary.findings import Commentary
from service.reports.measures import service as measures
from service.reports.measures.figures import BoardFigures
from service.reports.measures.gathering import AREA_ROLES
from service.reports.plans import rules as plan_rules
from service.reports.plans import store as plans
from service.reports.plans.figures import read
from service.reports.plans.rules import Promise
from service.reports.plans.store import Comment
from service.reports.statistics.variation import Variation
from service.reports.statistics.xmr import Chart

_MOVED: Final = {
    "better": "Moved the right way",
    "worse": "Moved the wrong way",
    "same": "Has not moved",
    "not known": "Cannot be said here",
}


class Promised(msgspec.Struct, frozen=True, kw_only=True):
    """A promise with its figure then and now, as this reader may be told."""

    promise: Promise
    title: str
    then: str
    now: str
    moved: str
    overdue: bool


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """Everything on the board, as its reader may see it. ``guarded``: small numbers are hidden."""

    asked: Asked
    figures: BoardFigures
    commentary: Commentary
    chart: Chart
    variation: Variation
    guarded: bool
    promises: list[Promised]
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
    guarded = not measures.shows_small_numbers(tx.actor)
    today = local_day(tx.now)
    kept = plan_rules.order(await plans.promises(tx.connection, areas or None), today)
    return Board(
        asked=asked,
        figures=figures,
        commentary=rules.comment(mapping.report(figures)),
        chart=chart,
        variation=pictures.child_day_variation(chart),
        guarded=guarded,
        promises=[_promised(each, figures, today, guarded=guarded) for each in kept],
        comments=await plans.comments(tx.connection, areas or own, figures.period.first, figures.period.last),
    )


def _promised(promise: Promise, figures: BoardFigures, today: date, *, guarded: bool) -> Promised:
    """A promise beside its figure as the board shows it; of several areas together it is not that area's figure."""
    found = read(figures, promise.figure, promise.figure_group)
    own = found is not None and figures.scope.areas == (promise.area,)
    value = found.exact if found is not None and own else None
    return Promised(
        promise=promise,
        title=found.title if found is not None else promise.figure,
        then=promise.told_then if guarded else promise.said_then,
        now=found.said if found is not None and own else "not shown here",
        moved=_MOVED[plan_rules.moved(promise.value_then, value, fewer=found.fewer if found is not None else True)],
        overdue=promise.overdue(today),
    )


def tables(found: Board) -> list[Table]:
    """Every table of a pack, in the order of the page."""
    figures = found.figures
    made: list[Table] = [delays.child_days(figures), delays.stages(figures), delays.time_use(figures)]
    made.append(_promises(found))
    made += working.protection(figures)
    made += working.capacity(figures)
    made += working.police(figures)
    made += working.front_door(figures)
    made.append(trusting.fairness(figures))
    made += trusting.quality(figures)
    made.append(trusting.ledger(figures))
    if figures.restated is not None:
        made.append(trusting.restated(figures.restated))
    made.append(trusting.definitions(figures))
    return [table for table in made if table.rows]


def _promises(found: Board) -> Table:
    """What was promised, overdue ones first."""
    return Table(
        key="promises",
        title="What was promised, by agency",
        columns=(
            Column("Agency"),
            Column("Promised"),
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
                words.holder(each.promise.agency),
                each.promise.what,
                each.promise.owner_name,
                each.promise.due_on,
                each.title,
                each.then,
                each.now,
                "Overdue" if each.overdue else words.group(each.promise.status),
                each.moved,
            )
            for each in found.promises
        ),
        means="A promise names a figure, a person and a day; progress is read from the figure itself.",
    )


def stage_tables(found: Board, stage: str) -> list[Table]:
    """The tables of one stage's page."""
    whole: list[Any] = pictures.of_stage(found.figures, stage)
    made = [delays.stage_groups(found.figures, stage)]
    for each in whole:
        made += [delays.exits(found.figures, each), delays.cohorts(found.figures, each)]
    return [table for table in made if table.rows]
