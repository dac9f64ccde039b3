"""Whether a child as typed may be a child who is known, explained field by field. Pure.

Looked for: the same name and date of birth; the same date of birth with a similar name; day and
month the other way round, or one figure of the date another; the same name born within six months; a
name without a date of birth. Nothing here decides: a person settles what is only possible.
"""

from collections.abc import Sequence
from datetime import date
from difflib import SequenceMatcher
from typing import Final, Literal
from uuid import UUID

import msgspec

from service.children.rules import normal_name, normalise_name

#: Days between two dates of birth that may still be one child's.
NEAR_DAYS: Final = 183
#: Share of letters in common, in order, from which two names are similar (difflib's ratio).
_SIMILAR: Final = 0.75
_SHORTEST: Final = 3
_SHOWN: Final = 5

Status = Literal["match", "possible", "many", "none"]
Same = Literal["same", "similar", "different"]


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A child as somebody typed it."""

    family_name: str = ""
    given_names: str = ""
    date_of_birth: date | None = None

    @property
    def normal_name(self) -> str:
        """Names as identity compares them."""
        return normal_name(self.family_name, self.given_names)

    @property
    def can_be_compared(self) -> bool:
        """Whether there is enough to look for: a given name, and a family name or a date of birth."""
        return bool(self.given_names.strip()) and bool(self.family_name.strip() or self.date_of_birth)


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A child on the books; ``pathways`` are those the actor may see."""

    child: UUID
    family_name: str
    given_names: str
    date_of_birth: date | None
    pathways: tuple[UUID, ...] = ()


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A known child who may be the one typed, and why: one sentence for each field."""

    known: Known
    exact: bool
    reasons: tuple[str, ...]
    score: int
    worth_asking: bool
    """Whether others are asked than who just typed the name: two dates that are only near are mostly two children's."""


class Matches(msgspec.Struct, frozen=True, kw_only=True):
    """What was found for one child: one exact ``match``, ``possible`` ones, ``many`` exact ones, or ``none``."""

    status: Status
    candidates: tuple[Candidate, ...] = ()


def turned(born: date) -> date | None:
    """The date with day and month the other way round; None where there is none or it is the same."""
    if born.day > 12 or born.day == born.month:
        return None
    return date(born.year, born.day, born.month)


def matches(said: Said, known: Sequence[Known]) -> Matches:
    """Judge every child that a search gave; one who is known by several names counts by the nearest."""
    found = [each for one in known if (each := compare(said, one)) is not None]
    found.sort(key=lambda each: (-each.score, each.known.family_name, str(each.known.child)))
    nearest: dict[UUID, Candidate] = {}
    for each in found:
        nearest.setdefault(each.known.child, each)
    found = list(nearest.values())
    exact = [each for each in found if each.exact]
    if len(exact) == 1:
        return Matches(status="match", candidates=tuple(exact))
    if exact:
        return Matches(status="many", candidates=tuple(exact[:_SHOWN]))
    return Matches(status="possible" if found else "none", candidates=tuple(found[:_SHOWN]))


def compare(said: Said, known: Known) -> Candidate | None:
    """Whether ``known`` may be the child; None when it is not worth asking."""
    name, named = _names(said, known)
    born, dated = _born(said.date_of_birth, known.date_of_birth)
    exact = name == 3 and born == 4
    likely = (born == 4 and name >= 1) or (born == 3 and name >= 2) or (name == 3 and born >= 1)
    if not likely:
        return None
    worth_asking = born != 2
    return Candidate(known=known, exact=exact, reasons=(named, dated), score=name + born, worth_asking=worth_asking)


def _names(said: Said, known: Known) -> tuple[int, str]:
    """How alike the names are (3 the same, 2 similar, 1 the given names alone, 0 not), and in words."""
    family = alike(said.family_name, known.family_name)
    given = alike(said.given_names, known.given_names)
    if family == given == "same":
        return 3, "Same name."
    if alike(said.family_name, known.given_names) == alike(said.given_names, known.family_name) == "same":
        return 2, "Family and given names the other way round."
    if family != "different" and given != "different":
        parts = [
            f"{what} similar: {theirs} on record"
            for what, how, theirs in (
                ("family name", family, known.family_name),
                ("given names", given, known.given_names),
            )
            if how == "similar"
        ]
        text = " and ".join(parts)
        return 2, f"{text[:1].upper()}{text[1:]}."
    if given == "same":
        other = known.family_name or "none"
        return 1, f"Same given names, another family name: {other} on record."
    return 0, "Another name."


def _born(typed: date | None, stored: date | None) -> tuple[int, str]:
    """How near the dates of birth are (4 same, 3 turned or mistyped, 2 near, 1 one is missing, 0 not), and in words."""
    if typed is None:
        return 1, "No date of birth typed." if stored is None else f"Born {_day(stored)}; no date of birth typed."
    if stored is None:
        return 1, "No date of birth on record."
    if typed == stored:
        return 4, "Same date of birth."
    if turned(typed) == stored:
        return 3, f"Day and month the other way round: {_day(stored)} on record."
    if sum(one != other for one, other in zip(typed.isoformat(), stored.isoformat(), strict=True)) == 1:
        return 3, f"One figure of the date of birth is another: {_day(stored)} on record."
    apart = abs((typed - stored).days)
    if apart <= NEAR_DAYS:
        return 2, f"Born {apart} day{'' if apart == 1 else 's'} apart: {_day(stored)} on record."
    return 0, f"Born {_day(stored)}."


def alike(one: str, other: str) -> Same:
    """Compare two names: the same in any spelling of one form, similar in letters, or different."""
    first, second = normalise_name(one), normalise_name(other)
    if not first or not second:
        return "different"
    if first == second:
        return "same"
    shorter, longer = sorted((first, second), key=len)
    if len(shorter) >= _SHORTEST and longer.startswith(shorter):
        return "similar"
    return "similar" if SequenceMatcher(None, first, second, autojunk=False).ratio() >= _SIMILAR else "different"


def _day(value: date) -> str:
    return f"{value.day} {value:%b %Y}"
