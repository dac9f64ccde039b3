"""A worker: the sweeper, the queue, the mails, periodic work, and arq to wake them. All in one process.

Any number may run. Each looks into Postgres by itself, so that with Redis gone, or none at all,
everything still happens, a quarter of a second later at most.
"""

import asyncio
import logging
import signal
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, Final

from service.database import Database, connect
from service.flags import mail
from service.meetings.invitations import service as invitations
from service.settings import Settings
from service.timepiece import SystemTimepiece, Timepiece
from service.unreachable import is_unreachable
from service.upkeep import service as upkeep
from service.wake import Wake
from workers.folding import Folder
from workers.metrics import Metrics
from workers.periodic import Periodic
from workers.probe import Probe
from workers.queue import Queue
from workers.steady import pause, steadily
from workers.sweeper import Sweeper
from workers.waking import host

SLOTS: Final = 2
MAIL_SECONDS: Final = 1.0
#: What the steps under way may take after SIGTERM before they are cancelled; less than a supervisor's patience.
DRAIN_SECONDS: Final = 5.0
#: How long a worker that starts waits for Postgres before it says that it cannot be reached.
PATIENCE_SECONDS: Final = 10.0
_READY: Final = timedelta(seconds=15)
#: Longer than any statement may take.
_STUCK: Final = timedelta(seconds=120)
_CONNECTIONS: Final = 6


async def work(settings: Settings, *, port: int | None = None, address: str = "127.0.0.1") -> None:
    """Work until SIGTERM or SIGINT.

    Raises:
        OSError, asyncpg.PostgresError: Postgres cannot be reached at the start, or the port not be had.
    """
    # The loops say themselves, in one line, when Postgres is away.
    logging.getLogger("asyncpg").setLevel(logging.ERROR)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    timepiece = SystemTimepiece()
    database = await _connect(settings.database_url, timepiece, stop)
    if database is None:
        return
    try:
        await run(settings, database, timepiece, stop, port=port, address=address)
    finally:
        try:
            async with asyncio.timeout(2):
                await database.close()
        except (TimeoutError, OSError):
            database.pool.terminate()


async def _connect(url: str, timepiece: Timepiece, stop: asyncio.Event) -> Database | None:
    """Wait a little for a Postgres that is just starting; None when asked to stop meanwhile."""
    patience = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while not stop.is_set():
        try:
            return await connect(url, timepiece, size=_CONNECTIONS)
        except Exception as error:
            if not is_unreachable(error) or asyncio.get_running_loop().time() > patience:
                raise
        await pause(1.0, stop)
    return None


async def run(
    settings: Settings,
    database: Database,
    timepiece: Timepiece,
    stop: asyncio.Event,
    *,
    port: int | None = None,
    address: str = "127.0.0.1",
) -> None:
    """Run every loop until ``stop``, then let the steps under way finish."""
    wake = Wake(settings.redis_url)
    metrics = Metrics()
    sweeper = Sweeper(database, wake, metrics)
    queues = [Queue(database, settings.database_url, metrics) for _ in range(SLOTS)]
    periodic = Periodic(database, settings)

    async def mails() -> float:
        metrics.delivered(await mail.deliver(database, settings))
        metrics.delivered(await invitations.deliver(database, settings))
        return MAIL_SECONDS

    def fresh() -> bool:
        return sweeper.looked_at is not None and timepiece.now() - sweeper.looked_at < _READY

    def live() -> bool:
        # A database that is away for hours is no reason to be killed: only a loop that hangs is.
        return timepiece.now() - sweeper.stepped_at < _STUCK

    async def figures() -> bytes:
        return metrics.page(await upkeep.health(database))

    loops: list[Coroutine[Any, Any, None]] = [
        steadily("the sweeper", sweeper.step, stop, sweeper.wake),
        steadily("delivery", mails, stop),
        steadily("periodic work", periodic.step, stop),
        steadily("folding", Folder(database).step, stop),
        *(steadily("the queue", queue.step, stop, queue.wake) for queue in queues),
    ]
    if settings.redis_url is not None:
        loops.append(host(settings.redis_url, sweeper.wake, [queue.wake for queue in queues], stop))
    server = await Probe(live, fresh, figures).start(address, port) if port is not None else None
    tasks = [asyncio.create_task(each) for each in loops]
    try:
        await _until(stop, tasks)
    finally:
        stop.set()
        if server is not None:
            server.close()
        await _drain(tasks)
        await wake.close()


async def _until(stop: asyncio.Event, tasks: list[asyncio.Task[None]]) -> None:
    """Wait for the signal; a loop that ends by itself is a fault and raises."""
    stopping = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait([stopping, *tasks], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not stop.is_set():
        for task in done:
            task.result()
        raise RuntimeError("a loop ended by itself")


async def _drain(tasks: list[asyncio.Task[None]]) -> None:
    _, late = await asyncio.wait(tasks, timeout=DRAIN_SECONDS)
    for task in late:
        task.cancel()
    if late:
        await asyncio.wait(late, timeout=2.0)
