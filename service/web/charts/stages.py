"""Stages of a pathway from left to right: how long each takes, by grade, on a scale of time that doubles.

In each column a circle with the grade's letter stands at the median, a line through it is the median's interval, and a
bar above it stands where nine of ten have left. What cannot be estimated yet points upwards from what it is at least.
"""

from collections.abc import Sequence
from math import log
from typing import Final

import msgspec

from service.web.charts.scale import Tick, width_of

WIDTH: Final = 1000
HEIGHT: Final = 412.0
_LEFT: Final = 80.0
_RIGHT: Final = 990.0
_TOP: Final = 64.0
_BOTTOM: Final = 312.0
#: Ends of the scale, in minutes.
_LEAST: Final = 30
_MOST: Final = 90 * 1440
_LEVELS: Final = (
    (60, "1 hour"),
    (4 * 60, "4 hours"),
    (1440, "1 day"),
    (3 * 1440, "3 days"),
    (7 * 1440, "1 week"),
    (28 * 1440, "4 weeks"),
    (84 * 1440, "12 weeks"),
)
_LINE: Final = 17.0


class Length(msgspec.Struct, frozen=True, kw_only=True):
    """How long one grade takes; minutes. ``letter`` stands on the mark, ``said`` is the whole in words."""

    letter: str
    median: float | None = None
    low: float | None = None
    high: float | None = None
    at_least: float | None = None
    ninetieth: float | None = None
    said: str = ""


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """One column: its name and address, its lengths by grade, and two or three words under it."""

    name: str
    href: str
    lengths: tuple[Length, ...]
    under: tuple[str, ...] = ()
    alarm: bool = False


class Glyph(msgspec.Struct, frozen=True, kw_only=True):
    """One grade's marks in one column."""

    x: float
    y: float | None
    low_y: float | None
    high_y: float | None
    ninetieth_y: float | None
    letter: str
    beyond: bool
    title: str


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One stage as drawn."""

    x: float
    width: float
    middle: float
    label: tuple[str, ...]
    href: str
    glyphs: tuple[Glyph, ...]
    under: tuple[str, ...]
    alarm: bool
    odd: bool


class StagesPicture(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the macro ``stages_picture`` draws."""

    id: str
    title: str
    desc: str
    width: int
    height: float
    left: float
    right: float
    top: float
    bottom: float
    line: float
    columns: tuple[Column, ...]
    levels: tuple[Tick, ...]


def layout(*, stages: Sequence[Stage], title: str, id: str = "stages") -> StagesPicture:
    """Lay the picture out.

    Args:
        stages: from left to right.
        title: what the picture is.
        id: prefix of ids, where a page has several.
    """
    slot = (_RIGHT - _LEFT) / max(len(stages), 1)
    return StagesPicture(
        id=id,
        title=title,
        desc=(
            f"{len(stages)} stages from left to right. In each, a mark for each grade at the median time, its interval"
            " as a line, and a bar where nine of ten have left. The table below says the same."
        ),
        width=WIDTH,
        height=HEIGHT,
        left=_LEFT,
        right=_RIGHT,
        top=_TOP,
        bottom=_BOTTOM,
        line=_LINE,
        columns=tuple(_column(stage, number, slot) for number, stage in enumerate(stages)),
        levels=tuple(Tick(_y(minutes), text) for minutes, text in _LEVELS),
    )


def _y(minutes: float) -> float:
    """A place on the scale; what lies beyond stands at its edge."""
    share = log(min(max(minutes, _LEAST), _MOST) / _LEAST) / log(_MOST / _LEAST)
    return round(_BOTTOM - share * (_BOTTOM - _TOP), 1)


def _column(stage: Stage, number: int, slot: float) -> Column:
    x = _LEFT + number * slot
    step = slot / (len(stage.lengths) + 1)
    return Column(
        x=round(x, 1),
        width=round(slot, 1),
        middle=round(x + slot / 2, 1),
        label=_broken(stage.name, slot - 6),
        href=stage.href,
        glyphs=tuple(_glyph(length, round(x + (n + 1) * step, 1)) for n, length in enumerate(stage.lengths)),
        under=stage.under,
        alarm=stage.alarm,
        odd=number % 2 == 1,
    )


def _glyph(length: Length, x: float) -> Glyph:
    at = length.median if length.median is not None else length.at_least
    return Glyph(
        x=x,
        y=None if at is None else _y(at),
        low_y=None if length.low is None else _y(length.low),
        high_y=None if length.high is None else _y(length.high),
        ninetieth_y=None if length.ninetieth is None else _y(length.ninetieth),
        letter=length.letter,
        beyond=length.median is None and length.at_least is not None,
        title=length.said,
    )


def _broken(name: str, room: float) -> tuple[str, ...]:
    """A name on as many lines as it takes, three at most."""
    lines: list[str] = []
    for word in name.split():
        if lines and width_of(f"{lines[-1]} {word}") <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple([*lines[:2], " ".join(lines[2:])] if len(lines) > 3 else lines)
