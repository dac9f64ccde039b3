"""The first screen: what is said of a change whose parts go both ways, of one wait in two places, and of nobody."""

from typing import Any

import msgspec
import pytest

from service.reports.board.rules import answers, words
from service.reports.commentary.findings import Commentary
from service.reports.disclosure.hidden import NOT_SHOWN
from service.reports.measures.child_time import Spent
from service.reports.measures.figures import BoardFigures, Estimate
from tests.unit.reports.board.test_delays import autumn
from tests.unit.reports.measures.children import figures


def spent(stage: str, holder: str, total: float, before: float) -> Spent:
    return Spent(
        holder=holder,
        stage=stage,
        total=total,
        working=total,
        out_of_hours=0.0,
        waiting_on_partner=0.0,
        approximate=0.0,
        pathways=20,
        before=before,
        change=total - before,
        share_of_change=None,
        behind=20,
    )


def said(total: float, before: float, *rows: Spent) -> str:
    found = autumn()
    days = msgspec.structs.replace(found.child_days, total=total, before=before)
    use = msgspec.structs.replace(found.time_use, unassessed=list(rows), total=total, before=before)
    return answers.where(msgspec.structs.replace(found, child_days=days, time_use=use)).more


TRIAGE = spent("triage", "police", 2_000.0, 3_545.0)


@pytest.mark.parametrize(
    ("total", "rest", "expected"),
    [
        (
            3_358.0,
            [spent("out_of_hours", "childrens_social_care", 1_250.0, 500.0)],
            "in that stage it fell by 1,545, while out of hours, with children's social care, rose by 750.",
        ),
        (3_358.0, [], "in that stage it fell by 1,545, while elsewhere it rose by 968."),
        (
            2_390.0,
            [spent("out_of_hours", "childrens_social_care", 390.0, 390.0)],
            "all of the change is in that stage.",
        ),
        (1_935.0, [spent("in_transit", "police", 10.0, 0.0)], "77% of the change is in that stage."),
    ],
)
def test_what_rose_is_said_beside_what_fell(total: float, rest: list[Spent], expected: str) -> None:
    assert said(total, 3_935.0, TRIAGE, *rest).endswith(expected)


def test_a_stages_part_is_of_the_time_that_stages_add_up_to() -> None:
    """A child that waits in two incidents at once counts once in child-days, and in both with whoever has them."""
    found = autumn()
    days = msgspec.structs.replace(found.child_days, total=2_000.0, before=2_100.0)
    use = msgspec.structs.replace(
        found.time_use, unassessed=[TRIAGE, spent("recording", "police", 500.0, 500.0)], total=2_500.0, before=4_045.0
    )
    where = answers.where(msgspec.structs.replace(found, child_days=days, time_use=use))
    assert where.says == "Triage, with the police: 80% of the time waited."
    assert "2,000 child-days, down from 2,100 in the period before; all of the change is in that stage." in where.more


def test_how_long_half_wait_says_at_which_rates() -> None:
    # As the commentary beside it does (tests/unit/reports/commentary).
    assert answers.sure(autumn()).says.startswith(
        "At this period's rates half wait less than 8 hours (8 or more), from"
    )


def test_of_nobody_it_is_simply_said() -> None:
    nobody: BoardFigures = figures([], "2026-11-10 12:00", "2026-11-01", "2026-11-10")
    steady = answers.changed(nobody, Commentary(summary=""), "steady", (), trial=False)
    told = [answers.where(nobody), steady, answers.sure(nobody)]
    assert [each.says for each in told] == [
        "Nobody waited in this period.",
        "Nobody waited in this period or in the one before: there is nothing to compare.",
        "Nobody waited in this period: there is nothing to estimate.",
    ]
    assert words.half_leave(Estimate(value=None), 0) == "Nobody entered in the period."


def test_a_half_that_cannot_be_told_yet_is_said_in_a_whole_sentence() -> None:
    late = Estimate(value=None, at_least=9_000.0)
    assert words.half_leave(late, 4) == "After how long half leave is not yet estimable (at least 6.2 days)."
    hidden: Any = NOT_SHOWN
    assert words.half_leave(Estimate(value=hidden), hidden) == "After how long half leave is not shown."
    assert words.half_leave(Estimate(value=120.0), 4) == "Half leave after 2 hours."
