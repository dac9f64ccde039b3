"""Garbage is looked for seldom while many rows are gone through, and as often as before afterwards."""

import gc
from collections.abc import Iterator

import pytest

from service.collecting import collecting_seldom, making_what_stays

#: The interpreter's own choice: other tests of the process may have left another.
USUAL = (700, 10, 10)


@pytest.fixture(autouse=True)
def usual() -> Iterator[None]:
    found = gc.get_threshold()
    gc.set_threshold(*USUAL)
    yield
    gc.unfreeze()
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


def test_what_is_made_at_the_start_is_not_looked_through_and_garbage_made_later_is() -> None:
    with making_what_stays():
        assert not gc.isenabled()
        kept: list[object] = []
    assert gc.isenabled()
    assert not any(each is kept for each in gc.get_objects())
    later: list[object] = []
    later.append(later)
    assert any(each is later for each in gc.get_objects())
    assert gc.get_threshold() > USUAL


def test_a_start_that_fails_leaves_the_collector_on() -> None:
    with pytest.raises(LookupError), making_what_stays():
        raise LookupError
    assert gc.isenabled()
