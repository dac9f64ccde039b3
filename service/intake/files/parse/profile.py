"""Feed profiles: what a force's export calls things, as data in ``schema/feeds/*.toml``.

A profile says which column holds what, how dates and grades are spelled, in which zone the local
times are, and which incidents the feed covers. Spellings are compared without regard to case or
spaces.
"""

from datetime import date
from functools import cache
from importlib import resources
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from schema.vocabulary import Grade

Coverage = Literal["all_incidents", "all_notices", "shared_only"]
Sex = Literal["F", "M", "U"]

#: The four moments of a police row, in the order in which they happen.
MOMENTS = ("incident", "attended", "submitted", "shared")

#: Without these a row cannot be placed at all.
ALWAYS_NEEDED = ("reference", "area")


class Split(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A moment whose day and time of day stand in two columns."""

    date: str
    time: str


class Columns(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The export's own column names. A moment may stand in one column or in two."""

    reference: str
    incident: str | Split
    attended: str | Split | None = None
    submitted: str | Split | None = None
    grade: str | None = None
    district: str | None = None
    area: str
    family_name: str | None = None
    given_names: str | None = None
    date_of_birth: str | None = None
    sex: str | None = None
    seen_at_scene: str | None = None
    shared: str | Split | None = None
    summary: str | None = None


class FeedProfile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One feed: ``force`` and the values of ``areas`` are codes of our own configuration."""

    name: str
    title: str
    force: str
    zone: str
    coverage: Coverage
    columns: Columns
    optional: tuple[str, ...] = ()
    """Fields whose columns may be absent from a file."""
    date_formats: tuple[str, ...]
    """For example ``dd/mm/yyyy``. Full ISO dates are always understood as well."""
    grades: dict[str, Grade]
    areas: dict[str, str]
    sexes: dict[str, Sex] = {}
    seen: dict[str, bool] = {}
    unborn: tuple[str, ...] = ()
    """Forenames that stand for a child not yet born."""
    complete_from: date | None = None
    """The first day from which all that the coverage says is in what the force sent; not known without. What began
    before and was over by then is nobody's to count, so that current rates look at such waits from this day on."""
    total_lines: tuple[str, ...] = ()
    """How the line that only counts the rows begins."""


class ProfileError(ValueError):
    """A feed profile that cannot be used; the text says which and why."""


def fold(text: str) -> str:
    """The form in which spellings are compared: no case, single spaces, none at the ends."""
    return " ".join(text.split()).casefold()


def field_columns(profile: FeedProfile) -> dict[str, str]:
    """Every column the profile names, by field; a split moment gives two (``incident_date`` …)."""
    named: dict[str, str] = {}
    for field in profile.columns.__struct_fields__:
        column: str | Split | None = getattr(profile.columns, field)
        if isinstance(column, Split):
            named[f"{field}_date"] = column.date
            named[f"{field}_time"] = column.time
        elif column is not None:
            named[field] = column
    return named


def parse_profile(text: str, name: str) -> FeedProfile:
    """The profile in ``text`` (TOML), checked for sense; raises ``ProfileError``."""
    try:
        profile = msgspec.toml.decode(text, type=FeedProfile)
        ZoneInfo(profile.zone)
    except (msgspec.DecodeError, ZoneInfoNotFoundError, ValueError) as error:
        raise ProfileError(f"Feed profile {name}: {error}") from error
    problems = list(_senseless(profile))
    if profile.name != name:
        problems.append(f"its name is {profile.name!r}")
    if problems:
        raise ProfileError(f"Feed profile {name}: {'; '.join(problems)}")
    return profile


def _senseless(profile: FeedProfile) -> list[str]:
    problems = []
    columns = [fold(column) for column in field_columns(profile).values()]
    problems += [
        f"two fields share the column {column!r}" for column in sorted({c for c in columns if columns.count(c) > 1})
    ]
    problems += [f"{field!r} cannot be optional" for field in profile.optional if field in ALWAYS_NEEDED]
    fields = set(profile.columns.__struct_fields__)
    problems += [f"optional names no field: {field!r}" for field in profile.optional if field not in fields]
    for pattern in profile.date_formats:
        if any(pattern.count(part) != 1 for part in ("dd", "mm", "yyyy")):
            problems.append(f"the date format {pattern!r} needs dd, mm and yyyy once each")
    if not profile.areas:
        problems.append("it names no area")
    return problems


@cache
def load_profile(name: str) -> FeedProfile:
    """The shipped profile ``name``; raises ``ProfileError`` with the names there are."""
    known = profile_names()
    if name not in known:
        raise ProfileError(f"There is no feed profile {name!r}. There are: {', '.join(known)}")
    return parse_profile((_folder() / f"{name}.toml").read_text("utf-8"), name)


@cache
def profile_names() -> tuple[str, ...]:
    """The shipped profiles in alphabetical order."""
    return tuple(sorted(item.name[:-5] for item in _folder().iterdir() if item.name.endswith(".toml")))


def _folder() -> Any:
    return resources.files("schema") / "feeds"
