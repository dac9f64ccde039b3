"""What is counted, how counts add up, and what a reader is told of each."""

from collections.abc import Hashable, Mapping
from typing import Final, Literal

import msgspec

#: A count is told exactly; as small (1 to the threshold); as large (more than the threshold); as near another figure
#: that is hardly different; as somebody, be they few or many; or not at all.
Label = Literal["exact", "small", "large", "near", "some", "blank"]
EXACT: Final = "exact"
SMALL: Final = "small"
LARGE: Final = "large"
NEAR: Final = "near"
SOME: Final = "some"
BLANK: Final = "blank"
#: Small numbers are 1 to this, unless a partnership says otherwise (DfE statistics suppressed 1 to 5 in 2020).
THRESHOLD: Final = 5


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """A count.

    Args:
        children: the number that would be told.
        behind: how many incidents or children stand behind it, whichever are fewer; None where that is not known.
        told: whether the report would tell it. What is not told but follows from what is (the rest of a total) is a
            cell too.
        weight: how much a reader loses with it, beside its size: 0 a detail, 1 a line of a breakdown, 2 a total.
        width: how many values must stay possible where few stand behind it; the threshold when not given.
        waits: whether it counts children who wait now, of whom it is never hidden that there are any.
    """

    children: int
    behind: int | None = None
    told: bool = True
    weight: int = 1
    width: int | None = None
    waits: bool = False


class Sum(msgspec.Struct, frozen=True):
    """The children of ``total`` are those of its ``parts``, each counted in one of them."""

    total: Hashable
    parts: tuple[Hashable, ...]

    @property
    def keys(self) -> tuple[Hashable, ...]:
        """All cells of it, the total last."""
        return (*self.parts, self.total)


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader is told: a label for each cell, and exact numbers where the label says so."""

    threshold: int
    labels: Mapping[Hashable, Label]
    exact: Mapping[Hashable, int]
    #: For each figure that is told as near another: that other one.
    near: Mapping[Hashable, Hashable] = msgspec.field(default_factory=dict)
    #: For children who wait and of whom nothing is told apart: the total that says that there are some.
    spoken_for: Mapping[Hashable, Hashable] = msgspec.field(default_factory=dict)

    def bounds(self, key: Hashable) -> tuple[int, int | None]:
        """What a label alone tells of a number: from, to (None: no end)."""
        label = self.labels[key]
        if label == EXACT:
            return self.exact[key], self.exact[key]
        if label == SMALL:
            return 1, self.threshold
        if label == LARGE:
            return self.threshold + 1, None
        if label == SOME:
            return 1, None
        if label == NEAR:
            twin = self.exact[self.near[key]]
            return max(0, twin - self.threshold), twin + self.threshold
        return 0, None
