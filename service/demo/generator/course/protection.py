"""From reasonable cause to a conference and the plan: strategy discussion and section 47 enquiry.

Working days from discussion to conference follow the North West in the year to March 2025: 6.8% up
to ten, 76.8% within fifteen, quartiles 13, 14 and 15, 12% after twenty.
"""

from datetime import date, datetime, timedelta

from service.demo.generator.chance import Table
from service.demo.generator.course.allocation import tell_allocation, tell_authorised
from service.demo.generator.days import add_working_days, from_local, into_office_hours, office_minutes_later, to_local
from service.demo.generator.outline import Outline
from service.demo.generator.telling import Telling, around, minutes

CONFERENCE_AFTER = Table([
    (7, 0.018), (9, 0.02), (10, 0.03), (11, 0.05), (12, 0.08), (13, 0.15), (14, 0.23), (15, 0.19), (16, 0.035),
    (17, 0.03), (18, 0.02), (20, 0.024), (22, 0.04), (25, 0.04), (30, 0.043),
])  # fmt: skip
#: Discussions that start an enquiry; enquiries that lead to a conference; conferences that make a plan.
TO_ENQUIRY, TO_CONFERENCE, TO_PLAN = 0.80, 0.33, 0.86
QUORATE = 0.78
#: Working days in which a conference is in time, and why one was not.
IN_TIME = 15
WHY_LATE = (
    ("reports_not_ready", "The school's report came a week after it was asked for."),
    ("agency_not_available", "Health could not send anybody before."),
    ("family_not_available", "The mother was in hospital."),
    ("chair_not_available", "The chair was ill and nobody stood in."),
)
CARE, POLICE, HEALTH, EDUCATION = "childrens_social_care", "police", "health", "education"
QUORUM = (CARE, POLICE, HEALTH)
#: Who was there when it was not quorate.
SHORT = Table([((CARE, POLICE), 0.68), ((CARE, HEALTH), 0.24), ((CARE,), 0.08)])
POSTPONED_BY = Table([("police", 0.5), ("health", 0.3), ("childrens_social_care", 0.2)])
CAUSES = {
    "police": "Officer not released from the response shift",
    "health": "School nurse on leave, no cover found",
    "childrens_social_care": "Chair called to court",
}


def tell_concern(
    telling: Telling,
    outline: Outline,
    at: datetime,
    worker: str,
    team: str,
    *,
    immediate: bool = False,
    referred: bool = False,
) -> None:
    """Tell everything from reasonable cause onwards; ``referred``: an assessment found it."""
    manager = telling.person("manager")
    known = at + minutes(4)
    cause = {"manager": manager, "reason": "Harm likely unless the household changes; children's account heard."}
    if not referred:
        telling.tell("referral_accepted", at, manager, recorded_at=known)
    if not telling.tell("threshold_reached", at, manager, detail=cause, recorded_at=known):
        return
    if immediate:
        _tell_protection(telling, at)
    requested = at + minutes(telling.rng.uniform(5, 70))
    telling.tell("strategy_requested", requested, telling.person("coordinator"), detail={"immediate": immediate})
    if not referred and tell_allocation(telling, outline, at, worker, team) is None:
        return
    enquiry = outline.hold is not None or telling.rng.random() < TO_ENQUIRY
    held = _tell_until_held(telling, outline, requested, immediate=immediate, enquiry=enquiry)
    if held is None:
        return
    settled: date | None = to_local(held).date()
    _tell_seen(telling, outline, held, worker)
    if enquiry:
        settled = _tell_enquiry(telling, outline, held, worker)
    if outline.hold is None:
        tell_authorised(telling, to_local(at).date(), worker, settled)


def _tell_protection(telling: Telling, at: datetime) -> None:
    if telling.rng.random() < 0.35:
        used = at + minutes(20)
        telling.tell("police_protection_used", used, "liaison.gmp")
        telling.tell("police_protection_ended", used + minutes(telling.rng.uniform(600, 4200)), "liaison.gmp")


def _tell_until_held(
    telling: Telling, outline: Outline, requested: datetime, *, immediate: bool, enquiry: bool
) -> datetime | None:
    """Tell the scheduling, what got in the way, and the discussion; None while it is awaited."""
    rng = telling.rng
    if outline.hold == "strategy":
        return None
    by = telling.person("coordinator")
    wait = around(rng, 60 if immediate else 240, 0.6) if outline.hold is None else 60
    planned = requested + minutes(wait) if immediate else office_minutes_later(requested, wait)
    if not immediate:
        telling.tell("strategy_scheduled", requested + minutes((planned - requested) / minutes(4)), by)
    postponed = outline.hold == "postponed" or (outline.hold is None and not immediate and rng.random() < 0.13)
    for _ in range((1 + (rng.random() < 0.3)) if postponed else 0):
        agency = POSTPONED_BY.draw(rng)
        told_off = max(planned - minutes(rng.uniform(20, 200)), requested + minutes(30))
        detail = {"agency": agency, "cause": CAUSES[agency]}
        telling.tell("strategy_postponed", told_off.replace(second=0), by, agency, detail=detail)
        day = add_working_days(to_local(planned).date(), 1 + int(around(rng, 1.5, 0.8)))
        planned = from_local(day, 9 + rng.randrange(7), rng.choice((0, 15, 30)))
    if outline.hold == "postponed":
        return None
    return _tell_held(telling, outline, planned, immediate=immediate, enquiry=enquiry)


def _tell_held(telling: Telling, outline: Outline, at: datetime, *, immediate: bool, enquiry: bool) -> datetime | None:
    """Tell the discussion and, where it was not quorate, the one that made up for it.

    Returns the instant of the one that decided; None while that is awaited.
    """
    rng = telling.rng
    quorate = outline.hold != "quorum" and (outline.hold is not None or rng.random() < QUORATE)
    decides = quorate or (outline.hold is None and rng.random() < 0.5)
    present = (*QUORUM, EDUCATION) if quorate and rng.random() < 0.35 else QUORUM if quorate else SHORT.draw(rng)
    if not _tell_discussion(telling, outline, at, present, quorate=quorate, starts=decides and enquiry):
        return None
    if quorate or outline.hold == "quorum":
        return at if quorate else None
    day = add_working_days(to_local(at).date(), 1 + int(around(rng, 0.6, 0.9)))
    again = from_local(day, (8 if immediate else 9) + rng.randrange(6), rng.choice((0, 30)))
    told = _tell_discussion(telling, outline, again, QUORUM, quorate=True, starts=enquiry and not decides)
    return at if decides else again if told else None


def _tell_discussion(
    telling: Telling, outline: Outline, at: datetime, present: tuple[str, ...], *, quorate: bool, starts: bool
) -> bool:
    """Tell one discussion and the issue of its record, now and then weeks late."""
    rng = telling.rng
    chair = telling.person("manager")
    detail = {"agencies_present": list(present), "initiates_enquiry": starts, "chair": chair, "form": "video"}
    if not telling.tell("strategy_held", at, chair, "quorate" if quorate else "not_quorate", detail=detail):
        return False
    if outline.hold not in ("record", "quorum"):
        wait = around(rng, 330, 0.7) if rng.random() < 0.94 else rng.uniform(1500, 7000)
        telling.tell("strategy_record_issued", office_minutes_later(at, wait), telling.person("coordinator"))
    return True


def _tell_seen(telling: Telling, outline: Outline, held: datetime, worker: str) -> None:
    rng = telling.rng
    for only in range(len(telling.rows) if outline.hold != "record" else 0):
        seen = into_office_hours(held + minutes(around(rng, 500, 0.8))) + minutes(rng.uniform(5, 150))
        telling.tell("child_seen", seen, worker, only=only, detail={"seen_alone": rng.random() < 0.8})


def _tell_enquiry(telling: Telling, outline: Outline, held: datetime, worker: str) -> date | None:
    """Tell the enquiry; the day that settled it, or None while it is open or where a plan follows."""
    rng = telling.rng
    kind = "joint" if rng.random() < 0.37 else "single_agency"
    lead = telling.person("teammanager2")
    telling.tell("enquiry_started", held, lead, kind, detail={"worker": worker}, recorded_at=held + minutes(90))
    day = to_local(held).date()
    if outline.hold in ("enquiry", "record"):
        return None
    to_conference = telling.fortune.to_conference.draw() < TO_CONFERENCE or outline.hold is not None
    if not to_conference:
        done = from_local(
            add_working_days(day, 4 + rng.randrange(11) + 6 * (rng.random() < 0.1)), 15, rng.randrange(60)
        )
        outcome = "not_substantiated" if rng.random() < 0.45 else "substantiated_no_continuing_risk"
        by = telling.person("teammanager2")
        if not telling.tell("enquiry_completed", done, by, outcome, detail={"conference_required": "no"}):
            return None
        telling.tell("conference_not_required", done, by, detail={"decided_by": by})
        return to_local(done).date()
    return _tell_conference(telling, outline, held)


def _tell_conference(telling: Telling, outline: Outline, held: datetime) -> date | None:
    rng = telling.rng
    day, by = to_local(held).date(), telling.person("conference")
    after = CONFERENCE_AFTER.at(telling.fortune.conference_after.draw())
    if outline.hold == "core_group":
        after = min(after, 11)
    done = from_local(add_working_days(day, max(3, after - 5 - rng.randrange(3))), 16, rng.randrange(60))
    if not telling.tell(
        "enquiry_completed",
        done,
        telling.person("teammanager2"),
        "substantiated_continuing_risk",
        detail={"conference_required": "yes"},
    ):
        return None
    conference = add_working_days(day, after)
    telling.tell("conference_scheduled", done + minutes(45), by, detail={"on": conference.isoformat()})
    at = from_local(conference, 9 + rng.randrange(6), rng.choice((0, 30)))
    if outline.hold == "conference":
        return None
    plan = rng.random() < TO_PLAN or outline.hold is not None
    categories = ("emotional_abuse", "emotional_abuse", "neglect", "physical_abuse")
    detail = {"category": rng.choice(categories)} if plan else {}
    if not telling.tell("conference_held", at, by, "plan" if plan else "no_plan", detail=detail):
        return None
    if after > IN_TIME:
        _tell_why_late(telling, at, by)
    if not plan:
        return conference
    if outline.hold != "core_group":
        _tell_plan(telling, at)
    return None


def _tell_why_late(telling: Telling, held: datetime, by: str) -> None:
    """Tell that manager and chair agreed why it was late: of four in five, by the day, so that no chance is drawn."""
    number = to_local(held).date().toordinal()
    if number % 5 == 0:
        return
    reason, text = WHY_LATE[number % len(WHY_LATE)]
    detail = {
        "text": text,
        "interim_plan": "Visits twice a week; the grandmother has the children at weekends.",
        "manager": telling.person("teammanager2"),
        "chair": by,
    }
    agreed = held + timedelta(hours=3)
    telling.tell("conference_delay_agreed", agreed, by, reason, detail=detail, recorded_at=agreed + minutes(10))


def _tell_plan(telling: Telling, conference: datetime) -> None:
    """Core group within about ten working days, reviews near three and then six months."""
    rng, day = telling.rng, to_local(conference).date()
    core = add_working_days(day, 6 + rng.randrange(4) + 3 * (rng.random() < 0.15))
    telling.tell("core_group_held", from_local(core, 14, 0), telling.person("teammanager2"))
    review = day
    later = int(rng.random() < 0.4)
    for months in range(1 + later):
        outcome = "plan_ended" if months == later else "plan_continues"
        review = add_working_days(review + timedelta(days=(160 if months else 74) + rng.randrange(14)), 1)
        if not telling.tell("review_held", from_local(review, 10, 30), telling.person("conference"), outcome):
            return
    telling.tell("stepped_down", from_local(add_working_days(review, 5), 16), telling.person("teammanager2"))
