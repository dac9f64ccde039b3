"""What has become of those who entered a stage, by how long ago: a layer for each way out, one for who is still there.

Layers are told apart by pattern, order and their names at the end, not only by shade.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Final

import msgspec

from service.web.charts.scale import Tick
from service.web.charts.staying import length, percent, ticks

WIDTH: Final = 1000
HEIGHT: Final = 300.0
_LEFT: Final = 60.0
_RIGHT: Final = 700.0
_TOP: Final = 12.0
_BOTTOM: Final = 262.0
#: Patterns there are for layers; who is still there stands in the last.
PATTERNS: Final = 6
_ROWS: Final = 12
_APART: Final = 18.0
_LEVELS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
_STILL: Final = "Still in it"


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """One way out as drawn: its area, its name at the end, and the line that leads there."""

    area: str
    pattern: int
    text: str
    y: float
    label_y: float


class RoutesPicture(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the macro ``routes_picture`` draws."""

    id: str
    title: str
    desc: str
    width: int
    height: float
    left: float
    right: float
    top: float
    bottom: float
    layers: tuple[Layer, ...]
    times: tuple[Tick, ...]
    levels: tuple[Tick, ...]
    names: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def layout(
    *, minutes: Sequence[int], ways: Sequence[tuple[str, Sequence[float]]], title: str, id: str = "routes"
) -> RoutesPicture:
    """Lay the picture out.

    Args:
        minutes: since entering, ascending; one at least.
        ways: (name, share that has left that way after so many minutes) from the bottom up.
        title: what the picture is.
        id: prefix of ids, where a page has several.

    Raises:
        ValueError: more ways than patterns.
    """
    if len(ways) >= PATTERNS:
        raise ValueError(f"at most {PATTERNS - 1} ways")
    # A little beyond the last leaving, so that the last step is seen.
    end = max(minutes[-1] + minutes[-1] // 40, minutes[-1] + 1)
    columns = [[0.0, *accumulate(shares), 1.0] for shares in zip(*(shares for _, shares in ways), strict=True)]
    names = [*(name for name, _ in ways), _STILL]
    # Before anybody had left all were still there.
    begun = [0.0] * len(names) + [1.0]
    drawn = (begun, *columns, columns[-1])
    edges = [_edge([column[place] for column in drawn], (0, *minutes, end), end) for place in range(len(begun))]
    every = -(-len(minutes) // _ROWS)
    told = [place for place in range(len(minutes)) if place % every == 0 or place == len(minutes) - 1]
    final = [high - low for low, high in pairwise(columns[-1])]
    return RoutesPicture(
        id=id,
        title=title,
        desc=f"After {length(minutes[-1])}: "
        + ", ".join(f"{name} {percent(share)}" for name, share in zip(names, final, strict=True))
        + ". The table below says the same.",
        width=WIDTH,
        height=HEIGHT,
        left=_LEFT,
        right=_RIGHT,
        top=_TOP,
        bottom=_BOTTOM,
        layers=_layers(names, edges, columns[-1], final),
        times=tuple(Tick(_x(at, end), text) for at, text in ticks(end)),
        levels=tuple(Tick(_y(level), percent(level)) for level in _LEVELS),
        names=tuple(names),
        rows=tuple(
            (
                length(minutes[place]),
                tuple(percent(high - low) for low, high in pairwise(columns[place])),
            )
            for place in told
        ),
    )


def _layers(
    names: Sequence[str], edges: Sequence[Sequence[str]], ends: Sequence[float], final: Sequence[float]
) -> tuple[Layer, ...]:
    """From the bottom up; names that would overlap are moved apart, upwards first and down again from the top."""
    middles = [_y((low + high) / 2) + 4 for low, high in pairwise(ends)]
    labels: list[float] = []
    for middle in middles:
        labels.append(min(middle, labels[-1] - _APART) if labels else middle)
    # What was pushed above the top comes down, and pushes those below it.
    highest = _TOP + 8
    for place in reversed(range(len(labels))):
        labels[place] = max(labels[place], highest)
        highest = labels[place] + _APART
    return tuple(
        Layer(
            area=f"M{' L'.join([*edges[place], *reversed(edges[place + 1])])} Z",
            pattern=place if name != _STILL else PATTERNS - 1,
            text=f"{name} {percent(final[place])}",
            y=round(middles[place] - 4, 1),
            label_y=round(labels[place], 1),
        )
        for place, name in enumerate(names)
    )


def _edge(shares: Sequence[float], minutes: Sequence[int], end: int) -> list[str]:
    """The corners of an edge of steps."""
    corners = [f"{_x(minutes[0], end)} {_y(shares[0])}"]
    for place in range(1, len(minutes)):
        corners += [f"{_x(minutes[place], end)} {_y(share)}" for share in shares[place - 1 : place + 1]]
    return corners


def _x(minutes: int, end: int) -> float:
    return round(_LEFT + (_RIGHT - _LEFT) * minutes / end, 1)


def _y(share: float) -> float:
    return round(_BOTTOM - (_BOTTOM - _TOP) * min(max(share, 0.0), 1.0), 1)
