"""From receipt to the first decision, and what follows the decisions that stay out of protection."""

from datetime import datetime
from random import Random

from service.demo.generator import trends
from service.demo.generator.course.assessment import tell_referral
from service.demo.generator.course.protection import tell_concern
from service.demo.generator.days import add_working_days, from_local, into_office_hours, office_minutes_later, to_local
from service.demo.generator.outline import Outline
from service.demo.generator.partnership import WORKERS
from service.demo.generator.telling import Telling, around, minutes

#: Median office minutes from receipt to decision, by grade.
DECIDED_AFTER = {"high": 130.0, "medium": 215.0, "standard": 290.0}
OPEN_CASE = 0.25
#: First decisions for a discussion or immediate protection, by grade.
TO_PROTECTION = {"high": (0.40, 0.08), "medium": (0.12, 0.012), "standard": (0.04, 0.003)}
RATIONALES = {
    "no_further_action": "Single incident, children not present, parents separated; safety advice given by police.",
    "advice": "Adult victim spoken to; support in place; advice on the domestic abuse service given.",
    "early_help": "Pattern of arguments affecting the children; parents willing to work with family help.",
    "referral": "Third notice in a year; effect on the children not yet understood; assessment needed.",
    "linked_to_open_case": "Open case; the named worker has been told and will record what this changes.",
    "strategy_discussion": "Reasonable cause to suspect significant harm; discussion with police and health today.",
    "immediate_protection": "Children not safe tonight; protection arranged at once.",
}

HISTORIES = (
    "No earlier notice.",
    "One earlier notice, fourteen months ago.",
    "Three notices in twelve months; the last led to early help.",
    "Closed to assessment last year; school records read.",
)


def first_outcome(rng: Random, grade: str | None, age: float) -> str:
    """The outcome of a first decision, by grade and by where the threshold stood then."""
    discuss, protect = TO_PROTECTION[grade or "standard"]
    if rng.random() < OPEN_CASE:
        return "linked_to_open_case"
    u = rng.random()
    if u < protect:
        return "immediate_protection"
    if u < protect + discuss:
        return "strategy_discussion"
    if rng.random() < trends.referral_share(age):
        return "referral"
    u = rng.random()
    return "no_further_action" if u < 0.44 else "early_help" if u < 0.84 else "advice"


def tell_front_door(telling: Telling, outline: Outline, received: datetime) -> None:
    """Tell the checks, the decision and all that follows from it."""
    if outline.hold == "decision":
        return
    rng = telling.rng
    if not _tell_checks(telling, outline, received):
        return
    at, by = _decided(telling, outline, received)
    outcome = outline.fate or first_outcome(rng, outline.grade, outline.age)
    after_decision(telling, outline, at, by, outcome)


def after_decision(telling: Telling, outline: Outline, at: datetime, by: str, outcome: str) -> None:
    """Tell one decision and what follows; early help that is declined brings a second one."""
    rng = telling.rng
    detail = {"rationale": RATIONALES[outcome], "history_considered": rng.choice(HISTORIES), "decided_by": by}
    worker, team = rng.choice(WORKERS[telling.area])
    if outcome == "linked_to_open_case":
        detail["worker"] = worker
    if not telling.tell("contact_decided", at, by, outcome, detail=detail, recorded_at=at + minutes(3)):
        return
    if rng.random() < 0.72:
        telling.tell("referrer_told", at + minutes(rng.uniform(5, 900)), telling.person("coordinator"))
    if outcome == "early_help":
        _tell_early_help(telling, outline, at)
    elif outcome == "linked_to_open_case":
        if outline.hold != "linked":
            wait = around(rng, 260, 0.7) if rng.random() < 0.93 else rng.uniform(1000, 6000)
            telling.tell(
                "worker_reviewed",
                office_minutes_later(at, wait),
                worker,
                detail={"worker": worker, "text": "Safety plan gone through again with both parents."},
            )
    elif outcome == "referral":
        tell_referral(telling, outline, at, worker, team)
    elif outcome in ("strategy_discussion", "immediate_protection"):
        tell_concern(telling, outline, at, worker, team, immediate=outcome == "immediate_protection")


def _decided(telling: Telling, outline: Outline, received: datetime) -> tuple[datetime, str]:
    rng = telling.rng
    manager = telling.person("manager" if rng.random() < 0.7 else "manager2")
    if into_office_hours(received) != received and outline.grade == "high" and rng.random() < 0.6:
        return received + minutes(around(rng, 110, 0.6)), telling.person("edt")
    wait = around(rng, DECIDED_AFTER[outline.grade or "standard"], 0.6)
    if rng.random() < 0.07:
        wait += rng.uniform(510, 2040)
    at = office_minutes_later(received, wait)
    if outline.cap:
        # A fated live case must leave time for its later steps; other cases must be decided.
        room = minutes((telling.until - received) / minutes(1) * (0.08 if outline.fate else 0.7))
        if at > received + room:
            return received + room, telling.person("edt")
    return at, manager


def _tell_checks(telling: Telling, outline: Outline, received: datetime) -> bool:
    """Tell a check with another agency; False while its answer is awaited."""
    rng = telling.rng
    held = outline.hold == "checks"
    if not held and (outline.cap or rng.random() > 0.14):
        return True
    asked = received + minutes(min(rng.uniform(6, 28), (telling.until - received) / minutes(1) * 0.5))
    agency = rng.choice(("health", "education", "health", "probation"))
    telling.tell(
        "information_requested",
        asked,
        telling.person("coordinator"),
        agency,
        detail={"question": "What is known of the children and their carers?"},
    )
    if held:
        return False
    telling.tell("information_returned", asked + minutes(around(rng, 45, 0.5)), telling.person("coordinator"), agency)
    return True


def _tell_early_help(telling: Telling, outline: Outline, decided: datetime) -> None:
    rng = telling.rng
    if outline.hold == "early_help":
        return
    day = add_working_days(to_local(decided).date(), 1 + int(around(rng, 1.6, 0.6)))
    at = from_local(day, 9 + rng.randrange(7), rng.randrange(60))
    if rng.random() < 0.78:
        by = telling.person("coordinator2")
        if telling.tell("early_help_accepted", at, by, detail={"consent": True}):
            telling.tell(
                "closed", from_local(add_working_days(day, 60 + rng.randrange(50)), 15, 20), telling.person("manager")
            )
        return
    if telling.tell("early_help_declined", at, telling.person("coordinator2"), detail={"reason": "Parents declined"}):
        again = office_minutes_later(at, around(rng, 200, 0.5))
        outcome = "referral" if rng.random() < 0.35 else "no_further_action"
        after_decision(telling, outline, again, telling.person("manager"), outcome)
