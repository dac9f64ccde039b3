"""Two people write one record: what each changed is put together, and where both wrote, both are shown. Pure.

Forms are compared field by field with what both began from. A field that only one of them changed takes that change.
Rows that both added stand one after the other. Where both changed one field, mine stays in the form and theirs is
shown.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

Pairs = Sequence[tuple[str, str]]
_ROW: Final = re.compile(r"(attendance|information|dissent|actions)_(\d+)_(.+)\Z")


class Clash(msgspec.Struct, frozen=True):
    """A field that both changed: theirs; mine stands in the form. Empty: they took it out."""

    name: str
    theirs: str


class Merged(msgspec.Struct, frozen=True):
    """The form as it goes on."""

    pairs: tuple[tuple[str, str], ...]
    clashes: tuple[Clash, ...]


def merge(base: Pairs, theirs: Pairs, mine: Pairs) -> Merged:
    """Put two forms together that began from one.

    Args:
        base: what both saw when they began.
        theirs: what was saved meanwhile.
        mine: what was sent.
    """
    began, saved = _by_name(base), _by_name(theirs)
    typed = _by_name(_after(mine, _count(base), _count(theirs)))
    kept: dict[str, tuple[str, ...]] = {}
    clashes = []
    for name in dict.fromkeys([*saved, *typed, *began]):
        was, now, my = began.get(name, ()), saved.get(name, ()), typed.get(name, ())
        if my == was:
            kept[name] = now
        else:
            kept[name] = my
            if now not in (was, my):
                clashes.append(Clash(name, ", ".join(now)))
    pairs = tuple((name, value) for name, values in kept.items() for value in values)
    return Merged(pairs, tuple(clashes))


def _by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        text = value.replace("\r\n", "\n").strip()
        if text:
            found[name] = (*found.get(name, ()), text)
    return found


def _count(pairs: Pairs) -> dict[str, int]:
    """Rows of each group that may grow."""
    found: dict[str, int] = {}
    for name, _ in pairs:
        if row := _ROW.match(name):
            found[row[1]] = max(found.get(row[1], 0), int(row[2]) + 1)
    return found


def _after(mine: Pairs, before: Mapping[str, int], theirs: Mapping[str, int]) -> list[tuple[str, str]]:
    """My own new rows behind the new rows of the other."""
    return [(_renumbered(name, before, theirs), value) for name, value in mine]


def _renumbered(name: str, before: Mapping[str, int], theirs: Mapping[str, int]) -> str:
    row = _ROW.match(name)
    if row is None or int(row[2]) < before.get(row[1], 0):
        return name
    added = max(0, theirs.get(row[1], 0) - before.get(row[1], 0))
    return f"{row[1]}_{int(row[2]) + added}_{row[3]}"
