"""Actions by the agency that owns them: in time, late, not done, cancelled, and overdue now."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from service.meetings.acting.rules import Event
from service.reports.measures.figures import Acted
from service.reports.measures.rules.acted import Given, acted
from service.reports.measures.rules.frame import Span

SPAN = Span.of(date(2026, 10, 1), date(2026, 10, 31))
NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
DUE = datetime(2026, 10, 10, 12, tzinfo=UTC)
GIVEN = DUE - timedelta(days=5)
HOUR = timedelta(hours=1)


def event(kind: str, at: datetime, *, told: datetime | None = None, due: datetime | None = None, by: str = "") -> Event:
    return Event(
        id=UUID(int=0), kind=kind, at=at, recorded_at=told or at, by_name=None, note="", evidence="", due_at=due,
        owner_agency=by or None, owner_name=None, discussion=None,
    )  # fmt: skip


def given(*later: Event, number: int = 1, due: datetime = DUE, agency: str = "health") -> Given:
    first = event("given", GIVEN, due=due, by=agency)
    return Given(
        events=(first, *later), children=frozenset({UUID(int=number)}), incidents=frozenset({UUID(int=number + 100)})
    )


def counted(*actions: Given, instant: datetime = NOW) -> dict[str, Acted]:
    return {each.agency: each for each in acted(actions, SPAN, int(instant.timestamp()))}


def numbers(found: Acted) -> tuple[int, ...]:
    tallies = (found.due, found.in_time, found.late, found.not_done, found.cancelled, found.overdue_now)
    return tuple(each.count for each in tallies)


def test_each_action_that_fell_due_counts_once_by_what_became_of_it() -> None:
    found = counted(
        given(event("done", DUE), number=1),
        given(event("done", DUE + HOUR), number=2),
        given(event("cancelled", DUE - HOUR), number=3),
        given(number=4),
        given(event("accepted", GIVEN + HOUR), number=5, agency="police"),
    )
    assert numbers(found["health"]) == (4, 1, 1, 1, 1, 1)
    assert (found["health"].share.value, found["health"].share.n) == (1 / 3, 3)
    assert found["health"].due.behind == 4
    assert numbers(found["police"]) == (1, 0, 0, 1, 0, 1)


def test_done_in_time_and_told_later_is_in_time() -> None:
    assert numbers(counted(given(event("done", DUE - HOUR, told=DUE + HOUR)))["health"]) == (1, 1, 0, 0, 0, 0)


def test_moving_a_time_that_has_passed_leaves_it_late_and_one_ahead_does_not() -> None:
    later = DUE + timedelta(days=3)
    missed = given(event("due_changed", DUE + HOUR, due=later), event("done", later - HOUR))
    agreed = given(event("due_changed", DUE - HOUR, due=later), event("done", later - HOUR))
    assert numbers(counted(missed)["health"]) == (1, 0, 1, 0, 0, 0)
    assert numbers(counted(agreed)["health"]) == (1, 1, 0, 0, 0, 0)


def test_it_counts_for_whoever_owns_it_now() -> None:
    found = counted(given(event("reassigned", GIVEN + HOUR, by="housing"), event("done", DUE - HOUR)))
    assert list(found) == ["housing"]


def test_what_is_overdue_counts_now_whenever_it_was_due_and_what_is_not_yet_due_does_not() -> None:
    old = given(due=DUE - timedelta(days=60))
    assert numbers(counted(old)["health"]) == (0, 0, 0, 0, 0, 1)
    assert counted(given(), instant=DUE) == {}
    assert counted(given(event("done", DUE), due=DUE - timedelta(days=60))) == {}


def test_many_actions_of_one_child_are_known_to_be_of_one_child() -> None:
    found = counted(*(given(number=1) for _ in range(20)))["health"]
    assert (found.due.count, found.due.behind) == (20, 1)
    assert (found.share.value, found.share.low) == (0, None)
