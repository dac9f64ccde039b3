"""The outlines of all incidents: when, where, how grave, whose family, and where a live case stands.

Courses are told later and one at a time; only what must be known of all of them at once is settled
here, such as how many notices the police still hold at the end.
"""

from datetime import datetime, timedelta
from random import Random

import msgspec

from schema.vocabulary import NO_CHILD_REASONS
from service.demo.generator import trends
from service.demo.generator.chance import Table, poisson
from service.demo.generator.days import ONE_DAY, from_local, to_local
from service.demo.generator.households import Household, Households
from service.demo.generator.partnership import AREAS, Area

GRADES: Table[str | None] = Table([("high", 0.13), ("medium", 0.31), ("standard", 0.54), (None, 0.02)])
#: Three weeks before the end medium-risk attendances are a larger part.
GRADES_LATELY: Table[str | None] = Table([("high", 0.12), ("medium", 0.38), ("standard", 0.48), (None, 0.02)])
CHILDLESS_REASONS = Table(list(zip(NO_CHILD_REASONS, (0.66, 0.19, 0.15), strict=True)))
AREA = Table([(area, area.share) for area in AREAS])
#: Police references of a year are numbered from here; hand-written cases stay below.
#: Above the numbers of the sample files, so that those can be imported into a demonstration.
FIRST_NUMBER = 400_000
#: Days before the end within which a case counts as live.
LIVE_DAYS = 19.0


class Outline(msgspec.Struct):
    """``hold`` is the step a live case waits for; ``fate`` an outcome laid down beforehand.

    ``cap`` keeps a live case that is not held moving, so that the numbers waiting come out right.
    """

    attended: datetime
    age: float
    area: Area
    grade: str | None
    reference: str = ""
    household: Household | None = None
    no_child_reason: str | None = None
    hold: str | None = None
    fate: str | None = None

    @property
    def cap(self) -> bool:
        return self.age <= LIVE_DAYS + 1


def drawn(rng: Random, until: datetime, scale: float) -> list[Outline]:
    """Outlines of the whole period without families, in no particular order within a day."""
    last = to_local(until).date()
    days = [last - timedelta(days=n) for n in range(trends.PERIOD_DAYS, -1, -1)]
    weights = [trends.daily_weight(day, (last - day) / ONE_DAY) for day in days]
    per_weight = trends.INCIDENTS * scale / sum(weights)
    outlines = []
    for day, weight in zip(days, weights, strict=True):
        for childless, mean in ((False, weight * per_weight), (True, weight * per_weight * trends.CHILDLESS)):
            for _ in range(poisson(rng, mean)):
                attended = from_local(day, trends.hour_of(rng.random()), rng.randrange(60), rng.randrange(2))
                age = (until - attended) / ONE_DAY
                if age < 0.02:
                    continue
                grade = (GRADES_LATELY if age < LIVE_DAYS else GRADES).draw(rng)
                outline = Outline(attended, age, AREA.draw(rng), grade)
                if childless:
                    outline.no_child_reason = CHILDLESS_REASONS.draw(rng)
                outlines.append(outline)
    return outlines


def with_families(rng: Random, outlines: list[Outline], until: datetime) -> None:
    """Give every outline its family and reference, in time order, which is put right here."""
    outlines.sort(key=lambda outline: outline.attended)
    households = Households(rng, to_local(until).date())
    numbers: dict[int, int] = {}
    for outline in outlines:
        day = to_local(outline.attended).date()
        number = numbers[day.year] = numbers.get(day.year, FIRST_NUMBER) + 1
        outline.reference = f"06DA/{number}/{day.year % 100:02d}"
        if outline.no_child_reason is None:
            outline.household = households.pick(outline.area.code, outline.area.districts, day)
