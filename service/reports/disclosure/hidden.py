"""What stands in a report where a number is not told: words, and as much of a range as may be known."""

from typing import Final

import msgspec

#: Edges of the bands of waits, in minutes, with their words.
_EDGES: Final = (
    (4 * 60, "4 hours"),
    (24 * 60, "24 hours"),
    (3 * 1440, "3 days"),
    (7 * 1440, "7 days"),
    (14 * 1440, "14 days"),
    (28 * 1440, "28 days"),
    (56 * 1440, "56 days"),
    (84 * 1440, "84 days"),
)


class Hidden(msgspec.Struct, frozen=True, kw_only=True):
    """A number that is not told. Prints as its words; ``least`` and ``most`` are what is told of it, if anything."""

    hidden: str
    least: float | None = None
    most: float | None = None

    def __str__(self) -> str:
        return self.hidden

    def __format__(self, _spec: str) -> str:
        return self.hidden


NOT_SHOWN: Final = Hidden(hidden="not shown")


def is_hidden(value: object) -> bool:
    """Whether a figure's number is not told."""
    return isinstance(value, Hidden)


def number(value: object) -> float | None:
    """A number to draw or to compare; None where it is hidden or not known."""
    return float(value) if isinstance(value, int | float) else None


def small(threshold: int) -> Hidden:
    """Somebody, but few."""
    return Hidden(hidden=f"1 to {threshold}", least=1, most=threshold)


def large(threshold: int) -> Hidden:
    """Not few; hidden for the sake of another number, or because few incidents or children stand behind it."""
    return Hidden(hidden=f"{threshold + 1} or more", least=threshold + 1)


def some() -> Hidden:
    """Somebody, be they few or many."""
    return Hidden(hidden="1 or more", least=1)


def not_apart(total: object) -> Hidden:
    """Perhaps nobody, but somebody in the total, of which this is a part."""
    return Hidden(hidden=f"not told apart ({total} in all)")


def near(count: int, threshold: int) -> Hidden:
    """Hardly another number than the same figure in the other report."""
    return Hidden(hidden=f"within {threshold} of {count:,}", least=max(0, count - threshold), most=count + threshold)


def wait(minutes: float) -> Hidden:
    """A length of time by its band: ``14 to 28 days``."""
    under = [edge for edge in _EDGES if edge[0] <= minutes]
    over = [edge for edge in _EDGES if edge[0] > minutes]
    if not under:
        return Hidden(hidden=f"under {over[0][1]}", least=0, most=over[0][0])
    if not over:
        return Hidden(hidden=f"over {under[-1][1]}", least=under[-1][0])
    return Hidden(hidden=f"{under[-1][1]} to {over[0][1]}", least=under[-1][0], most=over[0][0])


def oldest(minutes: float) -> Hidden:
    """The longest wait, as the highest edge that it has passed: ``over 28 days``."""
    under = [edge for edge in _EDGES if edge[0] <= minutes]
    if not under:
        return Hidden(hidden=f"under {_EDGES[0][1]}", least=0, most=_EDGES[0][0])
    return Hidden(hidden=f"over {under[-1][1]}", least=under[-1][0])


def share(least: float | None, most: float | None, of: int) -> Hidden:
    """A share of which only a range of its count is told, rounded outwards to whole percents."""
    if not of or (least is None and most is None):
        return NOT_SHOWN
    low = int(100 * (least or 0) / of)
    high = 100 if most is None else min(100, -int(-100 * most // of))
    if low <= 0 and high >= 100:
        return NOT_SHOWN
    if low <= 0:
        return Hidden(hidden=f"{high}% or less", least=0, most=high / 100)
    if high >= 100:
        return Hidden(hidden=f"{low}% or more", least=low / 100, most=1)
    return Hidden(hidden=f"{low}% to {high}%", least=low / 100, most=high / 100)


def somebody_waits(count: object, longest: object, noun: str = "children") -> str:
    """A hidden number with how long one of them has waited: ``1 to 5 children, at least one over 28 days``."""
    said = f"{count} {noun}" if isinstance(count, Hidden) and count.least else str(count)
    return f"{said}, at least one {longest}" if is_hidden(longest) and longest is not NOT_SHOWN else said
