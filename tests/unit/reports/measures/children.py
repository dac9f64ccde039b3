"""Children and incidents written as a person would say them, counted as the measures count them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

import msgspec

from schema.spine import History
from service.clocks import evaluate
from service.reports.measures.figures import BoardFigures, Known, Scope
from service.reports.measures.rules import records
from service.reports.measures.rules.board import board
from service.reports.measures.rules.frame import Frame, Span
from service.reports.measures.rules.pathways import Told, events_of, grade_number
from service.reports.measures.rules.records import Key, Keyed, joined
from service.reports.measures.rules.units import child_records, incident_records
from tests.fixtures.histories import PATHWAY, milestones, shipped, when

_IDS = UUID("00000000-0000-5000-8000-0000000000aa")


def told(
    *lines: str, child: str = "Ewan", incident: str = "1", area: str = "359", ethnicity: str | None = None
) -> Told:
    """One child's part in one incident."""
    identity = uuid5(_IDS, f"{child} {incident}")
    rows = tuple(
        msgspec.structs.replace(row, record=uuid5(_IDS, f"{incident} {row.kind} {row.at}"), detail=_coded(row.detail))
        for row in milestones(*lines)
    )
    facts = msgspec.structs.replace(PATHWAY, id=identity, area=area)
    history = History(pathway=facts, milestones=rows)
    derived = evaluate(history, shipped())
    of = uuid5(_IDS, f"incident {incident}")
    return Told(
        incident=of,
        child=uuid5(_IDS, f"child {child}"),
        force="gmp",
        district="Wigan",
        areas=((None, area),),
        who=records.who("F", ethnicity, None, records.AGES.index("5 to 10")),
        school_age=True,
        coverage="all_notices",
        history=history,
        events=tuple(events_of(history)),
        derived=derived,
        grade=grade_number(derived),
        token=records.token(of),
    )


def _coded(detail: dict[str, Any]) -> dict[str, Any]:
    """The cause of a postponement is a code: lines of histories take underscores for spaces."""
    return {name: str(said).replace(" ", "_") if name == "cause" else said for name, said in detail.items()}


def counted(pathways: Sequence[Told]) -> dict[Key, bytes]:
    """The bins of these children and incidents."""
    found: list[Keyed] = []
    for child in dict.fromkeys(each.child for each in pathways):
        found += child_records([each for each in pathways if each.child == child])
    for incident in dict.fromkeys(each.incident for each in pathways):
        found += incident_records([each for each in pathways if each.incident == incident])
    bins: dict[Key, list[bytes]] = {}
    for key, record in found:
        bins.setdefault(key, []).append(record)
    return {key: joined(held) for key, held in bins.items()}


def frame(pathways: Sequence[Told], now: str) -> Frame:
    """What a report is made from, as at a local time."""
    return Frame(counted(pathways), when(now))


def figures(pathways: Sequence[Told], now: str, first: str, last: str, *, behind: bool = False) -> BoardFigures:
    """Every figure of these children; ``behind``: as a board is to be told."""
    at: datetime = when(now)
    return board(
        frame(pathways, now),
        Scope(),
        Span.of(date.fromisoformat(first), date.fromisoformat(last)),
        shipped().calendar(None),
        Known(basis="known_now", instant=at, asked=at),
        live=None,
        workers=[],
        teams=[],
        behind=behind,
    )
