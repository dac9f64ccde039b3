"""What one child alone stands behind is not told, however often it was counted."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import msgspec
import pytest

from service.reports.disclosure import THRESHOLD, apply
from service.reports.disclosure.collecting import NOT_COUNTS, Collected
from service.reports.disclosure.hidden import is_hidden
from service.reports.measures.figures import BoardFigures, StageFigures
from service.reports.measures.rules.pathways import Told
from tests.unit.reports.disclosure.lives_of_many import families, one_of, report
from tests.unit.reports.disclosure.test_applying import numbers
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


def _decided(child: str, incident: int, hour: int) -> Told:
    return told(
        "police_attended 2026-11-02 10:00",
        "risk_graded=high 2026-11-02 10:05 by=officer",
        "notice_shared 2026-11-02 10:30",
        "notice_received 2026-11-02 11:00",
        f"contact_decided=advice 2026-11-{2 + hour // 24:02} {hour % 24:02}:00 by=triage",
        child=child,
        incident=f"{child} {incident}",
    )


def test_of_how_many_who_are_one_child_is_not_told_where_none_of_them_is_counted() -> None:
    """Six contacts of one child fell due, and none of them was decided within a day."""
    found = figures([_decided("Ewan", each, 50) for each in range(6)], "2026-11-12 10:00", "2026-11-01", "2026-11-30")
    in_a_day = found.front_door.decided_24_hours
    assert (in_a_day.count, in_a_day.of, in_a_day.behind, in_a_day.behind_parts) == (0, 6, 0, {"of": 1, "rest": 1})
    assert is_hidden(apply(found).front_door.decided_24_hours.of)


def test_that_six_who_are_one_child_are_the_rest_of_many_is_not_told() -> None:
    others = [_decided(f"Child {each}", 1, 12) for each in range(40)]
    late = [_decided("Ewan", each, 50) for each in range(6)]
    said = apply(figures([*others, *late], "2026-11-12 10:00", "2026-11-01", "2026-11-30")).front_door
    assert is_hidden(said.decided_24_hours.count) or is_hidden(said.decided_24_hours.of)


def test_how_many_some_are_of_is_told_though_they_are_few() -> None:
    others = [_decided(f"Child {each}", 1, 50) for each in range(40)]
    few = [_decided("Ewan", each, 12) for each in range(6)]
    said = apply(figures([*others, *few], "2026-11-12 10:00", "2026-11-01", "2026-11-30")).front_door
    assert (str(said.decided_24_hours.count), said.decided_24_hours.of) == ("6 or more", 46)


@pytest.mark.parametrize(("children", "incidents"), [("Ewan", "{0}"), ("Child {0}", "one")])
def test_six_of_one_child_or_of_one_incident_are_told_in_no_week_no_month_and_no_way_out(
    children: str, incidents: str
) -> None:
    six = [
        told(
            "police_attended 2026-11-03 10:00",
            "risk_graded=high 2026-11-03 10:05 by=officer",
            "notice_shared 2026-11-03 10:30",
            "notice_received 2026-11-03 11:00",
            "contact_decided=advice 2026-11-04 09:00 by=triage",
            child=children.format(number),
            incident=incidents.format(number),
        )
        for number in range(6)
    ]
    others = _notices("Kid {0}", "medium", range(30), attended=17)
    found = figures([*six, *others], "2026-12-01 10:00", "2026-10-01", "2026-12-31", behind=True)
    stood, said = found.behind_parts, apply(found)
    week = "queues/unassessed/weeks/2026-11-02"
    assert [stood[f"{week}/{name}"] for name in ("arrived", "left")] == [1, 1]
    assert stood["ledger/exits/advice"] == stood["front_door/outcomes/advice"] == 1
    assert stood["front_door/months/2026-11-01/high/decided"] == 1
    (queue,) = (each for each in said.queues if each.stage == "unassessed")
    (of_six,) = (each for each in queue.weeks if str(each.begins) == "2026-11-02")
    assert (str(of_six.arrived), str(of_six.left)) == ("6 or more", "6 or more")
    assert is_hidden(said.ledger.exits["advice"])
    assert is_hidden(said.front_door.outcomes["advice"])
    months = [each.decided for each in said.front_door.months if each.grade == "high" and each.decided]
    assert [str(each) for each in months] == ["6 or more"]
    assert said.behind_parts == {}


@pytest.mark.parametrize("same", ["child", "incident"])
def test_of_one_child_and_of_one_incident_a_board_is_told_no_number_at_all(same: str) -> None:
    found = report([one_of(3, 25, same)], behind=True)
    # Earlier weeks are told in the reports of their own quarters.
    weeks = [week for week in found.child_days.weeks if week.begins >= found.period.first - timedelta(days=6)]
    said = apply(msgspec.structs.replace(found, child_days=msgspec.structs.replace(found.child_days, weeks=weeks)))
    assert max(each.entered for each in found.stages) > 8
    left = [each for each in numbers(said) if isinstance(each[1], int | float) and each[1] > 1]
    assert [each for each in left if each[0] not in NOT_COUNTS] == []


def test_whom_few_stand_behind_is_said_of_numbers_of_the_report() -> None:
    found = report(families(4, 80), behind=True)
    told_of = {"/".join(path[1:]): cell.children for path, cell in Collected(found, THRESHOLD).cells.items()}
    assert len(found.behind_parts) > 100
    assert {where: few for where, few in found.behind_parts.items() if not few <= told_of[where]} == {}
    assert report(families(4, 2)).behind_parts == {}


def test_as_many_children_as_incidents_are_told() -> None:
    all_of_them = [
        notice for grade in ("high", "medium", "standard") for notice in _notices(f"{grade} {{0}}", grade, _MANY)
    ]
    found = apply(figures(all_of_them, "2026-11-12 10:00", "2026-11-01", "2026-11-30"))
    assert [_waiting(found, "contact_decision", grade).entered for grade in ("high", "medium", "standard")] == [12] * 3
