"""What a reader of the board may ask for, read from an address. Pure."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

import msgspec

from service.clocks.local_time import local_day, midnight
from service.errors import Refused, Wrong
from service.reports.disclosure.periods import QUARTER, around, usual_quarter
from service.reports.measures.figures import Period, Scope
from service.reports.measures.gathering import asked_period

#: A year that has run for less than this says too little of itself: the year before is shown.
_ENOUGH: Final = timedelta(weeks=17)
_FIRST: Final = date(2000, 1, 1)
_LAST: Final = date(2999, 12, 31)
_YEAR: Final = 12
_CHOICES: Final = 4


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for; ``words`` names the period where it has a name."""

    scope: Scope
    period: Period
    as_of: datetime | None
    query: dict[str, str]

    def href(self, path: str, **changed: str | None) -> str:
        """An address that asks for the same, with something changed."""
        kept = {name: value for name, value in {**self.query, **changed}.items() if value}
        return f"{path}?{urlencode(kept)}" if kept else path


class Choice(msgspec.Struct, frozen=True):
    """One period that may be chosen."""

    name: str
    first: date
    last: date


def usual(today: date) -> Period:
    """The year from April, or the one before while this one is young."""
    year = around(today, _YEAR)
    return year if today - year.first >= _ENOUGH else around(year.first - timedelta(days=1), _YEAR)


def choices(today: date, *, quarters: bool = False) -> list[Choice]:
    """Calendar years, quarters and months, the latest first; quarters alone for who may ask for nothing else."""
    found = []
    for months, count in ((QUARTER, _CHOICES),) if quarters else ((_YEAR, 2), (QUARTER, _CHOICES), (1, 3)):
        period = around(today, months)
        for _ in range(count):
            found.append(Choice(_name(period, months), period.first, period.last))
            period = around(period.first - timedelta(days=1), months)
    return found


def _name(period: Period, months: int) -> str:
    if months == _YEAR:
        return f"Year from April {period.first.year}"
    if months == QUARTER:
        return f"{period.first:%B} to {period.last:%B %Y}"
    return f"{period.first:%B %Y}"


def months_before(today: date, count: int = 12) -> list[date]:
    """The first days of the latest months, this one included."""
    found, day = [], today.replace(day=1)
    for _ in range(count):
        found.append(day)
        day = (day - timedelta(days=1)).replace(day=1)
    return found


def reported(period: Period, today: date) -> list[date]:
    """The day at whose beginning a quarter had ended, if it has: as it was reported."""
    day = period.last + timedelta(days=1)
    return [day] if day <= today else []


def asked(params: Mapping[str, str], now: datetime, area: str | None, *, quarters: bool = False) -> Asked:
    """Read an address.

    Args:
        params: ``area``, ``from``, ``to`` (alone: the usual weeks end there, as for the API), ``as_of`` (a day: as had
            been reported at its beginning; or an instant, as a report was issued at).
        now: the present instant.
        area: the only area of the reader, where there is one only.
        quarters: whether the reader may ask for quarters alone.

    Raises:
        Refused: a day that is none.
    """
    instant = _instant(params.get("as_of", ""))
    days = {name: _day(name, params.get(name, "")) for name in ("from", "to")}
    days["as_of"] = _day("as_of", params.get("as_of", "")) if instant is None else local_day(instant)
    today = local_day(now)
    then = days["as_of"]
    as_of = instant if then is None or instant is not None else midnight(then)
    if as_of is not None and as_of > now:
        raise Refused([Wrong("as_of", str(then), "a day that has begun", "Choose an earlier day.")])
    day = (then - timedelta(days=1)) if then is not None else today
    period = usual(day) if not quarters else usual_quarter(day) if then is None else around(day, QUARTER)
    if days["from"] is not None or days["to"] is not None:
        last = days["to"] or today
        period = asked_period(days["from"], last)
        if period.first > last:
            help_ = "Choose a first day before the last."
            raise Refused([Wrong("from", str(period.first), f"{last} or earlier", help_)])
    wanted = params.get("area", "")[:20] or area
    query = {name: str(day) for name, day in days.items() if day is not None}
    if as_of is not None and then is not None and as_of != midnight(then):
        query["as_of"] = as_of.isoformat()
    if params.get("area"):
        query["area"] = params["area"][:20]
    return Asked(scope=Scope(areas=(wanted,) if wanted else ()), period=period, as_of=as_of, query=query)


def _instant(text: str) -> datetime | None:
    """The instant that a text names with its zone; of a day, and of what is neither, none."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant.astimezone(UTC) if instant.tzinfo is not None and _FIRST <= instant.date() <= _LAST else None


def _day(name: str, text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Refused([Wrong(name, text[:20], "a day such as 2026-11-03", "Choose a day.")]) from None
    if not _FIRST <= day <= _LAST:
        raise Refused([Wrong(name, text[:20], f"a day from {_FIRST} to {_LAST}", "Choose a day.")])
    return day
