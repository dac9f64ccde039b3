"""How often Python looks for garbage that counting references does not find."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: New objects between two looks at the young ones; the interpreter's own choice is 700.
_YOUNG = 100_000
_MIDDLE = 20
_OLD = 50
#: The same for a process that answers requests: about once in ten pages.
_ANSWERING = 10_000


def collect_seldom() -> None:
    """For commands that go through many rows: they make millions of objects and hardly a cycle among them.

    Looking as often as usual takes a quarter of their time; memory stays where it was (docs/performance.md).
    """
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)


@contextmanager
def making_what_stays() -> Iterator[None]:
    """For a process that answers requests: what is made in this, and was before, stays and is never looked through.

    To look through all of it took a tenth of a second, once in a hundred pages, and nobody was answered meanwhile.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(_ANSWERING, *gc.get_threshold()[1:])
        gc.enable()


class _Seldom:
    """How many are at such work in this process, and how often was looked before the first of them."""

    at_it = 0
    before = gc.get_threshold()


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """As `collect_seldom`, for as long as this lasts: for such work in a process that does other work too.

    Several may overlap, entered and left in one thread; the last puts back what was.
    """
    if _Seldom.at_it == 0:
        _Seldom.before = gc.get_threshold()
        collect_seldom()
    _Seldom.at_it += 1
    try:
        yield
    finally:
        _Seldom.at_it -= 1
        if _Seldom.at_it == 0:
            gc.set_threshold(*_Seldom.before)
