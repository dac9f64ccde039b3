"""What an Excel number format shows: a date, a time of day, both, or a number (ECMA-376 18.8.30)."""

import re
from typing import Final, Literal

Shows = Literal["date", "time", "both", "number"]

_LITERALS: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)


def shown_by(number: int, code: str | None) -> Shows:
    """``number`` is the format's id, ``code`` its own text where the workbook defines it."""
    if code is not None:
        return _by_code(code)
    if 14 <= number <= 17 or 27 <= number <= 31 or number == 36 or 50 <= number <= 58:
        return "date"
    if 18 <= number <= 21 or 32 <= number <= 35 or 45 <= number <= 47:
        return "time"
    return "both" if number == 22 else "number"


def _by_code(code: str) -> Shows:
    plain = _LITERALS.sub("", code.split(";")[0]).lower().replace("general", "")
    clock = "h" in plain or "s" in plain
    day = "d" in plain or "y" in plain or ("m" in plain and not clock)
    if day:
        return "both" if clock else "date"
    return "time" if clock else "number"
