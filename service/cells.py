"""Cells of exported files: text that a spreadsheet would run as a formula is defused, reversibly.

Text that starts with ``= + - @``, tab or return gets one leading apostrophe; imports strip exactly
that one. Text that already starts with apostrophes before such a character gets one more, so that
``unguard(guard(text)) == text`` for every text. (OWASP, "CSV injection".)
"""

import re
from collections.abc import Iterable

_FIRST = frozenset("=+-@\t\r'")
_RISKY = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_QUOTED = re.compile(r'[,"\r\n]')


def guard(text: str) -> str:
    """``text`` with one leading apostrophe where a spreadsheet might take it for a formula."""
    return "'" + text if text[:1] in _FIRST and _RISKY.match(text) else text


def unguard(text: str) -> str:
    """``text`` without the one apostrophe that ``guard`` put there."""
    return text[1:] if text[:1] == "'" and _GUARDED.match(text) else text


def csv_line(cells: Iterable[str]) -> str:
    """One guarded, comma-separated line with CRLF; quoted only where the text needs it."""
    guarded = [guard(cell) for cell in cells]
    line = ",".join(guarded)
    if '"' in line or "\n" in line or "\r" in line or line.count(",") >= len(guarded):
        line = ",".join([_quote(cell) for cell in guarded])
    return line + "\r\n"


def _quote(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text
