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


def _notices(children: str, grade: str, incidents: range) -> list[Told]:
    return [
        told(
            "police_attended 2026-11-02 10:00",
            f"risk_graded={grade} 2026-11-02 10:05 by=officer",
            "notice_shared 2026-11-03 10:00",
            "notice_received 2026-11-03 10:10",
            child=children.format(number),
            incident=f"{grade} {number}",
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


def test_as_many_children_as_incidents_are_told() -> None:
    all_of_them = [
        notice for grade in ("high", "medium", "standard") for notice in _notices(f"{grade} {{0}}", grade, _MANY)
    ]
    found = apply(figures(all_of_them, "2026-11-12 10:00", "2026-11-01", "2026-11-30"))
    assert [_waiting(found, "contact_decision", grade).entered for grade in ("high", "medium", "standard")] == [12] * 3
