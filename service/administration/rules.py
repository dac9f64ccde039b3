"""Pure: which versions of standards hold, and a limit in words. What is missing is said, never guessed."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from schema.standards import Standard


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """One standard for one place: the version that holds, and one that is still to come."""

    key: str
    area: str | None
    force: str | None
    holds: Standard
    coming: Standard | None
    versions: int


def listed(standards: Iterable[Standard], now: datetime) -> list[Listed]:
    """Every standard by name, for everybody first and then for single places."""
    groups: dict[tuple[str, str | None, str | None], list[Standard]] = {}
    for standard in standards:
        groups.setdefault((standard.key, standard.area, standard.force), []).append(standard)
    found = [_one(versions, now) for versions in groups.values()]
    return sorted(found, key=lambda each: (each.holds.name, each.area or "", each.force or ""))


def _one(versions: list[Standard], now: datetime) -> Listed:
    ordered = sorted(versions, key=lambda each: (each.effective_from, each.recorded_at))
    past = [each for each in ordered if each.effective_from <= now]
    holds = past[-1] if past else ordered[0]
    coming = next((each for each in ordered if each.effective_from > max(now, holds.effective_from)), None)
    return Listed(key=holds.key, area=holds.area, force=holds.force, holds=holds, coming=coming, versions=len(versions))


def limit(within: str | Mapping[str, str] | None) -> str:
    """``24 hours``, or ``high 4 hours, medium 24 hours, standard 72 hours``."""
    if within is None:
        return "none"
    return within if isinstance(within, str) else ", ".join(f"{grade} {text}" for grade, text in within.items())
