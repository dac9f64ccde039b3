"""arq, hosted: its jobs only wake the loops that look into Postgres. Redis may go away at any time."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any, Final

from arq.connections import ArqRedis
from arq.worker import Worker, func
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from service.outbox import wakeups
from workers.steady import LONGEST, pause

#: What a wake-up may take; it sets an event. arq runs a killed worker's jobs again after this and ten seconds.
_JOB_SECONDS: Final = 5
_POLL_SECONDS: Final = 0.1
_HEALTH_SECONDS: Final = 15
_log: Final = logging.getLogger("tracker.work")


async def _outbox(ctx: dict[Any, Any], *_ids: Any, **_none: Any) -> None:
    """A row of the outbox was committed; which one does not matter, the queue is in the table."""
    for wake in ctx["queues"]:
        wake.set()


async def _deadline(ctx: dict[Any, Any], *_ids: Any, **_none: Any) -> None:
    """A deadline has come."""
    ctx["sweeper"].set()


async def host(url: str, sweeper: asyncio.Event, queues: Sequence[asyncio.Event], stop: asyncio.Event) -> None:
    """Run arq until ``stop``; when Redis goes away, start it again until it is back."""
    # It logs the arguments of every job.
    logging.getLogger("arq").setLevel(logging.WARNING)
    while not stop.is_set():
        pool = _pool(url)
        worker = _worker(pool, sweeper, queues)
        running = asyncio.create_task(worker.async_run())
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait([running, stopping], return_when=asyncio.FIRST_COMPLETED)
        running.cancel()
        stopping.cancel()
        (ended,) = await asyncio.gather(running, return_exceptions=True)
        await _close(worker, pool)
        if not stop.is_set():
            _log.warning("Redis is away (%s); deadlines and work are found without it", type(ended).__name__)
        await pause(LONGEST, stop)


def _pool(url: str) -> ArqRedis:
    """A pool that outlasts a short absence of the server by itself."""
    pool: ArqRedis = ArqRedis.from_url(
        url,
        socket_connect_timeout=2,
        retry=Retry(ExponentialBackoff(cap=1, base=0.1), 20),
        retry_on_error=[RedisConnectionError, RedisTimeoutError],
    )
    pool.job_serializer, pool.job_deserializer = wakeups.encode, wakeups.decode
    pool.default_queue_name = wakeups.QUEUE
    return pool


def _worker(pool: ArqRedis, sweeper: asyncio.Event, queues: Sequence[asyncio.Event]) -> Worker:
    return Worker(
        functions=[func(_outbox, name=wakeups.OUTBOX), func(_deadline, name=wakeups.DEADLINE)],
        queue_name=wakeups.QUEUE,
        redis_pool=pool,
        ctx={"sweeper": sweeper, "queues": tuple(queues)},
        handle_signals=False,
        keep_result=0,
        job_timeout=_JOB_SECONDS,
        poll_delay=_POLL_SECONDS,
        health_check_interval=_HEALTH_SECONDS,
        job_serializer=wakeups.encode,
        job_deserializer=wakeups.decode,
        log_results=False,
    )


async def _close(worker: Worker, pool: ArqRedis) -> None:
    """End what arq has under way and close its connections; its own close raises what its tasks do."""
    for task in worker.tasks.values():
        task.cancel()
    await asyncio.gather(*worker.tasks.values(), return_exceptions=True)
    try:
        async with asyncio.timeout(2):
            await pool.aclose(close_connection_pool=True)
    except (RedisError, OSError, TimeoutError) as error:
        _log.info("arq ended without a goodbye to Redis (%s)", type(error).__name__)
