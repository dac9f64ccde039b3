"""From the call to the notice arriving at children's social care, told once per incident."""

from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from service.demo.generator import trends
from service.demo.generator.days import (
    ONE_DAY,
    from_local,
    into_office_hours,
    is_working_day,
    next_school_start,
    to_local,
)
from service.demo.generator.households import at_school_age
from service.demo.generator.outline import Outline
from service.demo.generator.partnership import AT_SCHOOL, HOME_EDUCATED
from service.demo.generator.shapes import SyntheticChild
from service.demo.generator.telling import Telling, around, minutes

LIAISON = "liaison.gmp"
FEED = "gmp"
#: When the daily police file is read, local time.
FILE_READ = (6, 2)
#: Median minutes from attendance to sharing, and the spread of their logarithm, by grade.
SHARED_AFTER = {"high": (130.0, 0.50), "medium": (1010.0, 0.42), "standard": (2750.0, 0.42)}
RATIONALES = {
    "high": "Serious assault disclosed; threats to kill; access to the home. Graded high.",
    "medium": "Several indicators of harm, likely if circumstances change. Graded medium.",
    "standard": "No evidence at present of likely serious harm. Graded standard.",
}
SAID = (
    "Said the shouting woke everybody; went to the bathroom and locked the door.",
    "Said they were upstairs with headphones on and heard nothing.",
    "Showed the officer where the door was broken.",
    "Did not want to talk; would not leave the adult victim's side.",
    "Said it has happened before, mostly on Fridays.",
)
#: Days of age from which a child may say something to an officer.
MAY_TALK = 4 * 365
NOT_SEEN = ("asleep, not woken", "staying with grandparents", "at school", "adult declined, welfare checked by voice")


class Notice(NamedTuple):
    """When the notice left and arrived; None for what has not happened."""

    shared: datetime | None
    received: datetime | None


def file_after(at: datetime, until: datetime) -> datetime:
    """When the next police file after ``at`` was read; none came on the silent weekend."""
    silent = trends.silent_weekend(to_local(until).date())
    day = to_local(at).date()
    while day in silent or from_local(day, *FILE_READ) < at:
        day += ONE_DAY
    return from_local(day, *FILE_READ)


def tell_police(telling: Telling, outline: Outline) -> Notice:
    """Tell everything up to the receipt; what is held back or has not happened is left out."""
    rng, until, attended = telling.rng, telling.until, outline.attended
    graded = attended + minutes(rng.uniform(15, 70))
    submitted = graded + minutes(around(rng, 95, 0.5))
    shared = _shared(telling, outline, submitted) if outline.no_child_reason is None else None
    silent = to_local(shared).date() in trends.silent_weekend(to_local(until).date()) if shared else False
    received = _received(telling, outline, shared, silent) if shared else None

    filed = file_after(submitted, until)
    # Shared before the file came: a liaison officer had keyed the notice to share it.
    keyed = shared if shared is not None and not silent and shared < filed else None
    by_hand = keyed is not None or filed > until or outline.no_child_reason is not None
    source, by = ("typed", LIAISON) if by_hand else ("police_file", FEED)
    known = keyed if keyed is not None else submitted + minutes(6) if by_hand else filed

    def told(kind: str, at: datetime, outcome: str | None = None, **detail: object) -> None:
        telling.tell(kind, at, by, outcome, detail=detail or None, source=source, recorded_at=known)

    reported = attended - minutes(around(rng, 14 if outline.grade == "high" else 38, 0.7))
    told("incident_occurred", reported - minutes(around(rng, 25, 1.0)))
    told("police_reported", reported)
    told("police_attended", attended)
    if outline.grade is not None:
        told("risk_graded", graded, outline.grade, by="officer", rationale=RATIONALES[outline.grade])
    told("notice_submitted", submitted)
    if outline.grade is None and shared is not None and rng.random() < 0.8:
        telling.tell(
            "risk_graded",
            submitted + minutes((shared - submitted) / minutes(2)),
            LIAISON,
            "standard",
            detail={"by": "triage", "rationale": RATIONALES["standard"]},
            recorded_at=shared,
        )
    if shared is not None:
        _regrade(telling, outline, submitted, shared)
        telling.tell(
            "notice_shared",
            shared,
            by if silent else LIAISON,
            source=source,
            recorded_at=filed if silent else shared + minutes(1),
        )
    if received is not None:
        # Out of hours it is the emergency duty team that takes the notice in.
        away = into_office_hours(received) != received
        by, outcome = telling.person("edt" if away else "coordinator"), "out_of_hours" if away else None
        telling.tell("notice_received", received, by, outcome, recorded_at=received + minutes(2))
    return Notice(shared, received)


def _shared(telling: Telling, outline: Outline, submitted: datetime) -> datetime | None:
    if outline.hold == "notice":
        return None
    rng, until, attended = telling.rng, telling.until, outline.attended
    grade = outline.grade or "standard"
    delay = around(rng, *SHARED_AFTER[grade])
    shared = max(attended + minutes(delay), submitted + minutes(4))
    if outline.grade == "medium":
        behind = trends.medium_backlog_days(outline.age) * rng.uniform(0.75, 1.1)
        if behind > 1:
            shared = _in_a_batch(shared + timedelta(days=behind))
        elif rng.random() < 0.08:
            shared += minutes(rng.uniform(600, 4000))
    elif rng.random() < 0.05:
        shared += minutes(rng.uniform(120, 2500))
    if outline.cap:
        room = (until - attended) / minutes(1)
        latest = attended + minutes(room * (0.8 if outline.hold == "transit" else 0.3 if outline.hold else 0.55))
        shared = max(min(shared, latest), submitted + minutes(1))
    return shared if shared < until else None


def _in_a_batch(at: datetime) -> datetime:
    """The next Tuesday or Friday afternoon: what was behind left the police in batches."""
    day = to_local(at).date()
    while day.weekday() not in (1, 4) or not is_working_day(day) or from_local(day, 14, 10) < at:
        day += ONE_DAY
    return from_local(day, 14, 10)


def _received(telling: Telling, outline: Outline, shared: datetime, silent: bool) -> datetime | None:
    rng = telling.rng
    if outline.hold == "transit":
        return None
    if silent:
        received = file_after(shared, telling.until) + minutes(rng.uniform(20, 200))
    elif rng.random() < 0.04:
        received = shared + minutes(rng.uniform(130, 1500))
    else:
        received = shared + minutes(around(rng, 14, 0.7))
    if outline.cap:
        received = min(received, shared + minutes((telling.until - shared) / minutes(1) * 0.4))
    return received if received < telling.until else None


def _regrade(telling: Telling, outline: Outline, submitted: datetime, shared: datetime) -> None:
    u = telling.rng.random()
    if outline.grade is None or shared - submitted < minutes(60) or u > 0.07:
        return
    grade = {"high": "medium", "medium": "high" if u < 0.04 else "standard", "standard": "medium"}[outline.grade]
    read = "earlier incidents escalate" if u < 0.04 else "no earlier incident, separated, safeguards in place"
    detail = {"by": "triage", "rationale": f"History read at triage: {read}."}
    telling.tell(
        "risk_regraded",
        submitted + minutes((shared - submitted) / minutes(2)),
        LIAISON,
        grade,
        detail=detail,
        recorded_at=shared,
    )


def tell_of_child(telling: Telling, outline: Outline, child: SyntheticChild, only: int, known_at: datetime) -> None:
    """Tell what differs by child at the scene, and the word to the child's school."""
    rng, day = telling.rng, to_local(outline.attended).date()
    if child.date_of_birth is not None and day >= child.date_of_birth:
        at = outline.attended + minutes(rng.uniform(4, 14))
        if rng.random() < 0.74:
            talks = (day - child.date_of_birth).days > MAY_TALK and rng.random() < 0.6
            detail = {"said": rng.choice(SAID)} if talks else {}
            telling.tell("seen_at_scene", at, LIAISON, "yes", detail=detail, recorded_at=known_at, only=only)
        else:
            detail = {"why_not": rng.choice(NOT_SEEN)}
            telling.tell("seen_at_scene", at, LIAISON, "no", detail=detail, recorded_at=known_at, only=only)
    if outline.grade != "high" and rng.random() < 0.015:
        telling.tell(
            "urgent_for_child",
            outline.attended + minutes(80),
            LIAISON,
            only=only,
            recorded_at=known_at,
            detail={"by": "officer", "reason": "Child injured when trying to intervene"},
        )
    if child.school_status in (AT_SCHOOL, HOME_EDUCATED) and at_school_age(child, day):
        _tell_school(telling, outline.attended, only, known_at)


def _tell_school(telling: Telling, attended: datetime, only: int, known_at: datetime) -> None:
    rng: Random = telling.rng
    begins = next_school_start(attended)
    usual = from_local(to_local(begins).date(), 7, 5) + minutes(rng.randrange(75))
    u = rng.random()
    if u < 0.86:
        at = usual if usual > attended + minutes(30) else attended + minutes(30)
    elif u < 0.95:
        at = begins + minutes(rng.uniform(30, 300))
    elif u < 0.993:
        at = begins + timedelta(days=rng.randrange(1, 15))
    else:
        return
    telling.tell("school_notified", at, LIAISON, only=only, recorded_at=max(at + minutes(2), known_at))
