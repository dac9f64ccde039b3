"""Pure rules of putting an arrival on the books: what is new, what repeats, what contradicts.

An arrival is one child in one incident with what the sender says of them. The same force,
reference and child (normalised names and date of birth) is the same pathway; a blank never
contradicts anything; a value that differs from the stored one is held for a person.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from schema.spine import Milestone
from schema.vocabulary import Precision
from service.children.rules import normal_name

_LONDON: Final = ZoneInfo("Europe/London")


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """A milestone that the sender gives. ``at`` is an instant in UTC, ``on`` a day."""

    kind: str
    at: datetime | None = None
    on: date | None = None
    precision: Precision = "minute"
    outcome: str | None = None
    detail: dict[str, Any] = {}
    #: Facts of one ``shared`` mark in one area are one record for all the children they cover.
    shared: str | None = None


class ChildSaid(msgspec.Struct, frozen=True, kw_only=True):
    """What the sender says of a child. None means not said."""

    family_name: str = ""
    given_names: str = ""
    date_of_birth: date | None = None
    expected_date_of_birth: date | None = None
    sex: str | None = None
    ethnicity: str | None = None
    disability: str | None = None
    local_reference: str | None = None
    school: UUID | None = None
    school_status: str | None = None
    confidential_address: bool = False
    safe_contact: str | None = None
    restricted: bool = False

    @property
    def normal_name(self) -> str:
        """Names as identity compares them."""
        return normal_name(self.family_name, self.given_names)


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """One child in one incident, as somebody sent it."""

    force: str
    reference: str
    area: str
    child: ChildSaid
    facts: tuple[Fact, ...]
    source: str
    district: str | None = None
    summary: str | None = None
    coverage: str = "all_notices"
    involvement: str = "not_recorded"
    known_child: UUID | None = None
    origin: UUID | None = None


class Difference(msgspec.Struct, frozen=True):
    """A value that contradicts the stored one: a proposed correction."""

    field: str
    stored: str
    got: str
    milestone: UUID | None = None


class Comparison(msgspec.Struct, frozen=True):
    """What an arrival adds to a pathway that is on the books, and where it contradicts it.

    ``sharper``: what is known by its day, and the fact that gives its time.
    """

    new: tuple[Fact, ...]
    sharper: tuple[tuple[Milestone | Fact, Fact], ...]
    fills: dict[str, Any]
    differences: tuple[Difference, ...]


OutcomeKind = Literal["accepted", "repeated", "held"]

#: Milestones that may stand several times on one pathway: another time is another event.
REPEATABLE: Final = frozenset(
    {
        "risk_regraded",
        "information_requested",
        "information_returned",
        "strategy_requested",
        "strategy_scheduled",
        "strategy_postponed",
        "strategy_cancelled",
        "strategy_held",
        "strategy_record_issued",
        "core_group_held",
        "review_held",
        "allocated",
        "allocation_ended",
        "child_seen",
    }
)
#: Facts without a time of their own: when a police row says that a child was seen, it was then.
UNTIMED: Final = frozenset({"risk_graded", "seen_at_scene"})
#: Facts of the incident: what is said of one child must fit what is known of its siblings.
OF_THE_INCIDENT: Final = ("incident_occurred", "police_attended", "risk_graded")
_FILLABLE: Final = (
    "date_of_birth",
    "expected_date_of_birth",
    "sex",
    "ethnicity",
    "disability",
    "local_reference",
    "school",
    "school_status",
    "safe_contact",
)
#: What keeps two records apart although names and date of birth are the same.
APART: Final = frozenset({"sex"})
#: Words about one child's part in the incident, by pathway. A records system's export tells the record
#: as it stands, so that other words there contradict; a person who types again may tell it otherwise.
TOLD: Final = ("district", "summary")
#: What is known of a child that rules look at.
TELLING: Final = frozenset({"date_of_birth", "expected_date_of_birth", "school_status"})
_UNKNOWN: Final[Mapping[str, Any]] = {"sex": "U", "school_status": "unknown"}


def current(milestones: Iterable[Milestone]) -> list[Milestone]:
    """Milestones that are neither corrected nor retracted."""
    rows = list(milestones)
    gone = {row.supersedes for row in rows if row.supersedes}
    return [row for row in rows if row.id not in gone and not row.retracted]


def compare(standing: Iterable[Milestone | Fact], child: Mapping[str, Any], arrival: Arrival) -> Comparison:
    """Compare an arrival with what is stored, or about to be, of its pathway and child.

    Args:
        standing: the pathway's current milestones, or the facts of an arrival before it.
        child: the stored fields by name, of the child and of what was told of this pathway.
        arrival: what was sent.
    """
    stands: dict[str, list[Milestone | Fact]] = {}
    for thing in standing:
        stands.setdefault(thing.kind, []).append(thing)
    new: list[Fact] = []
    sharper: list[tuple[Milestone | Fact, Fact]] = []
    differences: list[Difference] = []
    for fact in arrival.facts:
        known = stands.get(fact.kind)
        if not known:
            new.append(fact)
            continue
        like = [thing for thing in known if agrees(fact, thing)]
        if like:
            if fact.at is not None and all(thing.at is None for thing in like) and fact.kind not in UNTIMED:
                sharper.append((like[0], fact))
        elif fact.kind in REPEATABLE and fact.at is not None:
            new.append(fact)
        else:
            differences.append(differs(fact, known[0]))
    of_child, otherwise = added(child, arrival.child)
    differences += otherwise
    fills = of_child | _told(child, arrival, differences)
    return Comparison(tuple(new), tuple(sharper), fills, tuple(differences))


def added(child: Mapping[str, Any], said: ChildSaid) -> tuple[dict[str, Any], list[Difference]]:
    """What is said of a child that was not known, and what is known to be otherwise."""
    fills: dict[str, Any] = {}
    differences: list[Difference] = []
    for field in _FILLABLE:
        got = getattr(said, field)
        if got is None or got == _UNKNOWN.get(field):
            continue
        stored = child.get(field)
        if stored is None or stored == _UNKNOWN.get(field):
            fills[field] = got
        elif stored != got:
            differences.append(Difference(field, str(stored), str(got)))
    return fills, differences


def _told(known: Mapping[str, Any], arrival: Arrival, differences: list[Difference]) -> dict[str, Any]:
    fills: dict[str, Any] = {}
    for field in TOLD:
        got, stored = getattr(arrival, field), known.get(field)
        if got and not stored:
            fills[field] = got
        elif got and arrival.source == "police_file" and _words(got) != _words(str(stored)):
            differences.append(Difference(field, str(stored), got))
    return fills


def _words(text: str) -> str:
    return " ".join(text.split()).casefold()


def differs(fact: Fact, thing: Milestone | Fact) -> Difference:
    """A fact that contradicts what stands."""
    return Difference(fact.kind, say(thing), say(fact), thing.id if isinstance(thing, Milestone) else None)


def agrees(fact: Fact, thing: Milestone | Fact) -> bool:
    """Whether two facts can be the same one, told more or less precisely."""
    if fact.outcome is not None and thing.outcome is not None and fact.outcome != thing.outcome:
        return False
    if fact.kind in UNTIMED:
        return True
    if fact.at is None or thing.at is None:
        return _day(fact) == _day(thing)
    if fact.precision == thing.precision == "second":
        return fact.at == thing.at
    return fact.at.replace(second=0) == thing.at.replace(second=0)


def _day(thing: Milestone | Fact) -> date | None:
    return thing.on or (thing.at.astimezone(_LONDON).date() if thing.at else None)


def say(thing: Fact | Milestone) -> str:
    """A fact for a person who compares two: its outcome, or its time in UTC."""
    if thing.kind in UNTIMED:
        return thing.outcome or "nothing"
    when = thing.at.strftime("%Y-%m-%dT%H:%M:%SZ") if thing.at else str(thing.on)
    return f"{thing.outcome}, {when}" if thing.outcome else when
