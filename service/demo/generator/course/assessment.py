"""A referral: allocation, seeing the child, and the assessment or the concern it brings to light."""

from datetime import datetime

from service.demo.generator.course.allocation import tell_allocation, tell_authorised
from service.demo.generator.course.protection import tell_concern
from service.demo.generator.days import add_working_days, from_local, to_local
from service.demo.generator.outline import Outline
from service.demo.generator.telling import Telling, around, minutes

#: Assessments that find reasonable cause to suspect significant harm.
ESCALATES = 0.13


def tell_referral(telling: Telling, outline: Outline, at: datetime, worker: str, team: str) -> None:
    """Tell an accepted referral: the assessment, or the concern that it brings to light."""
    rng = telling.rng
    manager = telling.person("manager")
    telling.tell("referral_accepted", at, manager, recorded_at=at + minutes(3))
    start = tell_allocation(telling, outline, at, worker, team)
    if start is None:
        return
    telling.tell("assessment_started", start + minutes(30), worker)
    if outline.hold == "seeing":
        return
    first = to_local(start).date()
    for only in range(len(telling.rows)):
        wait = 1 + int(around(rng, 1.9, 0.6)) if rng.random() < 0.96 else rng.randint(8, 30)
        seen = from_local(add_working_days(first, wait), 10 + rng.randrange(8), rng.randrange(60))
        telling.tell("child_seen", seen, worker, only=only, detail={"seen_alone": rng.random() < 0.7})
    if outline.hold is None and rng.random() < ESCALATES:
        later = from_local(add_working_days(first, 5 + rng.randrange(12)), 10 + rng.randrange(6), rng.randrange(60))
        tell_concern(telling, outline, later, worker, team, referred=True)
        return
    if outline.hold != "assessment":
        tell_authorised(telling, to_local(at).date(), worker, first)
