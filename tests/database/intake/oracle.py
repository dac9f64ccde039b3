"""What becomes of the rows of a police file, told once more in the plainest way there is.

Shares nothing with the application: every local time is found by trying instants, the books are lists that are
gone through from the start for every row, and names are the same when the generator says so. Slow and obvious, so that
the two can be compared over thousands of rows.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
MOMENTS = ("incident", "attended", "submitted", "shared")
AREAS = {"wigan": "359", "bolton": "350", "rochdale": "354"}
GRADES = {"high": "high", "h": "high", "medium": "medium", "med": "medium", "m": "medium"}
GRADES |= {"standard": "standard", "std": "standard", "s": "standard"}
SEXES = {"male": "M", "m": "M", "female": "F", "f": "F"}
SEEN = {"y": "yes", "yes": "yes", "n": "no", "no": "no"}

Time = tuple[date, datetime | None]
Row = dict[str, str]
Said = dict[str, Any]


class Told:
    """What the oracle says of one row: its outcome, whether it updated, and the columns that are why."""

    def __init__(self, outcome: str, updated: bool = False, why: frozenset[str] = frozenset()) -> None:
        self.outcome, self.updated, self.why = outcome, updated, why

    def __repr__(self) -> str:
        return f"{self.outcome}{' updated' if self.updated else ''} {sorted(self.why)}"


class Refusal(Exception):
    """This cell cannot be read."""


def tidy(text: str) -> str:
    return " ".join(text.split())


def day_of(text: str) -> date:
    """A day written day first, or in full ISO form."""
    try:
        if text.count("/") == 2:
            day, month, year = text.split("/")
            if len(year) != 4 or len(day) > 2 or len(month) > 2:
                raise Refusal
            return date(int(year), int(month), int(day))
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal from None


def instants(local: datetime) -> list[datetime]:
    """Every instant at which the clocks on the wall showed this."""
    found = []
    for hours in (-1, 0):
        at = local.replace(tzinfo=UTC) + timedelta(hours=hours)
        if at.astimezone(LONDON).replace(tzinfo=None) == local:
            found.append(at)
    return found


def readings(day: str, clock: str, latest: datetime) -> list[Time]:
    """What a date and a time of day can mean; none: nothing was given."""
    if not day:
        if clock:
            raise Refusal
        return []
    on = day_of(day)
    if not clock:
        if on > latest.astimezone(LONDON).date():
            raise Refusal
        return [(on, None)]
    try:
        hours, minutes, seconds = (int(part) for part in (clock if clock.count(":") == 2 else f"{clock}:0").split(":"))
        local = datetime(on.year, on.month, on.day, hours, minutes, seconds)  # noqa: DTZ001  # what the clock on the wall shows
    except ValueError:
        raise Refusal from None
    possible = [at for at in instants(local) if at <= latest]
    if not possible:
        raise Refusal
    return [(on, at) for at in possible]


def orderly(times: list[Time]) -> bool:
    """No known time lies after one that must follow it; a day is compared as a day."""
    for place, (on, at) in enumerate(times):
        for later_on, later_at in times[place + 1 :]:
            if at is not None and later_at is not None:
                if at > later_at:
                    return False
            elif on > later_on:
                return False
    return True


def ways(choices: list[list[Time]]) -> list[list[Time]]:
    """Every way of choosing one reading of each."""
    if not choices:
        return [[]]
    return [[first, *rest] for first in choices[0] for rest in ways(choices[1:])]


def same_time(one: Time, other: Time) -> bool:
    if one[1] is None or other[1] is None:
        return one[0] == other[0]
    return one[1] == other[1]


class Books:
    """The books as the oracle keeps them: rows that were accepted, children of incidents, rows that were held."""

    def __init__(self) -> None:
        self.incidents: dict[str, list[Said]] = {}
        self.facts: dict[tuple[str, str], Any] = {}
        self.held: list[tuple[object, ...]] = []

    def take(self, row: Row, now: datetime, *, whole: bool = True) -> Told:
        """What becomes of a row. ``row`` holds raw text by field; ``who`` is the name without its spellings.

        ``whole``: it has as many cells as the heading, and is not the line that counts.
        """
        if not whole:
            return Told("refused", why=frozenset({"row"}))
        said, why = self.read(row, now + timedelta(minutes=5))
        if why:
            return Told("refused", why=frozenset(why))
        return self.place(said)

    def read(self, row: Row, latest: datetime) -> tuple[Said, set[str]]:
        row, why = dict(row), set()
        for field, text in row.items():
            allowed = "\t\r\n" if field == "summary" else ""
            if any((ord(letter) < 32 or 127 <= ord(letter) < 160) and letter not in allowed for letter in text):
                why.add(field)
                row[field] = ""
        said: Said = {"reference": tidy(row["reference"]), "who": row["who"]}
        if not said["reference"]:
            why.add("reference")
        said["area"] = AREAS.get(tidy(row["area"]).lower())
        if said["area"] is None:
            why.add("area")
        grade = tidy(row["grade"]).lower()
        said["grade"] = GRADES.get(grade)
        if grade and said["grade"] is None:
            why.add("grade")
        possible = self.times(row, latest, why)
        said["born"] = self.birth(row["born"].strip(), latest, why)
        said["sex"] = SEXES.get(tidy(row["sex"]).lower())
        said["seen"] = SEEN.get(tidy(row["seen"]).lower())
        said["district"] = tidy(row["district"]).lower() or None
        said["summary"] = tidy(row["summary"]).lower() or None
        kept = [way for way in ways(list(possible.values())) if orderly(way)]
        said["held"] = len(kept) != 1
        for name, readable, decided in zip(
            possible, possible.values(), kept[0] if len(kept) == 1 else possible.values(), strict=True
        ):
            said[name] = tuple(readable) if len(kept) != 1 else decided
        return said, why

    def times(self, row: Row, latest: datetime, why: set[str]) -> dict[str, list[Time]]:
        possible: dict[str, list[Time]] = {}
        for name in MOMENTS:
            if name == "incident":
                day, clock = row["incident_date"].strip(), row["incident_time"].strip()
            else:
                day, _, clock = row[name].strip().partition(" ")
            try:
                found = readings(day, clock.strip(), latest)
            except Refusal:
                why.add(name)
                continue
            if found:
                possible[name] = found
        return possible

    def birth(self, text: str, latest: datetime, why: set[str]) -> date | None:
        try:
            born = day_of(text) if text else None
        except Refusal:
            why.add("born")
            return None
        if born is not None and born > latest.astimezone(LONDON).date():
            why.add("born")
        return born

    def place(self, said: Said) -> Told:
        if said["held"]:
            return self.hold(said)
        reference = str(said["reference"])
        known = reference in self.incidents
        children = self.incidents.setdefault(reference, [])
        if said["who"] == "" and said["born"] is None:
            return Told("repeated" if known else "accepted")
        wrong = any(
            (reference, name) in self.facts and self.differs(name, said[name], self.facts[reference, name])
            for name in ("incident", "attended", "grade")
            if said.get(name) is not None
        )
        child = self.find(children, said)
        if child is None:
            if wrong:
                return self.hold(said)
            children.append(said)
            self.remember(reference, said)
            return Told("accepted")
        new = {}
        for name in ("area", "grade", *MOMENTS, "born", "sex", "seen", "district", "summary"):
            value = said.get(name)
            if value is None:
                continue
            stored = child.get(name)
            if stored is None:
                new[name] = value
            elif self.differs(name, value, stored):
                wrong = True
            elif name in MOMENTS and stored[1] is None and value[1] is not None:
                new[name] = value
        if wrong:
            return self.hold(said)
        if not new:
            return Told("repeated")
        child.update(new)
        self.remember(reference, said)
        return Told("accepted", updated=True)

    def differs(self, name: str, value: Any, stored: Any) -> bool:
        if name in MOMENTS:
            same: bool = same_time(value, stored)
            return not same
        return bool(value != stored)

    def find(self, children: list[Said], said: Said) -> Said | None:
        same = [child for child in children if child["who"] == said["who"]]
        exact = [child for child in same if child["born"] == said["born"]]
        if exact:
            return exact[0]
        loose = [child for child in same if said["born"] is None or child["born"] is None]
        return loose[0] if len(loose) == 1 else None

    def remember(self, reference: str, said: Said) -> None:
        """What is true of an incident is true of all its children."""
        for name in ("incident", "attended", "grade"):
            value, known = said.get(name), self.facts.get((reference, name))
            blunt = known is not None and name in MOMENTS and known[1] is None and value and value[1]
            if value is not None and (known is None or blunt):
                self.facts[reference, name] = value

    def hold(self, said: Said) -> Told:
        row = tuple(said.get(name) for name in sorted({*said, *MOMENTS} - {"held"}))
        if row in self.held:
            return Told("repeated")
        self.held.append(row)
        return Told("held")
