"""A released report as bytes, and back: the same structs, with `Hidden` where a number is not told."""

import zlib
from typing import Any, Final

import msgspec

from service.reports.disclosure.hidden import Hidden
from service.reports.measures.figures import BoardFigures

#: The way to a value: names of fields, keys and places in lists.
_Way = tuple[str | int, ...]
_HIDDEN: Final = frozenset(Hidden.__struct_fields__)
#: Stands in the place of a hidden number, which has no place in a struct of numbers. It is never told.
_BLANK: Final = 0


class _Packed(msgspec.Struct, frozen=True):
    """A report with blanks, and what stands where they are: thousands of places, a few dozen words."""

    figures: BoardFigures
    hidden: list[tuple[Hidden, list[_Way]]]


_decoder: Final = msgspec.msgpack.Decoder(_Packed)


def pack(figures: BoardFigures) -> bytes:
    """A report as it is told."""
    built = msgspec.to_builtins(figures)
    hidden: dict[Hidden, list[_Way]] = {}
    _blank(built, (), hidden)
    return zlib.compress(msgspec.msgpack.encode({"figures": built, "hidden": list(hidden.items())}))


def _blank(value: Any, way: _Way, hidden: dict[Hidden, list[_Way]]) -> bool:
    """Blank what is hidden in a value, and note where; whether the value is hidden itself."""
    if isinstance(value, dict):
        if value.keys() == _HIDDEN:
            hidden.setdefault(Hidden(**value), []).append(way)
            return True
        parts: Any = value.items()
    elif isinstance(value, list):
        parts = enumerate(value)
    else:
        return False
    for key, part in parts:
        if _blank(part, (*way, key), hidden):
            value[key] = _BLANK
    return False


def unpack(data: bytes) -> BoardFigures:
    """The report that was packed.

    Raises:
        ValueError: it is of another form, or damaged.
    """
    try:
        packed = _decoder.decode(zlib.decompress(data))
        for words, ways in packed.hidden:
            for way in ways:
                _put(packed.figures, way, words)
    except (zlib.error, msgspec.MsgspecError, LookupError, TypeError, AttributeError) as error:
        raise ValueError("this is no packed report") from error
    return packed.figures


def _put(inside: Any, way: _Way, words: Hidden) -> None:
    *before, last = way
    for step in before:
        inside = getattr(inside, str(step)) if isinstance(inside, msgspec.Struct) else inside[step]
    if isinstance(inside, msgspec.Struct):
        # It is frozen for those who read it; nobody has read it yet.
        msgspec.structs.force_setattr(inside, str(last), words)
    else:
        inside[last] = words
