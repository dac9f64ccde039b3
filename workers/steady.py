"""A loop that goes on: whatever one step meets, the next one is tried, and a signal ends it between steps."""

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable
from typing import Final

_log: Final = logging.getLogger("tracker.work")
#: Seconds between steps that fail: first, and at most.
FIRST: Final = 0.25
LONGEST: Final = 5.0


def where(error: BaseException) -> str:
    """What kind of error and where, without its words: those may repeat what is in a row."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return f"{type(error).__name__} at " + " < ".join(
        f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames)
    )


async def steadily(
    name: str, step: Callable[[], Awaitable[float]], stop: asyncio.Event, wake: asyncio.Event | None = None
) -> None:
    """Run ``step`` again and again until ``stop``; it returns how many seconds to wait.

    ``wake`` cuts a wait short. A step that raises is logged and tried again, more slowly each time.
    """
    failures = 0
    wake = wake or asyncio.Event()
    while not stop.is_set():
        wake.clear()
        try:
            seconds = await step()
            if failures:
                _log.info("%s works again", name)
            failures = 0
        except Exception as error:
            failures += 1
            seconds = min(FIRST * 2 ** (failures - 1), LONGEST)
            _log.warning("%s failed and is tried again in %.2f s: %s", name, seconds, where(error))
        await pause(seconds, stop, wake)


async def pause(seconds: float, *events: asyncio.Event) -> None:
    """Wait, but not once any of the events is set."""
    if seconds <= 0 or any(event.is_set() for event in events):
        await asyncio.sleep(0)
        return
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
