"""Whom to tell, when to climb, where an answer stands."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from schema.standards import Rung, Standard, load_shipped
from schema.telling import load_telling
from service.flags.rules import Raised, answer_state, elapsed, rungs, to_tell

NOW = datetime(2026, 11, 3, 9, tzinfo=UTC)
TABLE = load_telling()
LADDER = (Rung(role="police_liaison"), Rung(role="mash_manager", after="4 hours"))


def raised(
    rule: str = "overdue", subject: str = "police_share", holder: str = "police", until: datetime | None = None
) -> Raised:
    return Raised(
        id=UUID(int=1), rule=rule, subject=subject, holder=holder, true_from=NOW, true_until=until, version=None
    )


def test_a_rung_without_a_time_is_told_at_once_and_the_others_later() -> None:
    assert to_tell(raised(), TABLE, LADDER, NOW) == ("police_liaison",)
    (step,) = rungs(raised(), TABLE, LADDER, NOW)
    assert (step.role, step.due_at) == ("mash_manager", NOW + timedelta(hours=4))


def test_a_warning_climbs_no_ladder() -> None:
    assert rungs(raised("approaching"), TABLE, LADDER, NOW) == []
    ladder = (Rung(role="senior_leader"),)
    assert to_tell(raised("approaching"), TABLE, ladder, NOW) == ("police_liaison",)


def test_what_ended_long_ago_is_told_to_nobody() -> None:
    later = NOW + timedelta(days=30)
    assert to_tell(raised(until=NOW + timedelta(days=1)), TABLE, LADDER, later) == ()
    assert to_tell(raised(until=later - timedelta(days=1)), TABLE, LADDER, later) == ("police_liaison",)
    assert rungs(raised(until=later - timedelta(days=1)), TABLE, LADDER, later) == []


def test_a_row_not_on_the_books_climbs_the_ladder_of_the_table() -> None:
    assert [step.role for step in rungs(raised("not_on_the_books", "row"), TABLE, (), NOW)] == ["mash_manager"]


@pytest.mark.parametrize("standard", load_shipped(), ids=lambda standard: standard.key)
def test_every_standard_has_somebody_to_tell(standard: Standard) -> None:
    flag = raised(standard.flags, standard.key, standard.holder)
    assert to_tell(flag, TABLE, standard.ladder, NOW)
    for rung in standard.ladder:
        assert rung.after is None or elapsed(rung.after) > timedelta(0)


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        ([], "unanswered"),
        (["escalated"], "unanswered"),
        (["acknowledged"], "acknowledged"),
        (["answered", "escalated"], "answered"),
        (["answered", "acknowledged"], "answered"),
        (["answered", "lapsed"], "lapsed"),
        (["answered", "lapsed", "acknowledged"], "acknowledged"),
        (["answered", "lapsed", "answered"], "answered"),
    ],
)
def test_where_an_answer_stands(kinds: list[str], state: str) -> None:
    assert answer_state(kinds) == state


def test_the_table_must_fit_every_flag() -> None:
    with pytest.raises(ValueError, match="every flag"):
        load_telling(b'[[tell]]\nrules = ["overdue"]\nroles = ["mash_manager"]\n')
    with pytest.raises(ValueError, match="not a role"):
        load_telling(b'[[tell]]\nroles = ["nobody"]\n')
