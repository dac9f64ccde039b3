"""Garbage is looked for seldom while many rows are gone through, and as often as before afterwards."""

import gc
from collections.abc import Iterator

import pytest

from service.collecting import collecting_seldom

#: The interpreter's own choice: other tests of the process may have left another.
USUAL = (700, 10, 10)


@pytest.fixture(autouse=True)
def usual() -> Iterator[None]:
    found = gc.get_threshold()
    gc.set_threshold(*USUAL)
    yield
    gc.set_threshold(*found)


def test_the_last_of_several_imports_puts_back_what_was() -> None:
    first, second = collecting_seldom(), collecting_seldom()
    with first:
        second.__enter__()
        seldom = gc.get_threshold()
        assert seldom > USUAL
    assert gc.get_threshold() == seldom
    second.__exit__(None, None, None)
    assert gc.get_threshold() == USUAL
