"""Wake-ups through Redis: an id of a row and nothing else. Losing one costs a quarter of a second.

arq's own format, so that its workers can read them, but never pickle: msgpack. A job's id is the
row's, because a fixed one loses wake-ups while the last job of that name is ending.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from arq.connections import ArqRedis
from redis.exceptions import RedisError

from service.wake import Wake

QUEUE: Final = "tracker:wake"
#: Names of the functions that a worker offers.
OUTBOX: Final = "outbox"
DEADLINE: Final = "deadline"
_log: Final = logging.getLogger("tracker.wake")


def _plain(value: object) -> object:
    """Exceptions are the one thing arq itself puts into results that msgpack does not know."""
    return str(value)


encode: Final = msgspec.msgpack.Encoder(enc_hook=_plain).encode


def decode(data: bytes) -> dict[str, Any]:
    """What `encode` wrote."""
    return msgspec.msgpack.decode(data, type=dict[str, Any])


async def send(wake: Wake, ids: Iterable[UUID]) -> None:
    """Wake the workers for rows of the outbox that have been committed; never raises."""
    pool = _pool(wake)
    if pool is None:
        return
    try:
        for each in ids:
            await pool.enqueue_job(OUTBOX, str(each), _job_id=f"{OUTBOX}:{each}")
    except (RedisError, OSError, TimeoutError) as error:
        _log.info("no wake-up was sent, the sweeper will find the work: %s", type(error).__name__)


async def at(wake: Wake, instant: datetime) -> None:
    """Wake a worker at the next deadline, however many workers ask for it; never raises."""
    pool = _pool(wake)
    if pool is None:
        return
    name = f"{DEADLINE}:{int(instant.timestamp() * 1000)}"
    try:
        await pool.enqueue_job(DEADLINE, _job_id=name, _defer_until=instant)
    except (RedisError, OSError, TimeoutError) as error:
        _log.info("no wake-up was set, the sweeper will be in time: %s", type(error).__name__)


def _pool(wake: Wake) -> ArqRedis | None:
    client = wake.client()
    if client is None:
        return None
    return ArqRedis(
        connection_pool=client.connection_pool,
        job_serializer=encode,
        job_deserializer=decode,
        default_queue_name=QUEUE,
    )
