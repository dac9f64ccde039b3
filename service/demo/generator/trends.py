"""How the two years went: when incidents happen, and what was out of the ordinary when.

Ages are days before the end of the period. The story, oldest first:

* 540-330: the police backlog of medium-risk notices grows, to three weeks at its worst;
* 330-255: it is worked off, in batches;
* 300-210: the front door's threshold drops, and the share becoming a referral rises from 30% to 70%;
* 180-120: managers bring it back;
* 190-0: officers record children at more and more incidents, so arrivals rise to several a day;
* 19-0: the medium notices fall behind again, which is where a visitor finds them.
"""

from bisect import bisect
from datetime import date, timedelta
from itertools import accumulate

PERIOD_DAYS = 730
#: Incidents with children drawn for two years at scale 1; the placed live ones come on top.
INCIDENTS = 2830
#: Incidents without a child's name, per incident with one.
CHILDLESS = 0.1

BACKLOG_BEGAN, BACKLOG_PEAK, BACKLOG_CLEARED = 540, 330, 255
BACKLOG_WORST_DAYS = 21.0
THRESHOLD_MOVED, THRESHOLD_SETTLED, THRESHOLD_RETURNS, THRESHOLD_RETURNED = 300, 210, 180, 120
REFERRAL_SHARE_USUAL, REFERRAL_SHARE_SWUNG = 0.30, 0.70
RECORDING_CHANGED = 190
RECORDING_GROWTH = 2.6
SILENT_WEEKEND_AGE = 33

#: Relative frequency of attendances by local hour: evenings and nights, fewest before breakfast.
_HOURS = (58, 50, 38, 28, 20, 15, 14, 18, 26, 32, 34, 36, 40, 40, 42, 48, 54, 60, 68, 76, 84, 88, 86, 74)
_HOURS_CUMULATED = tuple(accumulate(_HOURS))
#: Monday to Sunday.
_WEEKDAYS = (0.97, 0.90, 0.89, 0.91, 1.02, 1.15, 1.16)
#: January to December: summer holidays and Christmas stand out.
_MONTHS = (1.02, 0.92, 0.96, 0.97, 1.01, 1.04, 1.09, 1.10, 0.99, 0.96, 0.94, 1.08)


def hour_of(u: float) -> int:
    """The local hour of an attendance for a uniform number in [0, 1)."""
    return bisect(_HOURS_CUMULATED, u * _HOURS_CUMULATED[-1])


def daily_weight(day: date, age: float) -> float:
    """How many incidents a day brings, relative to an ordinary one."""
    growth = 1.0 + RECORDING_GROWTH * max(0.0, 1 - max(age, 0.0) / RECORDING_CHANGED)
    return _WEEKDAYS[day.weekday()] * _MONTHS[day.month - 1] * growth


def medium_backlog_days(age: float) -> float:
    """How much longer than usual a medium-risk notice of that age waited at the police."""
    if BACKLOG_PEAK < age < BACKLOG_BEGAN:
        return BACKLOG_WORST_DAYS * (BACKLOG_BEGAN - age) / (BACKLOG_BEGAN - BACKLOG_PEAK)
    if BACKLOG_CLEARED < age <= BACKLOG_PEAK:
        return BACKLOG_WORST_DAYS * (age - BACKLOG_CLEARED) / (BACKLOG_PEAK - BACKLOG_CLEARED)
    return 0.0


def referral_share(age: float) -> float:
    """The share of first decisions (open cases apart) that make a referral of a notice."""
    if age >= THRESHOLD_MOVED or age <= THRESHOLD_RETURNED:
        swung = 0.0
    elif age > THRESHOLD_SETTLED:
        swung = (THRESHOLD_MOVED - age) / (THRESHOLD_MOVED - THRESHOLD_SETTLED)
    elif age > THRESHOLD_RETURNS:
        swung = 1.0
    else:
        swung = (age - THRESHOLD_RETURNED) / (THRESHOLD_RETURNS - THRESHOLD_RETURNED)
    return REFERRAL_SHARE_USUAL + (REFERRAL_SHARE_SWUNG - REFERRAL_SHARE_USUAL) * swung


def silent_weekend(last: date) -> tuple[date, date]:
    """The Saturday and Sunday on which the police sent nothing."""
    near = last - timedelta(days=SILENT_WEEKEND_AGE)
    saturday = near - timedelta(days=(near.weekday() - 5) % 7)
    return saturday, saturday + timedelta(days=1)
