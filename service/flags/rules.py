"""Pure rules of flags: whom to tell, what is to happen later, where an answer stands."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

import msgspec

from schema.standards import Rung, parse_duration
from schema.telling import TellRow

#: Rules that mean that something due was not done; their standard's ladder is climbed.
LATE: Final = frozenset({"overdue", "absent", "unallocated", "in_transit"})
#: A delay that was over before we noticed is told of when it ended this recently, else only shown.
TELL_WITHIN: Final = timedelta(days=7)
#: Who is told where nobody holds any of the roles that should be.
INSTEAD: Final = ("mash_manager", "police_liaison")
#: Who learns that an answer's time passed without the thing being done.
LAPSE_ROLES: Final = ("mash_manager", "police_liaison")
_DAY: Final = 86_400

Answer = Literal["unanswered", "acknowledged", "answered", "lapsed"]


class Raised(msgspec.Struct, frozen=True, kw_only=True):
    """A flag at the moment it is raised. ``version`` is the standard's, None for rules without one."""

    id: UUID
    rule: str
    subject: str
    holder: str
    true_from: datetime
    true_until: datetime | None
    version: UUID | None


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A rung to climb: tell ``role`` at ``due_at``, ``after`` the condition became true."""

    flag: UUID
    role: str
    after: timedelta
    due_at: datetime


class DueStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step whose time has come, with the condition of its flag as it stands now.

    ``stands_from`` is None where the condition has vanished from the derived rows.
    """

    id: UUID
    flag: UUID
    kind: Literal["escalate", "lapse"]
    role: str | None
    after: timedelta
    answer: UUID | None
    area: str | None
    force: str | None
    stands_from: datetime | None
    stands_until: datetime | None


def to_tell(raised: Raised, table: Sequence[TellRow], ladder: Sequence[Rung], now: datetime) -> tuple[str, ...]:
    """The roles that are told when a flag is raised at ``now``; none when nobody can act on it any more."""
    ended = raised.true_until
    if ended is not None and ended <= now and (raised.rule == "approaching" or ended < now - TELL_WITHIN):
        return ()
    row = next(row for row in table if row.fits(raised.rule, raised.subject, raised.holder))
    at_once = [rung.role for rung in ladder if rung.after is None] if raised.rule in LATE else []
    return tuple(dict.fromkeys((*row.roles, *at_once)))


def rungs(raised: Raised, table: Sequence[TellRow], ladder: Sequence[Rung], now: datetime) -> list[Step]:
    """The steps of the ladder that may come later; none for what has ended."""
    if raised.true_until is not None and raised.true_until <= now:
        return []
    if raised.rule not in LATE:
        row = next(row for row in table if row.fits(raised.rule, raised.subject, raised.holder))
        ladder = row.ladder
    steps: dict[str, Step] = {}
    for rung in ladder:
        if rung.after is not None and rung.role not in steps:
            after = elapsed(rung.after)
            steps[rung.role] = Step(flag=raised.id, role=rung.role, after=after, due_at=raised.true_from + after)
    return list(steps.values())


def elapsed(words: str) -> timedelta:
    """A rung's time, always elapsed: "1 working day" after the due time is taken as 24 hours."""
    duration = parse_duration(words)
    if duration.unit in ("elapsed", "working_hours"):
        return timedelta(seconds=duration.amount)
    days = {"working_days": 1, "months": 30}.get(duration.unit, 0)
    return timedelta(seconds=days * duration.amount * _DAY)


def postponed(step: DueStep, now: datetime) -> datetime | None:
    """A later time for a step whose condition was corrected to begin later; None when it is due."""
    if step.kind == "lapse" or step.stands_from is None:
        return None
    due = step.stands_from + step.after
    return due if due > now else None


def is_over(step: DueStep, now: datetime) -> bool:
    """Whether what the step is about has ended, so that nobody needs to be told."""
    return step.stands_from is None or (step.stands_until is not None and step.stands_until <= now)


def answer_state(kinds: Iterable[str]) -> Answer:
    """Where an answer stands, from the kinds of a flag's events in order; escalation is no answer."""
    state: Answer = "unanswered"
    for kind in kinds:
        if kind == "acknowledged" and state != "answered":
            state = "acknowledged"
        elif kind == "answered":
            state = "answered"
        elif kind == "lapsed":
            state = "lapsed"
    return state
