"""Long work beside the sweep: in a thread with an event loop and connections of its own.

An import or a comparison computes for seconds at a time; on the sweeper's own loop it would hold up
every deadline of those seconds.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import TypeVar

from service.collecting import collecting_seldom
from service.database import Database, connect
from service.timepiece import Timepiece

T = TypeVar("T")
_CONNECTIONS = 2


async def aside(url: str, timepiece: Timepiece, work: Callable[[Database], Awaitable[T]]) -> T:
    """Do ``work`` in a thread; raises what it raises. Cancelling this cancels it there, and waits for that."""
    here = asyncio.get_running_loop()
    ended = asyncio.Event()
    there = asyncio.new_event_loop()

    async def inside() -> T:
        database = await connect(url, timepiece, size=_CONNECTIONS, command_timeout=None)
        try:
            return await work(database)
        finally:
            await database.close()

    def main() -> None:
        asyncio.set_event_loop(there)
        try:
            there.run_until_complete(asyncio.wait([task]))
            there.run_until_complete(there.shutdown_asyncgens())
        finally:
            here.call_soon_threadsafe(ended.set)

    task = there.create_task(inside())
    # A daemon: a thread that does not end in time must not keep the process from ending.
    threading.Thread(target=main, name="aside", daemon=True).start()
    with collecting_seldom():
        try:
            await ended.wait()
        except asyncio.CancelledError:
            there.call_soon_threadsafe(task.cancel)
            await ended.wait()
            raise
        finally:
            if ended.is_set():
                there.close()
    return task.result()
