"""Seeded chance: distributions that the courses are drawn from."""

from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Table(Generic[T]):
    """Values with weights, drawn in one look-up."""

    def __init__(self, weighted: Sequence[tuple[T, float]]) -> None:
        self._values = [value for value, _ in weighted]
        self._cumulated = list(accumulate(weight for _, weight in weighted))

    def at(self, u: float) -> T:
        """The value for a uniform number in [0, 1)."""
        return self._values[bisect(self._cumulated, u * self._cumulated[-1])]

    def draw(self, rng: Random) -> T:
        return self.at(rng.random())


class Deck:
    """Uniform numbers dealt from shuffled strata, so that small samples keep their proportions.

    A few hundred conferences in two years would otherwise miss a published percentage by several
    points on an unlucky seed.
    """

    def __init__(self, rng: Random, size: int = 40) -> None:
        self._rng = rng
        self._size = size
        self._cards: list[int] = []

    def draw(self) -> float:
        if not self._cards:
            self._cards = list(range(self._size))
            self._rng.shuffle(self._cards)
        return (self._cards.pop() + self._rng.random()) / self._size


class Fortune:
    """The one source of chance of a run: a generator, and decks for what must match published figures."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)  # noqa: S311 - invented lives, not secrets
        self.conference_after = Deck(self.rng)
        self.to_conference = Deck(self.rng)


def poisson(rng: Random, mean: float) -> int:
    """A Poisson number; for large means by the normal approximation."""
    if mean > 30:
        return max(0, round(rng.gauss(mean, mean**0.5)))
    count, reached = 0, rng.expovariate(1.0)
    while reached < mean:
        count += 1
        reached += rng.expovariate(1.0)
    return count
