"""How often Python looks for garbage that counting references does not find."""

import gc

#: New objects between two looks at the young ones; the interpreter's own choice is 700.
_YOUNG = 100_000
_MIDDLE = 20
_OLD = 50


def collect_seldom() -> None:
    """For commands that go through many rows: they make millions of objects and hardly a cycle among them.

    Looking as often as usual takes a quarter of their time; memory stays where it was (docs/performance.md).
    """
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
