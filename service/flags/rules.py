"""Pure rules of flags: whom to tell, what is to happen later, where an answer stands."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

import msgspec

from schema.standards import Rung, parse_duration
from schema.telling import TellRow
from service.actor import Actor
from service.errors import Wrong

#: Rules that mean that something due was not done; their standard's ladder is climbed.
LATE: Final = frozenset({"overdue", "absent", "unallocated", "in_transit"})
#: A delay that was over before we noticed is told of when it ended this recently, else only shown.
TELL_WITHIN: Final = timedelta(days=7)
#: Who is told where nobody holds any of the roles that should be.
INSTEAD: Final = ("mash_manager", "police_liaison")
#: Who learns that an answer's time passed without the thing being done.
LAPSE_ROLES: Final = ("mash_manager", "police_liaison")
#: Roles of an area that answer its flags.
ANSWERED_BY: Final = frozenset(
    {
        "mash_coordinator",
        "mash_manager",
        "out_of_hours",
        "social_worker",
        "team_manager",
        "conference_service",
        "senior_leader",
    }
)
#: Who sees flags at all: those, the police, and partners those of their own actions.
READ_BY: Final = (*sorted(ANSWERED_BY), "partner", "police_liaison")
#: What the police answer besides everything they hold.
POLICE_SUBJECTS: Final = frozenset({"police_share", "absent_notice", "in_transit", "school_notified"})
LONGEST_ANSWER: Final = timedelta(days=14)
LONGEST_NOTE: Final = 2_000
_DAY: Final = 86_400

#: What a flag says that is about no clock, or whose clock is gone: why it was raised, and what would end it.
WHY: Final = {
    "ungraded": "Nobody has graded the risk. Until somebody does, the shortest time limits apply.",
    "out_of_order": "One of these can only have happened after the other, and the times say otherwise."
    " Correct the one that is wrong.",
    "cannot_compute": "Only a day is known, or no time at all, where a limit counts in hours or from an unknown start,"
    " so nobody can say when it is due. Correct the time if it can be found out.",
    "not_on_the_books": "A row of a police file was not taken in. Until somebody settles it or sends it again mended,"
    " no clock runs for that child.",
    "second_look": "A notice about this child was not shared less than 12 months before this incident."
    " Read both, and decide this one.",
    "school_unknown": "Nobody has said which school the child goes to, so no school can be told.",
    "configuration": "No standard, calendar or school terms of this area fit, so the strictest stands in."
    " An administrator can put that right.",
    "data_quality": "Two records say different things of the same fact. Correct the one that is wrong.",
}
_NO_LONGER: Final = "What it was raised for has since been corrected or done; the milestones say how."
_PROMISED: Final = "The time by which this was promised has passed."

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


def why(rule: str, subject: str) -> str:
    """Why a flag was raised, where no clock explains it."""
    return _PROMISED if subject == "action" else WHY.get(rule, _NO_LONGER)


def to_tell(raised: Raised, table: Sequence[TellRow], ladder: Sequence[Rung], now: datetime) -> tuple[str, ...]:
    """The roles that are told when a flag is raised at ``now``; none when nobody can act on it any more."""
    ended = raised.true_until
    if ended is not None and ended <= now and (raised.rule == "approaching" or ended < now - TELL_WITHIN):
        return ()
    row = next(row for row in table if row.fits(raised.rule, raised.subject, raised.holder))
    at_once = [rung.role for rung in ladder if not _is_later(rung)] if raised.rule in LATE else []
    return tuple(dict.fromkeys((*row.roles, *at_once)))


def rungs(raised: Raised, table: Sequence[TellRow], ladder: Sequence[Rung], now: datetime) -> list[Step]:
    """The steps of the ladder that may come later; none for what has ended."""
    if raised.true_until is not None and raised.true_until <= now:
        return []
    if raised.rule not in LATE or not ladder:
        row = next(row for row in table if row.fits(raised.rule, raised.subject, raised.holder))
        ladder = row.ladder
    steps: dict[str, Step] = {}
    for rung in ladder:
        if _is_later(rung) and rung.role not in steps:
            after = elapsed(rung.after) if rung.after else timedelta(0)
            steps[rung.role] = Step(flag=raised.id, role=rung.role, after=after, due_at=raised.true_from + after)
    return list(steps.values())


def _is_later(rung: Rung) -> bool:
    """Whether a rung is a step: leaders see a record by the event that it came up to them, at once or later."""
    return rung.after is not None or rung.role == "senior_leader"


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


def may_answer(actor: Actor, holder: str, subject: str, area: str | None, force: str | None) -> bool:
    """Whether the actor's roles answer such a flag; that the actor sees it at all is decided before."""
    for grant in actor.grants:
        if grant.role == "police_liaison":
            if grant.force == force and (holder == "police" or subject in POLICE_SUBJECTS):
                return True
        elif grant.role == "partner":
            # The only flags that a partner sees are those of its own actions.
            if subject == "action" and grant.area == area and grant.agency == holder:
                return True
        elif grant.role in ANSWERED_BY and grant.area == area:
            return True
    return False


def wrong_with_answer(note: str, next_action: str, next_due_at: datetime | None, now: datetime) -> list[Wrong]:
    """Everything wrong with an answer: it says what is done next and by when, and that time is near."""
    found = []
    if not next_action.strip():
        found.append(Wrong("next_action", "nothing", "what is done next", "Say what you will do about it."))
    if next_due_at is None:
        found.append(Wrong("next_due_at", "nothing", "a date and time", "Say by when it will be done."))
    elif next_due_at.tzinfo is None:
        found.append(Wrong("next_due_at", next_due_at.isoformat(), "an instant with its zone", "Add the zone."))
    elif not now < next_due_at <= now + LONGEST_ANSWER:
        found.append(
            Wrong(
                "next_due_at",
                next_due_at.isoformat(),
                f"a time within the next {LONGEST_ANSWER.days} days",
                "A child waits: choose a time soon, and answer again when it has passed.",
            )
        )
    found += [
        Wrong(field, f"{len(text)} characters", f"at most {LONGEST_NOTE}", "Say it shorter.")
        for field, text in (("note", note), ("next_action", next_action))
        if len(text) > LONGEST_NOTE
    ]
    return found
