"""The next batch of a file's rows, read while the database writes the one before it."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

import msgspec

from service.intake.files.parse.outcomes import ParsedRow
from service.intake.files.parse.reading import RawRow
from service.intake.files.parse.rows import RowReader

#: After so many rows, a millisecond or two, the writing gets a turn.
_TURN: Final = 16


class Portion(msgspec.Struct, frozen=True):
    """Rows in the order of the file, and by number what those say that can be taken.

    What is refused or held by itself is not kept: it is read again when its turn has come, since a
    time that was in the future may be so no more.
    """

    rows: Sequence[RawRow]
    known: Mapping[int, ParsedRow]


class Ahead:
    """Goes through the rows one portion of ``size`` ahead of who asks; `stop` it at the end."""

    def __init__(self, rows: Iterator[RawRow], reader: RowReader, size: int) -> None:
        self._rows = rows
        self._reader = reader
        self._size = size
        self._reading = asyncio.ensure_future(self._read())

    async def next(self) -> Portion:
        """The next portion, empty after the last; raises what reading raised."""
        portion = await self._reading
        self._reading = asyncio.ensure_future(self._read())
        return portion

    async def stop(self) -> None:
        """Read no further."""
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)

    async def _read(self) -> Portion:
        rows: list[RawRow] = []
        known: dict[int, ParsedRow] = {}
        for raw in islice(self._rows, self._size):
            if len(rows) % _TURN == 0:
                await asyncio.sleep(0)
            rows.append(raw)
            said = self._reader.read(raw)
            if isinstance(said, ParsedRow) and not said.held:
                known[raw.number] = said
        return Portion(rows, known)
