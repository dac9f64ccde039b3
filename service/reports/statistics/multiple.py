"""Many tests in one report: how to claim a signal by chance no more often than one test would (Holm 1979)."""

from collections.abc import Sequence

#: A report in which nothing happened claims a signal at most this often.
FALSE_SIGNALS = 0.05


def holm(chances: Sequence[float], level: float = FALSE_SIGNALS) -> list[bool]:
    """Which of several tests stand when all are judged together.

    Args:
        chances: how often each result would come about by chance alone.
        level: how often at most any of them may stand though nothing happened, however the tests depend on each other.
    """
    stands = [False] * len(chances)
    order = sorted(range(len(chances)), key=lambda n: (chances[n], n))
    for place, n in enumerate(order):
        if chances[n] * (len(chances) - place) > level:
            break
        stands[n] = True
    return stands
