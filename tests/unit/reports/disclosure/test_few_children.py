"""What one child alone stands behind is not told, however often it was counted."""

from __future__ import annotations

from typing import Final

import pytest

from service.reports.disclosure import apply
from service.reports.disclosure.hidden import is_hidden
from service.reports.measures.figures import BoardFigures, StageFigures
from service.reports.measures.rules.pathways import Told
from tests.unit.reports.measures.children import figures, told

_MANY: Final = range(12)


def _notices(children: str, grade: str, incidents: range, attended: int = 2) -> list[Told]:
    return [
        told(
            f"police_attended 2026-11-{attended:02} 10:00",
            f"risk_graded={grade} 2026-11-{attended:02} 10:05 by=officer",
            f"notice_shared 2026-11-{attended + 1:02} 10:00",
            f"notice_received 2026-11-{attended + 1:02} 10:10",
            child=children.format(number),
            incident=f"{grade} {attended} {number}",
        )
        for number in incidents
    ]


def _waiting(found: BoardFigures, stage: str, group: str) -> StageFigures:
    return next(each for each in found.stages if (each.stage, each.by, each.group) == (stage, "grade", group))


@pytest.mark.parametrize("stage", ["contact_decision", "police_share"])
def test_a_child_with_six_incidents_alone_in_a_cell_is_not_told_to_a_board(stage: str) -> None:
    """Also not as six incidents of the police: they are of the same child."""
    others = [*_notices("Child {0}", "medium", _MANY), *_notices("Kid {0}", "standard", _MANY)]
    found = figures([*_notices("Ewan", "high", range(6)), *others], "2026-11-12 10:00", "2026-11-01", "2026-11-30")
    six = _waiting(found, stage, "high")
    assert (six.entered, six.behind) == (6, 1)
    assert (_waiting(found, stage, "medium").entered, _waiting(found, stage, "medium").behind) == (12, 12)
    said = apply(found)
    assert is_hidden(_waiting(said, stage, "high").entered)
    # Nor by what is left of the whole.
    assert any(is_hidden(_waiting(said, stage, group).entered) for group in ("medium", "standard"))


def test_that_six_are_late_who_are_one_child_is_not_told_among_many_who_are_not() -> None:
    new = [*_notices("Child {0}", "high", _MANY, attended=11), *_notices("Kid {0}", "medium", _MANY, attended=11)]
    found = figures([*_notices("Ewan", "high", range(6)), *new], "2026-11-12 10:30", "2026-11-01", "2026-11-30")
    here = _waiting(found, "contact_decision", "high")
    assert here.within is not None
    assert (here.open.count, here.open.past_limit, here.within.overdue) == (18, 6, 6)
    assert (here.open.behind, here.open.behind_parts) == (13, {"past_limit": 1})
    assert here.within.behind_parts == {"met": 0, "missed": 0, "overdue": 1}
    said = _waiting(apply(found), "contact_decision", "high")
    assert said.within is not None
    assert said.open.count == 18
    assert is_hidden(said.open.past_limit)
    assert is_hidden(said.within.overdue)
    assert (said.open.behind_parts, said.within.behind_parts) == ({}, {})


def test_as_many_children_as_incidents_are_told() -> None:
    all_of_them = [
        notice for grade in ("high", "medium", "standard") for notice in _notices(f"{grade} {{0}}", grade, _MANY)
    ]
    found = apply(figures(all_of_them, "2026-11-12 10:00", "2026-11-01", "2026-11-30"))
    assert [_waiting(found, "contact_decision", grade).entered for grade in ("high", "medium", "standard")] == [12] * 3
