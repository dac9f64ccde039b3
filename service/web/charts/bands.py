"""Stacked age bands: one bar for each grade, its parts by how long they have waited, numbers on them."""

from collections.abc import Sequence
from typing import Final

import msgspec

from service.web.charts.scale import width_of

WIDTH: Final = 1000
_LEFT: Final = 130.0
_RIGHT: Final = 930.0
_ROW: Final = 62.0
_TOP: Final = 44.0
#: Shades there are, lightest first; the darkest need white numbers.
SHADES: Final = 5
_DARK_FROM: Final = 3


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a bar. A number that does not fit stands above it."""

    x: float
    width: float
    shade: int
    number: int
    number_x: float
    inside: bool
    dark: bool
    title: str


class BandRow(msgspec.Struct, frozen=True, kw_only=True):
    """One bar."""

    label: str
    y: float
    parts: tuple[Part, ...]
    total: int
    total_x: float


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """What a shade means."""

    x: float
    shade: int
    text: str


class BandPicture(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the macro ``band_picture`` draws."""

    id: str
    title: str
    desc: str
    width: int
    height: float
    left: float
    keys: tuple[Key, ...]
    rows: tuple[BandRow, ...]
    bands: tuple[str, ...]
    counts: tuple[tuple[str, tuple[int, ...]], ...]
    what: str


def layout(
    *,
    bands: Sequence[str],
    counts: Sequence[tuple[str, Sequence[int]]],
    title: str,
    what: str = "incidents",
    id: str = "bands",
) -> BandPicture:
    """Lay the picture out.

    Args:
        bands: names of at most five bands, shortest wait first.
        counts: (name of the bar, one number for each band), worst grade first.
        title: what the picture is.
        what: what is counted.
        id: prefix of ids, where a page has several.

    Raises:
        ValueError: more bands than shades, or a row of another length.
    """
    if len(bands) > SHADES or any(len(numbers) != len(bands) for _, numbers in counts):
        raise ValueError("one number for each of at most five bands")
    most = max((sum(numbers) for _, numbers in counts), default=0) or 1
    unit = (_RIGHT - _LEFT) / most
    rows = tuple(_row(name, numbers, bands, _TOP + n * _ROW, unit) for n, (name, numbers) in enumerate(counts))
    keys, x = [], _LEFT
    for shade, band in enumerate(bands):
        keys.append(Key(x=round(x, 1), shade=_shade(shade, len(bands)), text=band))
        x += 30 + width_of(band) + 16
    said = "; ".join(f"{name} {sum(numbers)}" for name, numbers in counts)
    return BandPicture(
        id=id,
        title=title,
        desc=f"Bars of {what} by how long they have waited: {said}. The table below says the same.",
        width=WIDTH,
        height=_TOP + len(counts) * _ROW + 4,
        left=_LEFT,
        keys=tuple(keys),
        rows=rows,
        bands=tuple(bands),
        counts=tuple((name, tuple(numbers)) for name, numbers in counts),
        what=what,
    )


def _shade(number: int, of: int) -> int:
    """Spread the bands over the shades, so that the longest wait is always the darkest."""
    return number if of == SHADES else round(number * (SHADES - 1) / max(of - 1, 1))


def _row(name: str, numbers: Sequence[int], bands: Sequence[str], y: float, unit: float) -> BandRow:
    parts, x, free = [], _LEFT, 0.0
    for place, number in enumerate(numbers):
        if number == 0:
            continue
        width = number * unit
        wide = width_of(str(number)) + 8
        inside = width >= wide
        middle = x + width / 2
        if not inside:
            middle = max(middle, free + wide / 2)
            free = middle + wide / 2
        shade = _shade(place, len(bands))
        parts.append(
            Part(
                x=round(x, 1),
                width=round(width, 1),
                shade=shade,
                number=number,
                number_x=round(middle, 1),
                inside=inside,
                dark=shade >= _DARK_FROM,
                title=f"{name}, {bands[place]}: {number}",
            )
        )
        x += width
    return BandRow(label=name, y=y, parts=tuple(parts), total=sum(numbers), total_x=round(x + 10, 1))
