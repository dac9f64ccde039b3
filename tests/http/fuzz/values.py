"""Values that hit something: what a schema alone would never make, put in the place of what it made."""

from __future__ import annotations

import re
from random import Random
from typing import Any, Final

from schema.vocabulary import CONTACT_OUTCOMES, GRADES, MILESTONES, NOT_SHARED_REASONS
from tests.http.fuzz.target import NOBODYS

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d\Z")
INSTANTS: Final = (
    "2026-11-03T09:12:00Z",
    "2026-11-03T11:59:59.999999Z",
    "2026-10-25T00:30:00Z",
    "2026-03-29T01:30:00+01:00",
    "2026-11-02T23:59:00+23:59",
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "1847-11-30T23:58:45Z",
    "1970-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-12:00",
)
DAYS: Final = ("2026-11-03", "2026-11-02", "2024-02-29", "0001-01-01", "1900-01-01", "9999-12-31")
TEXTS: Final = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\x1b[31m",
    "\u202e\u200b",
    "=1+1",
    "'; drop table milestone; --",
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "%00%0a",
    "../../etc/passwd",
    "é" * 300,
    "\U0001f9d2" * 70,
    "9" * 400,
    "-1",
    "1e400",
    "NaN",
    "on",
    "true",
    "03/11/2026 09:12",
    "25/10/2026 01:30",
    "29/03/2026 01:30",
    "31/02/2026",
    "today",
)
_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "kind": MILESTONES,
    "outcome": (*CONTACT_OUTCOMES, *GRADES, "quorate", "joint"),
    "grade": (*GRADES, "ungraded"),
    "reason": (*NOT_SHARED_REASONS, "It was wrong"),
    "force": ("gmp", "merseyside"),
    "area": ("359", "350"),
    "to_area": ("350", "359"),
    "precision": ("minute", "day", "second", "estimated"),
    "starts": MILESTONES,
    "stops": MILESTONES,
}


def known(ids: dict[str, list[str]], name: str, chance: Random) -> str:
    """An id that is there, mostly of the kind that ``name`` says, sometimes nobody's."""
    roll = chance.random()
    if roll < 0.7 and name in ids:
        return chance.choice(ids[name])
    if roll < 0.9:
        return chance.choice(ids[chance.choice(sorted(ids))])
    return str(NOBODYS)


def hit(value: Any, ids: dict[str, list[str]], chance: Random, name: str = "") -> Any:
    """The same body with some of its values replaced by such as reach further in."""
    if isinstance(value, dict):
        return {key: hit(each, ids, chance, str(key)) for key, each in value.items()}
    if isinstance(value, list):
        return [hit(each, ids, chance, name.removesuffix("s")) for each in value]
    if not isinstance(value, str) or chance.random() < 0.3:
        return value
    if _UUID.match(value):
        return known(ids, name, chance)
    if _INSTANT.match(value):
        return chance.choice(INSTANTS)
    if _DAY.match(value):
        return chance.choice(DAYS)
    if name in _CHOICES:
        return chance.choice(_CHOICES[name])
    return chance.choice(TEXTS) if chance.random() < 0.3 else value
