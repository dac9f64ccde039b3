"""Who stands behind a number: counted as far as it can matter, and never wrong there."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from service.reports.measures.rules.behind import MANY, behind

#: Few and many, and such whose last digits are all alike.
NUMBERS = st.one_of(st.integers(0, 30), st.integers(0, 40).map(lambda n: n << 10), st.integers(0, 2**32 - 1))
ROWS = st.lists(st.tuples(st.integers(0, 3), NUMBERS, NUMBERS), max_size=150)


@given(ROWS)
def test_whichever_are_fewer_are_counted_to_more_than_any_small_number(rows: list[tuple[int, int, int]]) -> None:
    code, incidents, children = (
        (np.array(column, np.int64) for column in zip(*rows, strict=True)) if rows else [np.zeros(0, np.int64)] * 3
    )

    found = behind(code, incidents, children, 4)

    for group in range(4):
        of = [row for row in rows if row[0] == group]
        fewer = min(len({row[1] for row in of}), len({row[2] for row in of}))
        assert found[group] == min(fewer, MANY)


def test_six_incidents_of_one_child_are_one_child() -> None:
    assert behind(np.zeros(6, np.int64), np.arange(6), np.full(6, 7), 1) == [1]
