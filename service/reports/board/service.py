"""The board's page and packs: figures as their reader may see them, with commentary."""

from typing import Any

import msgspec

from service.database import Tx
from service.reports.board.asking import Asked
from service.reports.board.rules import delays, pictures, trusting, working
from service.reports.board.rules.tables import Table
from service.reports.commentary import mapping, rules
from service.reports.commentary.findings import Commentary
from service.reports.measures import service as measures
from service.reports.measures.figures import BoardFigures
from service.reports.statistics.variation import Variation
from service.reports.statistics.xmr import Chart


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """Everything on the board, as its reader may see it. ``guarded``: small numbers are hidden."""

    asked: Asked
    figures: BoardFigures
    commentary: Commentary
    chart: Chart
    variation: Variation
    guarded: bool


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
    chart = pictures.child_day_chart(figures)
    return Board(
        asked=asked,
        figures=figures,
        commentary=rules.comment(mapping.report(figures)),
        chart=chart,
        variation=pictures.child_day_variation(chart),
        guarded=not measures.shows_small_numbers(tx.actor),
    )


def tables(found: Board) -> list[Table]:
    """Every table of a pack, in the order of the page."""
    figures = found.figures
    made: list[Table] = [delays.child_days(figures), delays.stages(figures), delays.time_use(figures)]
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


def stage_tables(found: Board, stage: str) -> list[Table]:
    """The tables of one stage's page."""
    whole: list[Any] = pictures.of_stage(found.figures, stage)
    made = [delays.stage_groups(found.figures, stage)]
    for each in whole:
        made += [delays.exits(found.figures, each), delays.cohorts(found.figures, each)]
    return [table for table in made if table.rows]
