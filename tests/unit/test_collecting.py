"""Garbage is looked for seldom while many rows are gone through, and as often as before afterwards."""

import gc

from service.collecting import collecting_seldom


def test_the_last_of_several_imports_puts_back_what_was() -> None:
    before = gc.get_threshold()
    first, second = collecting_seldom(), collecting_seldom()
    with first:
        second.__enter__()
        seldom = gc.get_threshold()
        assert seldom > before
    assert gc.get_threshold() == seldom
    second.__exit__(None, None, None)
    assert gc.get_threshold() == before
