"""Two ranges side by side: how many wait in the weeks ahead, without and with a change."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import msgspec

from service.web import times
from service.web.charts.scale import Tick, round_up

WIDTH: Final = 1000
HEIGHT: Final = 300.0
_LEFT: Final = 60.0
_RIGHT: Final = 800.0
_TOP: Final = 20.0
_BOTTOM: Final = 250.0
_EVERY: Final = 4
_APART: Final = 18.0


class Band(msgspec.Struct, frozen=True, kw_only=True):
    """One future: its middle as a line, its range as an area, its name at the end."""

    name: str
    style: str
    area: str
    line: str
    label_y: float


class FuturesPicture(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the macro ``futures_picture`` draws."""

    id: str
    title: str
    desc: str
    width: int
    height: float
    left: float
    right: float
    bottom: float
    bands: tuple[Band, ...]
    days: tuple[Tick, ...]
    levels: tuple[Tick, ...]
    names: tuple[str, str]
    rows: tuple[tuple[str, str, str], ...]


def layout(
    *,
    begins: date,
    present: Sequence[tuple[int, int, int]],
    changed: Sequence[tuple[int, int, int]],
    names: tuple[str, str],
    title: str,
    id: str = "futures",
) -> FuturesPicture:
    """Lay the picture out.

    Args:
        begins: the first day of the first week.
        present: (lowest, middle, highest) at the end of each week without the change.
        changed: the same with it.
        names: of the two.
        title: what the picture is.
        id: prefix of ids, where a page has several.
    """
    top = float(round_up(max(high for _, _, high in (*present, *changed))))
    count = len(present)
    first, second = _band(names[0], "a", present, top), _band(names[1], "b", changed, top)
    if abs(first.label_y - second.label_y) < _APART:
        step = _APART / 2 if first.label_y <= second.label_y else -_APART / 2
        middle = (first.label_y + second.label_y) / 2
        first = msgspec.structs.replace(first, label_y=middle - step)
        second = msgspec.structs.replace(second, label_y=middle + step)
    ends = [begins + timedelta(weeks=n + 1, days=-1) for n in range(count)]
    return FuturesPicture(
        id=id,
        title=title,
        desc=(
            f"After {count} weeks {_range(present[-1])} wait without the change and {_range(changed[-1])} with it. "
            "The table below says the same."
        ),
        width=WIDTH,
        height=HEIGHT,
        left=_LEFT,
        right=_RIGHT,
        bottom=_BOTTOM,
        bands=(first, second),
        days=tuple(Tick(_x(n, count), f"{day.day} {day:%b}" if n % _EVERY == 0 else "") for n, day in enumerate(ends)),
        levels=tuple(Tick(_y(level, top), f"{level:,.4g}") for level in (0, top / 2, top)),
        names=names,
        rows=tuple(
            (times.day(day), _range(one), _range(other)) for day, one, other in zip(ends, present, changed, strict=True)
        ),
    )


def _range(band: tuple[int, int, int]) -> str:
    return f"{band[1]:,} ({band[0]:,} to {band[2]:,})"


def _x(place: int, count: int) -> float:
    return round(_LEFT + (_RIGHT - _LEFT) * (place / (count - 1) if count > 1 else 0.5), 1)


def _y(value: float, top: float) -> float:
    return round(_BOTTOM - (_BOTTOM - _TOP) * min(value, top) / top, 1)


def _band(name: str, style: str, weeks: Sequence[tuple[int, int, int]], top: float) -> Band:
    count = len(weeks)
    upper = [f"{_x(n, count)} {_y(high, top)}" for n, (_, _, high) in enumerate(weeks)]
    lower = [f"{_x(n, count)} {_y(low, top)}" for n, (low, _, _) in enumerate(weeks)]
    middle = [f"{_x(n, count)} {_y(value, top)}" for n, (_, value, _) in enumerate(weeks)]
    return Band(
        name=name,
        style=style,
        area=f"M{' L'.join([*upper, *reversed(lower)])} Z",
        line=f"M{' L'.join(middle)}",
        label_y=_y(weeks[-1][1], top) if weeks else _BOTTOM,
    )
