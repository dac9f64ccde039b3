"""Families, and which of them an incident is about.

Sizes of sibling groups and the share of children seen before follow the sample history file.
Missing ethnicity (12 of 48) and disability (20 of 48) follow HMICFRS on GMP, December 2024.
"""

from collections import deque
from datetime import date, timedelta
from random import Random

import msgspec

from service.demo.generator.chance import Table
from service.demo.generator.days import ONE_DAY
from service.demo.generator.names import BOYS, FAMILY_NAMES, GIRLS
from service.demo.generator.partnership import (
    AT_SCHOOL,
    HOME_EDUCATED,
    NOT_IN_EDUCATION,
    SCHOOL_UNKNOWN,
    SCHOOLS,
    TOO_YOUNG,
)
from service.demo.generator.shapes import SyntheticChild

SIZES = Table([(1, 0.42), (2, 0.33), (3, 0.17), (4, 0.05), (5, 0.03)])
#: Ages in completed years; the young are over-represented.
AGES = Table([(age, 7.5 - 0.25 * age) for age in range(18)])
ETHNICITIES = Table([
    ("WBRI", 0.72), ("APKN", 0.08), ("WOTH", 0.06), ("MWBC", 0.04), ("BAFR", 0.04), ("AIND", 0.03), ("AOTH", 0.02),
    ("REFU", 0.01),
])  # fmt: skip
ETHNICITY_MISSING = 0.25
DISABILITY_MISSING = 0.42
DISABLED = 0.14
UNBORN = 0.022
#: Chance that an incident is about a household met before, once enough are known.
REPEAT = 0.30
#: Households remembered per area for repeats; the latest are likelier.
REMEMBERED = 400


class Household(msgspec.Struct):
    """A family of one area."""

    key: str
    district: str
    children: tuple[SyntheticChild, ...]


def at_school_age(child: SyntheticChild, on: date) -> bool:
    """From the September after the fourth birthday until the eighteenth."""
    born = child.date_of_birth
    if born is None or on < born:
        return False
    starts = date(born.year + (4 if (born.month, born.day) < (9, 1) else 5), 9, 1)
    return on >= starts and (on.year - born.year) - ((on.month, on.day) < (born.month, born.day)) < 18


def under_18(child: SyntheticChild, on: date) -> bool:
    born = child.date_of_birth
    return born is None or (on.year - born.year) - ((on.month, on.day) < (born.month, born.day)) < 18


class Households:
    """Makes families as incidents need them, and brings some back."""

    def __init__(self, rng: Random, end: date) -> None:
        self._rng = rng
        self._end = end
        self._known: dict[str, deque[Household]] = {}
        self._made = 0
        self._children = 0

    def pick(self, area: str, districts: tuple[str, ...], on: date) -> Household:
        """The household of an incident on that day: a known one, else a new one."""
        rng = self._rng
        known = self._known.setdefault(area, deque(maxlen=REMEMBERED))
        if len(known) > 20 and rng.random() < REPEAT:
            household = known[-1 - int(len(known) * rng.random() ** 1.7)]
            if all(under_18(child, on) for child in household.children):
                return household
        household = self._make(area, rng.choice(districts), on)
        known.append(household)
        return household

    def _make(self, area: str, district: str, on: date) -> Household:
        rng = self._rng
        self._made += 1
        key = f"{area}-h{self._made}"
        family = rng.choice(FAMILY_NAMES)
        used: set[str] = set()
        ethnicity = None if rng.random() < ETHNICITY_MISSING else ETHNICITIES.draw(rng)
        confidential = rng.random() < 0.012
        children = tuple(
            self._child(
                area, key, family if rng.random() > 0.1 else rng.choice(FAMILY_NAMES), on, used, ethnicity, confidential
            )
            for _ in range(SIZES.draw(rng))
        )
        return Household(key, district, children)

    def _child(
        self,
        area: str,
        household: str,
        family: str,
        on: date,
        used: set[str],
        ethnicity: str | None,
        confidential: bool,
    ) -> SyntheticChild:
        rng = self._rng
        self._children += 1
        born: date | None
        expected: date | None = None
        sex = "F" if rng.random() < 0.49 else "M"
        if rng.random() < UNBORN and "Unborn" not in used:
            expected = on + timedelta(days=rng.randrange(20, 200))
            came = expected + timedelta(days=rng.randrange(-12, 9))
            born = came if came <= self._end else None
        else:
            born = on - timedelta(days=int((AGES.draw(rng) + rng.random()) * 365.2) + 1)
        names = [name for name in (GIRLS if sex == "F" else BOYS) if name not in used]
        given = rng.choice(names) if born is not None else "Unborn"
        used.add(given)
        if expected is not None:
            used.add("Unborn")
        school, status = self._school(area, born)
        return SyntheticChild(
            reference=f"{area}-{200000 + self._children}",
            area=area,
            family_name=family,
            given_names=given,
            household=household,
            sex=sex if born is not None else "U",
            date_of_birth=born,
            expected_date_of_birth=expected,
            ethnicity=ethnicity,
            disability=None if rng.random() < DISABILITY_MISSING else "yes" if rng.random() < DISABLED else "no",
            school=school,
            school_status=status,
            confidential_address=confidential,
            safe_contact="Phone her sister, weekdays before 15:00; no letters, no voicemail" if confidential else None,
        )

    def _school(self, area: str, born: date | None) -> tuple[str | None, str]:
        """As recorded at the end of the period, like everything on a child's record."""
        if born is None:
            return None, TOO_YOUNG
        u = self._rng.random()
        years = (self._end - born) / ONE_DAY / 365.25
        if years < 4.2:
            return None, TOO_YOUNG
        if u < 0.012:
            return None, SCHOOL_UNKNOWN
        if u < 0.027:
            return None, HOME_EDUCATED
        if years > 16.5 and u < 0.2:
            return None, NOT_IN_EDUCATION
        return self._rng.choice(SCHOOLS[area, "primary" if years < 11.4 else "secondary"]), AT_SCHOOL
