"""Who has the case, and the authorised assessment (DfE, North West, year to March 2025)."""

from datetime import date, datetime

from service.demo.generator.chance import Table
from service.demo.generator.days import add_working_days, from_local, office_minutes_later
from service.demo.generator.outline import Outline
from service.demo.generator.telling import Telling, around, minutes

#: Working days from referral to authorisation: 81.9% within 45; quartiles 20, 35 and 44; many in the last days.
WORKING_DAYS = Table([
    ((3, 12), 0.14), ((13, 20), 0.12), ((21, 28), 0.12), ((29, 35), 0.13), ((36, 40), 0.12), ((41, 43), 0.08),
    ((44, 45), 0.109), ((46, 50), 0.076), ((51, 60), 0.054), ((61, 85), 0.051),
])  # fmt: skip


def tell_allocation(telling: Telling, outline: Outline, at: datetime, worker: str, team: str) -> datetime | None:
    """Tell who got the case and when; None while nobody has it."""
    rng = telling.rng
    if outline.hold == "allocation":
        return None
    wait = around(rng, 150, 0.7) + (rng.uniform(700, 4000) if rng.random() < 0.09 else 0)
    allocated = office_minutes_later(at, min(wait, 60) if outline.hold else wait)
    by = telling.person("teammanager" if team.startswith("assessment") else "teammanager2")
    told = telling.tell("allocated", allocated, by, detail={"worker": worker, "team": team})
    return allocated if told else None


def tell_authorised(telling: Telling, referred: date, worker: str, settled: date | None) -> None:
    """Tell the authorised assessment and the closing, neither before the day ``settled``.

    ``settled`` None: a plan or an open enquiry keeps the case open whatever the assessment says.
    """
    rng = telling.rng
    low, high = WORKING_DAYS.draw(rng)
    day = add_working_days(referred, rng.randint(low, high))
    if settled is not None and day <= settled:
        day = add_working_days(settled, 1)
    by = telling.person("teammanager")
    at = from_local(day, 13 + rng.randrange(4), rng.randrange(60))
    u = 0.5 if settled is None else rng.random()
    outcome = "no_further_action" if u < 0.28 else "child_in_need" if u < 0.75 else "early_help"
    told = telling.tell("assessment_authorised", at, by, outcome, detail={"worker": worker})
    if not told or settled is None:
        return
    if outcome == "early_help":
        telling.tell("stepped_down", at + minutes(30), by)
    else:
        more = 0 if outcome == "no_further_action" else 30 + rng.randrange(60)
        telling.tell("closed", from_local(add_working_days(day, 1 + more), 16, rng.randrange(60)), by)
