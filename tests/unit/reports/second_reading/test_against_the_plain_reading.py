"""The reports against a second, plain reading of what they should say, over random small partnerships."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest

from service.reports.measures.figures import BoardFigures, Count, Known, Scope, StageFigures
from service.reports.measures.rules.board import board
from service.reports.measures.rules.frame import Frame, Span
from tests.fixtures.histories import PATHWAY, milestones, shipped
from tests.unit.reports.second_reading.making import Part, World
from tests.unit.reports.second_reading.plain import Reading
from tests.unit.reports.second_reading.worlds import counted, world

Said = dict[str, Any]


def figures(told: World, area: str | None) -> BoardFigures:
    """What the product says of a world, or of one area of it."""
    bins = {key: data for key, data in counted(told).items() if area in (None, key.area)}
    return board(
        Frame(bins, told.now),
        Scope(),
        Span.of(told.first, told.last),
        shipped().calendar(None),
        Known(basis="known_now", instant=told.now, asked=told.now),
        live=None,
        workers=[],
        teams=[],
    )


def so_many(found: Count) -> tuple[int, int]:
    return found.count, found.of


def by_key(found: list[Count]) -> dict[str, tuple[int, int]]:
    return {each.key: so_many(each) for each in found}


def ledger(found: BoardFigures) -> Said:
    told = found.ledger
    assert told.residual == 0
    return {
        "opening": told.opening,
        "new": told.new,
        "reopened": told.reopened,
        "moved_in": told.moved_in,
        "exits": dict(told.exits),
        "closing": told.closing,
        "days": [
            {
                "day": row.day,
                "opening": row.opening,
                "new": row.new,
                "reopened": row.reopened,
                "moved_in": row.moved_in,
                "exits": dict(row.exits),
                "closing": row.closing,
            }
            for row in told.days
        ],
    }


def police(found: BoardFigures) -> Said:
    told = found.police
    return {
        "not_shared": told.not_shared,
        "seen_at_scene": so_many(told.seen_at_scene),
        "school_in_time": so_many(told.school_in_time),
    }


def timeliness(found: BoardFigures) -> Said:
    def passed(stage: StageFigures | None) -> tuple[int, int, int] | None:
        return None if stage is None else (stage.entered, stage.left, stage.open.count)

    return {"incidents": passed(found.police.incidents), "late_found": passed(found.police.late_found)}


def front_door(found: BoardFigures) -> Said:
    told = found.front_door
    return {
        "outcomes": told.outcomes,
        "outcomes_by_grade": {grade: said for grade, said in told.outcomes_by_grade.items() if said},
        "months": {(each.begins, each.grade): [each.decided, each.referrals] for each in told.months if each.decided},
        "stepped_down": told.stepped_down,
        "re_referrals": so_many(told.re_referrals),
        "repeats": by_key(told.repeats),
        "returned": by_key(told.returned),
        "notices_again": by_key(told.notices_again),
        "after_three": told.after_three,
        "early_help": by_key(told.early_help),
        "linked_not_reviewed": told.linked_not_reviewed.count,
        "in_24_hours": so_many(told.decided_24_hours),
        "in_a_working_day": so_many(told.decided_working_day),
    }


def discussions(found: BoardFigures) -> Said:
    told = found.protection
    attended = by_key(told.attendance)
    return {
        "held": told.held,
        "children_discussed": told.children_discussed,
        "quorate": told.quorate.count,
        "in_hours": so_many(told.by_hours[0]),
        "out_of_hours": so_many(told.by_hours[1]),
        "attendance": {agency: attended[agency] for agency in ("police", "health")},
        "quorum": attended["quorum"],
        "school_attended": so_many(told.school_attended),
        "led_to_enquiry": so_many(told.led_to_enquiry),
        "postponed": {each.key: each.count for each in told.postponements},
        "postponed_by_agency": {each.key: each.count for each in told.postponed_by_agency},
        "review_postponed": sum(each.count for each in told.review_postponements),
    }


def conferences(found: BoardFigures) -> Said:
    return {"conference_days": found.protection.conference_days}


def capacity(found: BoardFigures) -> Said:
    told = found.capacity
    bands = {band: count for band, count in told.unallocated_bands.items() if count}
    return {"unallocated": told.unallocated.count, "bands": bands}


def fairness(found: BoardFigures) -> Said:
    groups = {
        (each.characteristic, each.group): [each.children, each.open]
        for each in found.fairness
        if each.characteristic in ("ethnicity", "sex") and (each.children or each.open)
    }
    return {"groups": groups}


def quality(found: BoardFigures) -> Said:
    told = found.quality
    return {
        "pathways": told.pathways,
        **{name: told.not_recorded[name] for name in ("ethnicity", "disability", "sex")},
        "recorded_after_a_day": so_many(told.recorded_after_a_day),
        "corrections": {each.agency: each.corrections for each in told.corrections},
    }


def notices(found: BoardFigures) -> Said:
    told = found.child_days
    return {name: getattr(told, name) for name in ("notified", "incidents", "children_per_incident")}


SUBJECTS: dict[str, Callable[[BoardFigures], Said]] = {
    each.__name__: each
    for each in (
        ledger, police, timeliness, front_door, discussions, conferences, capacity, fairness, quality, notices,
    )
}  # fmt: skip


def compare(seed: int) -> None:
    asked = world(Random(seed))
    if not asked.parts:
        return
    for area in (None, "359") if seed % 3 else (None, "359", "350"):
        found, reading = figures(asked, area), Reading(asked, area)
        for name, said in SUBJECTS.items():
            if name == "timeliness" and not found.police.estimable:
                continue
            expected = {key: value for key, value in getattr(reading, name)().items() if value is not None}
            told_of = {key: value for key, value in said(found).items() if key in expected}
            assert told_of == expected, (seed, area, name)


def test_a_move_whose_time_was_put_after_the_next_one_is_no_move_from_an_area_to_itself() -> None:
    lines = (
        "police_attended 2026-09-28 10:00", "transfer_accepted 2026-10-05 10:00 from_area=350",
        "transfer_accepted 2026-10-08 10:00 from_area=359",
    )  # fmt: skip
    rows = list(milestones(*lines))
    child, incident = UUID(int=1), UUID(int=2)
    part = Part(PATHWAY.id, child, incident, "359", "", "all_notices", "F", None, None, PATHWAY, rows)
    told = figures(World([part], rows[-1].recorded_at + timedelta(days=9), date(2026, 9, 1), date(2026, 10, 31)), None)
    assert (told.ledger.moved_in, told.ledger.exits) == (1, {"moved": 1})


def test_the_reports_say_what_a_plain_reading_of_what_happened_says() -> None:
    for seed in range(6):
        compare(seed)


@pytest.mark.soak
@pytest.mark.parametrize("block", range(20))
def test_the_reports_say_the_same_as_the_plain_reading_for_a_long_time(block: int) -> None:
    for seed in range(1_000 + block * 200, 1_200 + block * 200):
        compare(seed)
