"""Folds what changed into the bins that reports read. Reports need no fold: it saves them the working out."""

from typing import Final

from service.database import Database
from service.reports.measures import folding

#: What is not folded yet a report works out for itself, so that this may be slower than any deadline.
POLL_SECONDS: Final = 1.0
#: So many changes at a time: tenths of a second, in steps of milliseconds.
BATCH: Final = 200
#: Between two batches others have their turn.
BREATH_SECONDS: Final = 0.05


class Folder:
    """One worker's folds; of several workers, one folds at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def step(self) -> float:
        """Fold a batch; returns the seconds until the next look."""
        return BREATH_SECONDS if await folding.fold(self._database, batch=BATCH) == BATCH else POLL_SECONDS
