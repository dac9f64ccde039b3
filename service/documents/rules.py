"""What may stand in a printed document: only characters that its font can show, and words that fit a line.

PDF/UA wants every character of a document to have a glyph and a meaning, so what people typed is made fit first:
nothing is lost silently, a character without a glyph becomes U+FFFD.
"""

import struct
import unicodedata
from typing import Final

_LONGEST_WORD: Final = 36
_SUBSTITUTE: Final = "\ufffd"
_BREAK_HERE: Final = "\u200b"
#: They turn the order of the text around them: a name could make a whole sentence read otherwise.
_TURNING: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_KEPT: Final = frozenset("\n\t\u200b")


def covered(font: bytes) -> frozenset[int]:
    """The characters a TrueType font has glyphs for, from its table ``cmap`` (OpenType 1.9, formats 4 and 12).

    Raises:
        ValueError: no table of these formats.
    """
    tables = struct.unpack_from(">H", font, 4)[0]
    for place in range(12, 12 + 16 * tables, 16):
        tag, _, start, _ = struct.unpack_from(">4sIII", font, place)
        if tag == b"cmap":
            return frozenset(_characters(font, start))
    raise ValueError("the font has no character map")


def _characters(font: bytes, cmap: int) -> set[int]:
    found: dict[int, set[int]] = {}
    for number in range(struct.unpack_from(">H", font, cmap + 2)[0]):
        _, _, offset = struct.unpack_from(">HHI", font, cmap + 4 + 8 * number)
        start = cmap + offset
        form = struct.unpack_from(">H", font, start)[0]
        if form == 12:
            groups = struct.unpack_from(">I", font, start + 12)[0]
            each = struct.iter_unpack(">III", font[start + 16 : start + 16 + 12 * groups])
            found[12] = {code for first, last, _ in each for code in range(first, last + 1)}
        elif form == 4:
            found[4] = _format_4(font, start)
    if not found:
        raise ValueError("the font's character map has neither format 4 nor 12")
    return found[max(found)]


def _format_4(font: bytes, start: int) -> set[int]:
    double = struct.unpack_from(">H", font, start + 6)[0]
    ends = struct.unpack_from(f">{double // 2}H", font, start + 14)
    firsts = struct.unpack_from(f">{double // 2}H", font, start + 16 + double)
    return {
        code for first, last in zip(firsts, ends, strict=True) if first != 0xFFFF for code in range(first, last + 1)
    }


def printable(text: str, has: frozenset[int]) -> str:
    """The text as it can be printed: composed, without characters that turn it around, long words breakable.

    Args:
        text: what somebody typed.
        has: the characters of the font.
    """
    shown = []
    run = 0
    for each in unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")):
        if each in _TURNING:
            continue
        fits = each in _KEPT or (unicodedata.category(each) not in {"Cc", "Cs", "Co", "Cn"} and ord(each) in has)
        run = 0 if each.isspace() else run + 1
        if run > _LONGEST_WORD:
            shown.append(_BREAK_HERE)
            run = 1
        shown.append(each if fits else _SUBSTITUTE)
    return "".join(shown)
