"""What differs between two versions of a record, value by value. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

#: What tells one row of a list from another, the first that a row has.
_KEYS: Final = (("child",), ("action",), ("invitee",), ("what",), ("agency", "name"))


class Difference(msgspec.Struct, frozen=True):
    """One value that changed. ``path`` leads to it: field names, and for a row of a list the row itself.

    A value that is None was not there.
    """

    path: tuple[str | Mapping[str, Any], ...]
    before: Any
    after: Any


def differences(name: str, before: Any, after: Any) -> list[Difference]:
    """Every single value that differs, rows of lists being the same row by whom or what they are about."""
    return list(_differ((name,), before, after))


def _differ(path: tuple[str | Mapping[str, Any], ...], before: Any, after: Any) -> Iterator[Difference]:
    if _said(before) == _said(after):
        return
    if isinstance(before, Mapping) or isinstance(after, Mapping):
        old, new = before or {}, after or {}
        for key in dict.fromkeys((*old, *new)):
            yield from _differ((*path, key), old.get(key), new.get(key))
    elif _rows(before) or _rows(after):
        old, new = _by_key(before or []), _by_key(after or [])
        for identity in dict.fromkeys((*old, *new)):
            row = new.get(identity) or old.get(identity) or {}
            yield from _differ((*path, row), old.get(identity), new.get(identity))
    else:
        yield Difference(path, _said(before), _said(after))


def _said(value: Any) -> Any:
    """Empty text, no rows and nothing are the same: nobody said anything."""
    return None if value in ("", [], {}) else value


def _rows(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and any(isinstance(row, Mapping) for row in value)


def _by_key(rows: Sequence[Any]) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    """Rows by what they are about; the second of two alike is another row."""
    found: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    for row in rows:
        names = next((each for each in _KEYS if all(_said(row.get(name)) for name in each)), ("agency",))
        key = (*names, *(row.get(name) for name in names))
        while key in found:
            key = (*key, "again")
        found[key] = row
    return found
