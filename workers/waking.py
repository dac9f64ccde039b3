"""arq, hosted: its jobs only wake the loops that look into Postgres. Redis may go away at any time."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any, Final

from arq.connections import RedisSettings
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
    away = False
    while not stop.is_set():
        worker = _worker(url, sweeper, queues)
        running = asyncio.create_task(worker.async_run())
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait([running, stopping], return_when=asyncio.FIRST_COMPLETED)
        for task in (running, stopping):
            task.cancel()
        ended, _ = await asyncio.gather(running, stopping, return_exceptions=True)
        await _close(worker)
        if stop.is_set():
            return
        if not away:
            _log.warning("Redis is away (%s); deadlines and work are found without it", type(ended).__name__)
            away = True
        await pause(LONGEST, stop)


def _worker(url: str, sweeper: asyncio.Event, queues: Sequence[asyncio.Event]) -> Worker:
    settings = RedisSettings.from_dsn(url)
    settings.conn_retries = 2
    settings.conn_timeout = 2
    settings.retry_on_timeout = True
    settings.retry_on_error = [RedisConnectionError, RedisTimeoutError]
    settings.retry = Retry(ExponentialBackoff(cap=1, base=0.1), 20)
    return Worker(
        functions=[func(_outbox, name=wakeups.OUTBOX), func(_deadline, name=wakeups.DEADLINE)],
        queue_name=wakeups.QUEUE,
        redis_settings=settings,
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


async def _close(worker: Worker) -> None:
    try:
        await asyncio.wait_for(worker.close(), 2)
    except (RedisError, OSError, TimeoutError) as error:
        _log.info("arq ended without a goodbye to Redis (%s)", type(error).__name__)
