"""The front door: a threshold that moved, what that asks of the teams behind it, and who comes back."""

from datetime import date
from typing import Literal

import msgspec
import pytest

from schema.vocabulary import Grade
from service.reports.board.rules.door import front_door, repeated, swings
from service.reports.disclosure.hidden import small
from service.reports.measures.figures import BoardFigures, Count, Estimate, Month
from tests.unit.reports.measures.children import figures


def month(begins: date, referrals: int, grade: Grade | Literal["all"] = "all", decided: int = 100) -> Month:
    share = referrals / decided
    reach = 1.96 * (share * (1 - share) / decided) ** 0.5
    likely = Estimate(value=share, low=share - reach, high=share + reach, n=decided)
    return Month(begins=begins, grade=grade, decided=decided, referrals=referrals, share=likely)


def board(*months: Month, repeats: tuple[Count, ...] = ()) -> BoardFigures:
    found = figures([], "2026-11-10 12:00", "2026-08-01", "2026-10-31")
    door = msgspec.structs.replace(found.front_door, months=list(months), repeats=list(repeats))
    return msgspec.structs.replace(found, front_door=door)


AUGUST, SEPTEMBER, OCTOBER = date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)


def test_a_swing_from_30_to_70_percent_is_a_signal_with_the_allocations_and_caseload_it_implies() -> None:
    found = board(month(AUGUST, 31), month(SEPTEMBER, 30), month(OCTOBER, 70))
    (swing,) = swings(found)
    assert (swing.before.begins, swing.after.begins, swing.signal) == (SEPTEMBER, OCTOBER, True)
    # Forty more of a hundred in the 31 days of October; each stays open for nine weeks where nothing else is known.
    assert swing.more_a_week == pytest.approx(40 / (31 / 7))
    assert swing.more_open == pytest.approx(9 * 40 / (31 / 7))
    told = next(table for table in front_door(found) if table.key == "swing")
    assert told.rows[0][:3] == ("All", "September 30% (21% to 39%), October 70% (61% to 79%)", "Signal")


def test_what_varies_as_usual_is_no_swing_and_what_may_not_be_told_is_not_judged() -> None:
    (swing,) = swings(board(month(SEPTEMBER, 30), month(OCTOBER, 34)))
    assert not swing.signal
    # From nobody at all is a swing like any other.
    assert swings(board(month(SEPTEMBER, 0), month(OCTOBER, 40)))[0].signal
    secret = msgspec.structs.replace(month(OCTOBER, 70), decided=small(5))
    assert swings(board(month(SEPTEMBER, 30), secret)) == []
    # The more months and grades are judged together, the more each must differ.
    many = [month(begins, 30, grade) for grade in ("high", "medium", "standard") for begins in (AUGUST, SEPTEMBER)]
    alone = swings(board(month(SEPTEMBER, 30), month(OCTOBER, 44)))
    together = swings(board(*many, month(AUGUST, 30), month(SEPTEMBER, 30), month(OCTOBER, 44)))
    assert (alone[0].signal, together[-1].signal) == (True, False)


def test_who_came_again_stands_beside_how_fast_it_was_decided() -> None:
    again = Count(key="no_further_action", count=12, of=80, share=Estimate(value=0.15, n=80))
    never = Count(key="advice", count=0, of=0, share=Estimate(value=None))
    found = board(month(OCTOBER, 30), repeats=(again, never))
    said = "Came to notice again within 90 days, by what had been decided: no further action 12 of 80 (15%)."
    assert repeated(found) == said
    speed, repeats = front_door(found)[:2]
    assert [speed.key, repeats.key] == ["front_door", "repeats"]
    assert repeats.lead == said
    assert repeated(board()) == ""
