"""How many incidents or children stand behind numbers, counted as far as anybody asks."""

from typing import Final

import numpy as np
import numpy.typing as npt

#: They are counted to this many and no further: it is one more than any partnership may call a small number.
MANY: Final = 21
#: More than any number of an incident or a child.
_ROOM: Final = 32
#: Numbers of incidents and children are as good as drawn at random, so that their last digits tell most of them apart.
_LAST: Final = 64

Ints = npt.NDArray[np.int64]


def behind(code: Ints, incidents: Ints, children: Ints, size: int) -> list[int]:
    """How many incidents or children stand behind the records of each code below ``size``, whichever are fewer; `MANY`
    where they are that many or more.

    Args:
        code: the group of each record.
        incidents, children: a number of each record's incident and child.
    """
    found: list[int] = np.minimum(_different(code, incidents, size), _different(code, children, size)).tolist()
    return found


def _different(code: Ints, numbers: Ints, size: int) -> Ints:
    # There are at least as many numbers as there are last digits, which takes one look at each record. Where these
    # are few the numbers themselves are put in order.
    seen = np.zeros(size * _LAST, np.bool_)
    seen[code * _LAST + (numbers & (_LAST - 1))] = True
    found = np.minimum(seen.reshape(size, _LAST).sum(axis=1), MANY)
    few = found < MANY
    unsure = few[code]
    ordered = np.sort(code[unsure] << _ROOM | numbers[unsure])
    new = np.append(ordered[:1], ordered[1:][ordered[1:] != ordered[:-1]])
    exact = np.bincount(new >> _ROOM, minlength=size)
    return np.where(few, np.minimum(exact, MANY), found)
