"""What is counted as known at an instant is what was counted when no more was known."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import msgspec
import pytest

from tests.fixtures.histories import PATHWAY, milestones
from tests.unit.reports.second_reading.making import Part, World
from tests.unit.reports.second_reading.worlds import counted, world


def then(told: World, instant: datetime) -> World:
    """The world as it stood on the books at an instant: each child in the area that had accepted it by then."""
    parts = []
    for part in told.parts:
        rows = [row for row in part.rows if row.recorded_at <= instant]
        later = [row for row in part.rows if row.recorded_at > instant and row.kind == "transfer_accepted"]
        moves = [row for row in later if row.supersedes is None]
        area = str(moves[0].detail["from_area"]) if moves else part.area
        if rows:
            parts.append(replace(part, rows=rows, area=area, facts=msgspec.structs.replace(part.facts, area=area)))
    return World(parts, instant, told.first, told.last)


def compare(seed: int) -> None:
    told, random = world(Random(seed)), Random(seed)
    recorded = sorted({row.recorded_at for part in told.parts for row in part.rows})
    for instant in random.sample(recorded, min(3, len(recorded))):
        as_known = counted(told, known=lambda row, instant=instant: row.recorded_at <= instant)
        assert as_known == counted(then(told, instant)), (seed, instant)


def test_a_report_of_an_earlier_instant_knows_of_a_move_whose_time_was_corrected_since() -> None:
    rows = list(milestones("police_attended 2026-09-28 10:00", "transfer_accepted 2026-10-05 10:00 from_area=359"))
    at = rows[1].at
    assert at is not None
    corrected = msgspec.structs.replace(
        rows[1], id=UUID(int=7), at=at + timedelta(days=1), supersedes=rows[1].id,
        recorded_at=rows[1].recorded_at + timedelta(days=9),
    )  # fmt: skip
    facts = msgspec.structs.replace(PATHWAY, area="350")
    child, incident = UUID(int=1), UUID(int=2)
    part = Part(facts.id, child, incident, "350", "Wigan", "all_notices", "F", None, None, facts, [*rows, corrected])
    told = World([part], corrected.recorded_at, at.date(), at.date())
    before = corrected.recorded_at - timedelta(days=1)
    as_known = counted(told, known=lambda row: row.recorded_at <= before)
    assert {key.area for key in as_known if key.kind == "unassessed"} == {"350", "359"}
    assert as_known == counted(then(told, before))


def test_what_is_counted_as_known_then_is_what_was_counted_then() -> None:
    for seed in range(8):
        compare(seed)


@pytest.mark.soak
def test_what_is_counted_as_known_then_is_what_was_counted_then_for_long() -> None:
    for seed in range(1_000, 3_000):
        compare(seed)
