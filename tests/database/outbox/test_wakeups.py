"""Wake-ups through a real Redis-protocol server: ids alone, never pickled, and no harm when it is away."""

import asyncio
import pickle
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import redis.asyncio as redis

from service.embedded.process import free_port
from service.outbox import wakeups
from service.wake import Wake
from workers.waking import host


class Hosted:
    """arq under way, and what it sets."""

    def __init__(self, url: str) -> None:
        self.sweeper, self.queue, self.stop = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.wake = Wake(url)
        self.task = asyncio.create_task(host(url, self.sweeper, [self.queue], self.stop))

    async def end(self) -> None:
        self.stop.set()
        await asyncio.wait_for(self.task, 60)
        await self.wake.close()


@pytest.fixture
async def hosted(redis_url: str) -> AsyncIterator[Hosted]:
    async with redis.Redis.from_url(redis_url) as client:
        await client.flushdb()
    made = Hosted(redis_url)
    yield made
    await made.end()


async def test_a_committed_row_wakes_the_queue(hosted: Hosted) -> None:
    await wakeups.send(hosted.wake, [uuid4()])
    await asyncio.wait_for(hosted.queue.wait(), 60)
    assert not hosted.sweeper.is_set()


async def test_a_deadline_wakes_the_sweeper_when_it_comes_however_many_asked(hosted: Hosted) -> None:
    instant = datetime.now(UTC) + timedelta(seconds=0.5)
    for _ in range(3):
        await wakeups.at(hosted.wake, instant)
    await asyncio.wait_for(hosted.sweeper.wait(), 60)
    assert datetime.now(UTC) >= instant


async def test_redis_holds_ids_and_no_pickle(redis_url: str) -> None:
    wake = Wake(redis_url)
    async with redis.Redis.from_url(redis_url) as client:
        await client.flushdb()
        work = uuid4()
        await wakeups.send(wake, [work])
        (key,) = [key for key in await client.keys("arq:job:*")]
        stored = await client.get(key)
        assert wakeups.decode(stored)["a"] == [str(work)]
        with pytest.raises(pickle.UnpicklingError):
            pickle.loads(stored)
        await client.flushdb()
    await wake.close()


async def test_when_redis_is_away_sending_does_nothing_and_hosting_goes_on() -> None:
    hosted = Hosted(f"redis://127.0.0.1:{free_port()}/0")
    await wakeups.send(hosted.wake, [uuid4()])
    await wakeups.at(hosted.wake, datetime.now(UTC))
    await asyncio.sleep(0.2)
    assert not hosted.task.done()
    await hosted.end()


async def test_without_an_address_nothing_is_sent() -> None:
    await wakeups.send(Wake(None), [uuid4()])
