"""Redis, where there is one: it only wakes workers, so that losing it costs seconds and no work."""

import logging
from typing import Final

import redis.asyncio as redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

_log: Final = logging.getLogger("tracker.wake")
_SECONDS: Final = 0.5


class Wake:
    """A Redis connection made when first needed; never a reason to fail."""

    def __init__(self, url: str | None) -> None:
        self._url = url
        self._client: redis.Redis | None = None

    @property
    def configured(self) -> bool:
        """Whether there is an address at all."""
        return self._url is not None

    def client(self) -> redis.Redis | None:
        """The client, for those who handle its errors themselves; None without an address."""
        if self._client is None and self._url is not None:
            self._client = redis.Redis.from_url(
                self._url,
                socket_timeout=_SECONDS,
                socket_connect_timeout=_SECONDS,
                retry=Retry(NoBackoff(), 0),
            )
        return self._client

    async def alive(self) -> bool:
        """Whether Redis answers."""
        client = self.client()
        if client is None:
            return False
        try:
            await client.ping()
        except (RedisError, OSError, TimeoutError):
            return False
        return True

    async def close(self) -> None:
        """Close the connection, if there ever was one."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None
