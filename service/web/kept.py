"""What the boxes of a form are called, for the page that keeps what was typed when a session ended.

That page knows a form by its address alone and nothing of the record behind it. A subject whose fields have other
words on its form than their names gives them here when its pages are imported.
"""

import re
from collections.abc import Callable
from typing import Final

from service.web import words

#: The words that stand above a field on its form; None for one it does not know.
Namer = Callable[[str], str | None]
_ROW: Final = re.compile(r"([a-z_]+?)_(\d+)_(.+)\Z")
_namers: Final[list[tuple[re.Pattern[str], Namer]]] = []


def register(path: str, namer: Namer) -> None:
    """Let forms that are sent to addresses like ``path`` (a regular expression) show the words of their boxes."""
    _namers.append((re.compile(path), namer))


def label(path: str, name: str) -> str:
    """What a box of a form is called: its own words, else its name as words, ``Children 2: said``."""
    for fits, namer in _namers:
        if fits.fullmatch(path) and (found := namer(name)):
            return found
    row = _ROW.match(name)
    if row is None:
        return words.sentence(name)
    return f"{words.sentence(row[1])} {int(row[2]) + 1}: {words.sentence(row[3]).lower()}"
