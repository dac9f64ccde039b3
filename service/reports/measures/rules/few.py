"""Who stands behind the numbers of a report: for one that a board is told, in which few are hidden."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from service.reports.measures.rules.behind import MANY
from service.reports.measures.rules.frame import Ints, Mask, Part


class Few:
    """Notes of which numbers few incidents or children stand behind.

    ``found``: how many, by where the number stands in the report, where they are few and fewer than the number.

    Args:
        wanted: whether anybody asks. Else nothing is counted.
    """

    __slots__ = ("found", "wanted")

    def __init__(self, *, wanted: bool) -> None:
        self.wanted = wanted
        self.found: dict[str, int] = {}

    def each(self, where: str, keys: Sequence[object], part: Part, code: Ints, *, always: bool = False) -> None:
        """Look behind several numbers at once.

        Args:
            where: where they stand, with ``{}`` for the key of each.
            keys: of each number.
            part: the records that are counted.
            code: the place among the keys of the number that counts each record.
            always: note also who are as many as the records, or many: of numbers that count something else.
        """
        if not self.wanted or not len(code):
            return
        counts = np.bincount(code, minlength=len(keys)).tolist()
        for key, behind, many in zip(keys, part.behind_each(code, len(keys)), counts, strict=True):
            if many and (always or behind < min(many, MANY)):
                self.found[where.format(key)] = behind

    def one(self, where: str, part: Part, mask: Mask, *, always: bool = False) -> None:
        """The same of one number, which counts the records of a mask."""
        if self.wanted:
            behind = part.behind_of(mask)
            if behind and (always or behind < min(int(mask.sum()), MANY)):
                self.found[where] = behind


#: Nobody asks.
NOBODY: Final = Few(wanted=False)
