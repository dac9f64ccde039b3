"""The limit on a stage's curve: where it stands, in which words, and how many were still there when it came."""

from datetime import UTC, datetime
from typing import Any

import pytest

from schema.calendars import load_shipped as load_calendar
from schema.holders import load_holders
from schema.standards import load_shipped
from service.clocks import Rulebook
from service.reports.board.rules.limits import Limit, limits, marks, table
from service.reports.board.rules.tables import told
from service.web.charts.staying import layout
from tests.unit.reports.disclosure.reports import report
from tests.unit.reports.disclosure.test_applying import kids

SINCE, UNTIL = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)
HOUR, DAY = 60, 1440


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return Rulebook(load_shipped(), [load_calendar()], load_holders())


def of(rulebook: Rulebook, standard: str) -> list[tuple[str, str, int, int]]:
    found = limits(rulebook, standard, [("359", "gmp"), ("350", "gmp")], SINCE, UNTIL)
    return [(each.whom, each.says, each.least, each.most) for each in found]


def test_an_elapsed_limit_stands_at_one_place_for_each_grade(rulebook: Rulebook) -> None:
    assert of(rulebook, "police_share") == [
        ("high", "4 hours", 4 * HOUR, 4 * HOUR),
        ("medium", "24 hours", DAY, DAY),
        ("standard", "72 hours", 3 * DAY, 3 * DAY),
    ]


def test_a_limit_in_working_days_comes_sooner_or_later_by_the_day_of_entering(rulebook: Rulebook) -> None:
    ((whom, says, least, most),) = of(rulebook, "contact_decision")
    assert (whom, says) == ("", "1 working day")
    # From late in one day to the end of the next; and from a Friday over the bank holiday at the end of August.
    assert DAY < least <= 26 * HOUR
    assert 4 * DAY < most <= 5 * DAY
    ((_, says, least, most),) = of(rulebook, "school_notified")
    assert says == "the next school start"
    assert least < DAY
    # The summer holidays.
    assert most > 35 * DAY


def test_the_limit_is_on_the_curve_and_in_words() -> None:
    drawn = layout(
        points=[(0, 1.0, 1.0, 1.0), (60, 0.5, 0.4, 0.6), (3 * DAY, 0.1, 0.0, 0.2)],
        horizon=3 * DAY,
        title="Share still in it",
        limits=marks(
            [
                Limit(grades=("high",), says="4 hours", least=4 * HOUR, most=4 * HOUR),
                Limit(grades=("high", "medium", "standard"), says="3 working days", least=3 * DAY, most=5 * DAY),
            ]
        ),
    )
    assert [each.text for each in drawn.limits] == ["Limit, high: 4 hours", "Limit: 3 working days"]
    assert "Limit, high: 4 hours, after 4 hours. Limit: 3 working days, after 3 days to 5 days." in drawn.desc
    one, several = drawn.limits
    assert (one.width, several.width > 0) == (0, True)
    assert one.text_y < several.text_y
    assert several.x + several.width == drawn.right
    # Not before the last limit has come for everybody does the scale end.
    assert [tick.text for tick in drawn.times] == [
        f"{day} day{'s' if day > 1 else ''}" if day else "0" for day in range(6)
    ]


@pytest.mark.parametrize(("at", "all_told", "guarded"), [
    (5, "100%", "at least 50%"), (15, "50%", "50%"), (3 * DAY, "at most 1%", "at most 1%"),
])  # fmt: skip
def test_beside_a_limit_stands_how_many_were_still_there(at: int, all_told: str, guarded: str) -> None:
    figures: Any = report(kids(0, 90))
    curve = figures.stages[0].curve
    everybody = [Limit(grades=("high", "medium", "standard"), says="so long", least=at, most=at)]
    assert told(table(figures, "decision", everybody, guarded=False))[0][3] == all_told
    # Members of a board see a curve without its ends, where single children leave.
    cut = {name: getattr(curve, name)[1:] for name in ("minutes", "left", "low", "high")}
    stage = type(figures.stages[0])
    stages = [stage(**{name: getattr(figures.stages[0], name) for name in stage.__struct_fields__ if name != "curve"},
                    curve=type(curve)(**cut))]  # fmt: skip
    kept = type(figures)(**{**{n: getattr(figures, n) for n in figures.__struct_fields__}, "stages": stages})
    assert told(table(kept, "decision", everybody, guarded=True))[0][3] == guarded
    high = [Limit(grades=("high",), says="so long", least=at, most=at)]
    assert told(table(kept, "decision", high, guarded=True))[0][0::3] == ["High", "not shown"]
