"""Standards: how soon something must happen, as effective-dated data.

The shipped ones stand in ``schema/standards/*.toml``; at runtime each version is a row whose JSON
body is one ``Standard``. Nothing here computes a due time: that is ``service.clocks``.
"""

import re
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal
from uuid import UUID, uuid5

import msgspec

from schema.vocabulary import CONTACT_OUTCOMES, GRADES, MILESTONES, ROLES, Grade

Unit = Literal["elapsed", "working_hours", "working_days", "months", "school_start", "same_day"]
FlagRule = Literal["overdue", "absent", "unallocated", "in_transit"]

#: Starts that are worked out from milestones: when the police knew, and which discussion began an enquiry.
DERIVED_STARTS: Final = ("police_aware", "enquiry_initiated")
_NAMESPACE: Final = UUID("5b1b9c0e-6f0b-5d4e-9a7c-2f1d3a6c8e10")
_SHIPPED: Final = Path(__file__).parent / "standards"
_SECONDS: Final = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}
_DURATION: Final = re.compile(r"(\d{1,6}) (working )?(second|minute|hour|day|week|month)s?")


class StandardError(ValueError):
    """A standard that cannot be used; the message lists everything wrong with it."""


class Duration(msgspec.Struct, frozen=True):
    """How long: seconds for ``elapsed`` and ``working_hours``, else a count of days or months."""

    unit: Unit
    amount: int


class Start(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A milestone that starts a clock.

    ``mode``: ``first`` only if the interval (from the beginning or from a reopening) has no clock of
    this standard yet; ``each`` whenever none is open. ``unless``: not where one of these stands in
    the same interval. ``after``: only once one of these has happened. ``reversing``: only where the
    last clock of this standard was ended by one of these. ``detail``: values the milestone must
    carry. ``within`` overrides the standard's own duration. ``marked``: the start stands in for
    another one, so the clock is approximate.
    """

    kind: str
    outcomes: tuple[str, ...] | None = None
    except_outcomes: tuple[str, ...] = ()
    detail: dict[str, bool | str] = {}
    mode: Literal["first", "each"] = "first"
    unless: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    reversing: tuple[str, ...] = ()
    within: str | None = None
    marked: bool = False


class Stop(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A milestone that meets the standard: with these outcomes, or with any but those excluded."""

    kind: str
    outcomes: tuple[str, ...] | None = None
    except_outcomes: tuple[str, ...] = ()


class Rung(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One step of the escalation ladder: whom to tell how long after the due time (elapsed)."""

    role: str
    after: str | None = None


class Standard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One version of one standard. ``area`` and ``force`` None mean any; ``holder`` is accountable.

    ``within`` and ``warn`` are durations in words ("24 hours", "1 working day", "4 working hours",
    "3 months", "same day", "next school start"), one for all or one per grade; ``warn`` counts back
    from the due time. ``flags`` names the rule of the condition that begins at the due time;
    ``flag_grades`` limits it. ``counts_before_start``: what was done before the start meets it.
    ``ended_by``: what ends the work it belongs to without meeting it (the case is closed): before the
    due time nothing was owed any more, after it the clock stays late and stops there.
    ``one_per``: the word of the milestones' detail that tells one clock from another that runs at the
    same time, such as the discussion whose record is due; without it one is open at a time.
    """

    id: UUID
    key: str
    name: str
    not_yet: str
    holder: str
    started_by: tuple[Start, ...]
    met_by: tuple[Stop, ...]
    within: str | dict[Grade, str]
    basis: str
    source: str
    confidence: Literal["high", "medium", "low"]
    effective_from: datetime
    recorded_at: datetime
    effective_to: datetime | None = None
    area: str | None = None
    force: str | None = None
    also_tell: tuple[str, ...] = ()
    warn: str | dict[Grade, str] | None = None
    ladder: tuple[Rung, ...] = ()
    flags: FlagRule = "overdue"
    flag_grades: tuple[Grade, ...] | None = None
    counts_before_start: bool = False
    ended_by: tuple[Stop, ...] = ()
    one_per: str | None = None
    applies_to: Literal["every_child", "school_age"] = "every_child"
    confirmed_locally: bool = False


def parse_duration(text: str) -> Duration:
    """Read a duration in words; ``ValueError`` says what was expected."""
    if text == "same day":
        return Duration("same_day", 0)
    if text == "next school start":
        return Duration("school_start", 0)
    found = _DURATION.fullmatch(text)
    if found is None:
        raise ValueError(
            f"{text!r} is not a duration: write for example '24 hours', '4 working hours', "
            "'1 working day', '3 months', 'same day' or 'next school start'"
        )
    amount, working, unit = int(found[1]), found[2] is not None, found[3]
    if amount == 0:
        raise ValueError(f"{text!r} is no time at all: a standard needs more than zero")
    if unit == "month":
        if working:
            raise ValueError(f"{text!r}: there are no working months")
        return Duration("months", amount)
    if not working:
        return Duration("elapsed", amount * _SECONDS[unit])
    if unit == "day":
        return Duration("working_days", amount)
    if unit == "week":
        raise ValueError(f"{text!r}: write working days")
    return Duration("working_hours", amount * _SECONDS[unit])


def standard_id(key: str, effective_from: datetime, area: str | None = None, force: str | None = None) -> UUID:
    """The same version always has the same id, on every machine."""
    return uuid5(_NAMESPACE, f"{key}|{area or '*'}|{force or '*'}|{effective_from.isoformat()}")


def problems_of(standard: Standard) -> list[str]:
    """Everything wrong with a standard, in words an administrator can act on."""
    found = [f"{name} is blank" for name in ("key", "name", "not_yet", "holder", "basis") if not _text(standard, name)]
    if not standard.started_by:
        found.append("started_by is blank: a rule without a start would never run, or run for everything")
    if not standard.met_by:
        found.append("met_by is blank: nothing could ever meet this standard")
    for start in standard.started_by:
        found += _kind_problems(
            "started_by", start.kind, start.outcomes or start.except_outcomes or None, (*MILESTONES, *DERIVED_STARTS)
        )
        if start.within is not None:
            found += _duration_problems("started_by.within", start.within)
    for name, stops in (("met_by", standard.met_by), ("ended_by", standard.ended_by)):
        for stop in stops:
            found += _kind_problems(name, stop.kind, stop.outcomes or stop.except_outcomes or None, MILESTONES)
    found += _duration_problems("within", standard.within)
    if standard.warn is not None:
        found += _duration_problems("warn", standard.warn)
    found += [f"ladder: {rung.role!r} is not a role" for rung in standard.ladder if rung.role not in ROLES]
    if standard.ended_by and standard.one_per is not None:
        found.append("ended_by: what ends all work names none of the things that one_per tells apart")
    for name in ("effective_from", "effective_to", "recorded_at"):
        value = getattr(standard, name)
        if value is not None and value.tzinfo is None:
            found.append(f"{name} needs a time zone")
    if not found and standard.effective_to is not None and standard.effective_to <= standard.effective_from:
        found.append("effective_to is not after effective_from: the standard would never apply")
    return found


def checked(standard: Standard) -> Standard:
    """The standard itself, or ``StandardError`` with every problem at once."""
    found = problems_of(standard)
    if found:
        raise StandardError(f"standard {standard.key or '(no key)'}: " + "; ".join(found))
    return standard


def decode_standard(body: bytes | str) -> Standard:
    """A standard from its stored JSON, strictly: unknown or wrongly typed fields are refused."""
    try:
        return checked(msgspec.json.decode(body, type=Standard))
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise StandardError(f"this standard cannot be read: {error}") from error


def encode_standard(standard: Standard) -> bytes:
    """The JSON body that ``decode_standard`` reads."""
    return msgspec.json.encode(standard)


def load_shipped() -> tuple[Standard, ...]:
    """Every standard that ships with the product, in file order."""
    return tuple(standard for path in sorted(_SHIPPED.glob("*.toml")) for standard in read_standards(path.read_bytes()))


def read_standards(document: bytes) -> tuple[Standard, ...]:
    """Standards from one TOML document: shared values at the top, one ``[[standard]]`` each."""
    shared = msgspec.toml.decode(document)
    listed: list[dict[str, Any]] = shared.pop("standard")
    return tuple(_from_table({**shared, **table}) for table in listed)


def _from_table(table: dict[str, Any]) -> Standard:
    identity = standard_id(table["key"], table["effective_from"], table.get("area"), table.get("force"))
    try:
        return checked(msgspec.convert({**table, "id": identity}, Standard))
    except msgspec.ValidationError as error:
        raise StandardError(f"standard {table['key']} cannot be read: {error}") from error


def _text(standard: Standard, name: str) -> str:
    return str(getattr(standard, name)).strip()


def _kind_problems(where: str, kind: str, outcomes: tuple[str, ...] | None, kinds: tuple[str, ...]) -> list[str]:
    if kind not in kinds:
        return [f"{where}: {kind!r} is not a milestone"]
    if outcomes is None:
        return []
    if not outcomes:
        return [f"{where}: {kind} lists no outcome, so it could never match"]
    if kind == "contact_decided":
        return [f"{where}: {o!r} is not a contact outcome" for o in outcomes if o not in CONTACT_OUTCOMES]
    return []


def _duration_problems(where: str, value: str | dict[Grade, str]) -> list[str]:
    if isinstance(value, str):
        pairs = [(where, value)]
    else:
        missing = [grade for grade in GRADES if grade not in value]
        if missing:
            return [f"{where}: no duration for {', '.join(missing)}"]
        pairs = [(f"{where} for {grade}", text) for grade, text in value.items()]
    found = []
    for place, text in pairs:
        try:
            parse_duration(text)
        except ValueError as error:
            found.append(f"{place}: {error}")
    return found
