"""The share still in a stage by how long ago they entered: a curve of steps with its interval."""

from collections.abc import Sequence
from typing import Final

import msgspec

from service.web.charts.scale import Tick, width_of

WIDTH: Final = 1000
HEIGHT: Final = 268.0
_LEFT: Final = 60.0
_RIGHT: Final = 830.0
_TOP: Final = 20.0
_BOTTOM: Final = 235.0
_HOUR: Final = 60
_DAY: Final = 1440
#: Marks of the axis of time, in minutes: the first that needs no more than so many.
_STEPS: Final = (
    15,
    30,
    *(each * _HOUR for each in (1, 2, 4, 8)),
    *(each * _DAY for each in (1, 2, 7, 14, 28, 91, 182)),
)
_MOST_TICKS: Final = 9
_ROWS: Final = 12
_GAP: Final = 10.0
#: Between the words of one limit and of the next.
_LINE: Final = 18.0
_LEVELS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)


class Mark(msgspec.Struct, frozen=True):
    """A limit: its words, and from how many minutes after entering to how many it comes."""

    text: str
    least: int
    most: int


class Band(msgspec.Struct, frozen=True, kw_only=True):
    """A limit as drawn: a line where it comes first, a band until it has come for everybody, its words."""

    x: float
    width: float
    text: str
    text_x: float
    text_y: float
    anchor: str


class StayingPicture(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the macro ``staying_picture`` draws. ``horizon`` is where the ways out are compared."""

    id: str
    title: str
    desc: str
    width: int
    height: float
    left: float
    right: float
    top: float
    bottom: float
    area: str
    line: str
    label_x: float
    label_y: float
    times: tuple[Tick, ...]
    levels: tuple[Tick, ...]
    horizon: Tick
    limits: tuple[Band, ...]
    rows: tuple[tuple[str, str, str], ...]


def layout(
    *,
    points: Sequence[tuple[int, float, float, float]],
    horizon: int,
    title: str,
    limits: Sequence[Mark] = (),
    id: str = "staying",
) -> StayingPicture:
    """Lay the picture out.

    Args:
        points: (minutes since entering, share still there, lowest, highest), in order; one at least.
        horizon: minutes after which the ways out are compared; twice as far is drawn.
        title: what the picture is.
        limits: what the standards say, the shortest first.
        id: prefix of ids, where a page has several.
    """
    drawn = [each for each in points if each[0] <= 2 * horizon] or [points[0]]
    end = max(drawn[-1][0], horizon, 1, *(min(each.most, 2 * horizon) for each in limits))
    every = -(-len(drawn) // _ROWS)
    told = [each for place, each in enumerate(drawn) if place % every == 0 or place == len(drawn) - 1]
    minutes, left, _, _ = drawn[-1]
    # The words of limits stand above the curve, one line each.
    down = _LINE * len(limits)
    return StayingPicture(
        id=id,
        title=title,
        desc=" ".join(
            (
                f"After {length(minutes)}, {percent(left)} of them are still there.",
                *(f"{each.text}, after {_from_to(each)}." for each in limits),
                "The table below says the same.",
            )
        ),
        width=WIDTH,
        height=HEIGHT + down,
        left=_LEFT,
        right=_RIGHT,
        top=_TOP + down,
        bottom=_BOTTOM + down,
        area=f"M{_steps(drawn, 3, end, down)} L{_steps(drawn, 2, end, down, back=True)} Z",
        line=f"M{_steps(drawn, 1, end, down)}",
        label_x=_x(minutes, end) + _GAP,
        label_y=_y(left, down),
        times=tuple(Tick(_x(at, end), text) for at, text in ticks(end)),
        levels=tuple(Tick(_y(level, down), percent(level)) for level in _LEVELS),
        horizon=Tick(_x(horizon, end), length(horizon)),
        limits=_bands(limits, end),
        rows=tuple((length(at), percent(share), f"{percent(low)} to {percent(high)}") for at, share, low, high in told),
    )


def _steps(
    points: Sequence[tuple[int, float, float, float]], of: int, end: int, down: float, *, back: bool = False
) -> str:
    """The corners of a line of steps: level until the next leaving, then down. It stays level to its last point."""
    corners: list[str] = []
    for place, each in enumerate(points):
        x, y = _x(each[0], end), _y(each[of], down)
        if place:
            corners.append(f"{x} {_y(points[place - 1][of], down)}")
        corners.append(f"{x} {y}")
    return " L".join(reversed(corners) if back else corners)


def _bands(limits: Sequence[Mark], end: int) -> tuple[Band, ...]:
    """Where limits are drawn; their words stand above the curve, on the side where there is room."""
    found = []
    for place, each in enumerate(limits):
        left, right = _x(each.least, end), _x(each.most, end)
        before = left + width_of(each.text) > WIDTH - _GAP
        found.append(
            Band(
                x=left,
                width=round(right - left, 1),
                text=each.text,
                text_x=left - 6 if before else left + 6,
                text_y=_TOP - 6 + _LINE * place,
                anchor="end" if before else "start",
            )
        )
    return tuple(found)


def _from_to(limit: Mark) -> str:
    return length(limit.least) if limit.least == limit.most else f"{length(limit.least)} to {length(limit.most)}"


def _x(minutes: int, end: int) -> float:
    return round(_LEFT + (_RIGHT - _LEFT) * min(minutes, end) / end, 1)


def _y(share: float, down: float) -> float:
    return round(_BOTTOM - (_BOTTOM - _TOP) * share + down, 1)


def ticks(end: int) -> list[tuple[int, str]]:
    """Round lengths of time up to an end, in minutes, with their words."""
    step = next((each for each in _STEPS if end / each <= _MOST_TICKS), _STEPS[-1])
    return [(at, length(at)) for at in range(0, end + 1, step)]


def percent(share: float) -> str:
    """A share in whole percents."""
    return f"{round(100 * share)}%"


def length(minutes: int) -> str:
    """A length of time in one unit."""
    for unit, size in (("day", _DAY), ("hour", _HOUR)):
        if minutes >= 2 * size or (minutes >= size and minutes % size == 0):
            value = f"{minutes / size:.1f}".removesuffix(".0")
            return f"{value} {unit}{'' if value == '1' else 's'}"
    return f"{minutes} minutes" if minutes else "0"
