"""The backlog in numbers, all of incidents, by the grade that the officer first gave."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import msgspec

from service.reports.backlog.rules.horizons import Horizons
from service.reports.backlog.rules.rows import GRADES, OpenIncident

#: Bands of age: name, and the age below which an incident stands in it.
BANDS: Final = (
    ("under 1 day", timedelta(days=1)),
    ("1 to 3 days", timedelta(days=3)),
    ("3 to 7 days", timedelta(days=7)),
    ("7 to 14 days", timedelta(days=14)),
    ("over 14 days", timedelta.max),
)


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """The backlog in numbers. ``raised`` and ``lowered``: how many are graded otherwise now."""

    total: int
    by_grade: dict[str, int]
    bands: dict[str, tuple[int, ...]]
    age_unknown: int
    oldest: dict[str, timedelta]
    raised: int
    lowered: int
    late: int
    late_by_shift: int
    late_by_monday: int


def figures(rows: Sequence[OpenIncident], horizons: Horizons) -> Figures:
    """Count."""
    bands = {grade: [0] * len(BANDS) for grade in GRADES}
    oldest: dict[str, timedelta] = {}
    unknown = 0
    for row in rows:
        if row.known_at is None:
            unknown += 1
            continue
        age = horizons.now - row.known_at
        bands[row.first_grade][next(n for n, (_, below) in enumerate(BANDS) if age < below)] += 1
        oldest[row.first_grade] = max(age, oldest.get(row.first_grade, timedelta(0)))
    due = [row.due_at for row in rows if row.due_at is not None]
    graded = [(GRADES.index(row.first_grade), GRADES.index(row.grade)) for row in rows if row.first_grade != "ungraded"]
    return Figures(
        total=len(rows),
        by_grade={grade: sum(row.first_grade == grade for row in rows) for grade in GRADES},
        bands={grade: tuple(numbers) for grade, numbers in bands.items()},
        age_unknown=unknown,
        oldest=oldest,
        raised=sum(now < first for first, now in graded),
        lowered=sum(now > first for first, now in graded),
        late=sum(each < horizons.now for each in due),
        late_by_shift=sum(horizons.now <= each < horizons.shift for each in due),
        late_by_monday=sum(horizons.now <= each < horizons.monday for each in due),
    )
