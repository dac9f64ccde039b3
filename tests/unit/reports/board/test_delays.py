"""Where children wait and how long, as tables: what opens them, what is young, what changed, and what is context."""

import msgspec

from service.reports.board.rules import delays, working
from service.reports.board.rules.pictures import stage_chain
from service.reports.board.rules.tables import told as in_words
from service.reports.disclosure.hidden import NOT_SHOWN
from service.reports.measures.figures import BoardFigures
from service.reports.measures.rules.pathways import Told
from tests.unit.reports.disclosure.reports import report
from tests.unit.reports.disclosure.test_applying import kids
from tests.unit.reports.measures.children import figures, told


def decided(day: str, hours: int, child: str, grade: str = "medium") -> Told:
    """A child whose notice came at ten and whose contact was decided so many hours later the same day."""
    return told(
        f"police_attended {day} 08:00",
        f"risk_graded={grade} {day} 08:05 by=officer",
        f"notice_submitted {day} 09:00",
        f"notice_shared {day} 10:00",
        f"notice_received {day} 10:00",
        f"contact_decided=advice {day} {10 + hours}:00",
        child=child,
        incident=f"{child} {day}",
    )


def autumn() -> BoardFigures:
    """Two children in October, three in November of whom one still waits."""
    november = [decided("2026-11-02", 6, "c"), decided("2026-11-09", 6, "d")]
    waits = told("police_attended 2026-11-09 08:00", "notice_shared 2026-11-09 10:00", child="e", incident="e")
    early = [decided("2026-10-05", 2, "a"), decided("2026-10-12", 2, "b")]
    return figures([*early, *november, waits], "2026-11-12 08:00", "2026-11-01", "2026-11-30")


def test_who_is_in_it_now_comes_before_how_long_it_took() -> None:
    names = [column.name for column in delays.stages(autumn()).columns]
    now = ["In it now", "Median age", "90th centile of age", "Oldest", "Past limit"]
    assert names[2:7] == now
    assert names.index("Half have left after") > 6


def test_a_cohort_that_could_not_yet_reach_the_horizon_is_said_to_be_maturing() -> None:
    november = [decided("2026-11-02", 6, "c"), decided("2026-11-09", 6, "d")]
    found = figures([decided("2026-10-05", 2, "a"), *november], "2026-11-30 08:00", "2026-10-01", "2026-11-30")
    stage = next(each for each in found.stages if each.stage == "contact_decision" and each.by == "all")
    assert [(each.begins.month, each.entered, each.maturing) for each in stage.cohorts] == [
        (10, 1, False), (11, 2, True),
    ]  # fmt: skip
    assert [row[-1] for row in in_words(delays.cohorts(found, stage))] == ["", "maturing: not all could have left"]


def test_the_change_since_the_period_before_is_divided_among_stages_and_holders() -> None:
    found = autumn().time_use
    assert found.before > 0
    assert abs(sum(each.change for each in found.unassessed) - (found.total - found.before)) < 0.001
    assert abs(sum(each.share_of_change or 0 for each in found.unassessed) - 1) < 0.001
    for each in found.unassessed:
        assert abs(each.working + each.out_of_hours + each.waiting_on_partner - each.total) < 0.001


def test_england_and_the_north_west_stand_beside_with_their_year_and_no_verdict() -> None:
    tables = {table.key: table for table in working.protection(report(kids(0, 60)))}
    baselines = tables["baselines"]
    assert [column.name for column in baselines.columns][2:] == ["England", "North West", "Year to March"]
    # Children in need, year to March 2025.
    assert {("81%", "77%", "2025"), ("31%", "33%", "2025")} <= {tuple(row[2:]) for row in in_words(baselines)}
    assert "neither better nor worse" in baselines.means
    assert not any(word in str(row).lower() for row in in_words(baselines) for word in ("better", "worse", "signal"))
    days = tables["deadlines"]
    assert ("14", 0, 3, 0) in days.rows
    assert "pile at the limit" in days.title
    # Held and quorate stand in one table, the one out of the other.
    held = next(table for table in working.protection(autumn()) if table.key == "strategy")
    assert held.rows[0][0] == "Discussions held that were quorate"
    assert "discussions were held" in held.lead


def test_many_shared_in_one_hour_are_a_batch_and_three_notices_show_the_highest_decision() -> None:
    many = [
        told(
            "police_attended 2026-11-02 08:00", "notice_shared 2026-11-03 14:1" + str(n), child=f"c{n}", incident=str(n)
        )
        for n in range(6)
    ]
    again = [decided(day, 2, "a", "standard") for day in ("2026-11-02", "2026-11-05", "2026-11-09")]
    found = figures([*many, *again], "2026-11-12 08:00", "2026-11-01", "2026-11-30")
    (batch,) = found.police.batches
    assert (batch.count, batch.of) == (6, 9)
    assert found.front_door.after_three == {"advice": 1}


def test_a_stage_of_which_no_grade_may_be_told_is_drawn_for_all_together() -> None:
    found = autumn()

    def drawn(figures: BoardFigures) -> str:
        columns = stage_chain(figures, str).columns
        return "".join(glyph.letter for glyph in columns[0].glyphs if glyph.y is not None)

    assert "A" not in drawn(found)
    hidden = [
        msgspec.structs.replace(each, median=msgspec.structs.replace(each.median, value=NOT_SHOWN, at_least=None))
        if each.by == "grade"
        else each
        for each in found.stages
    ]
    assert drawn(msgspec.structs.replace(found, stages=hidden)) == "A"
