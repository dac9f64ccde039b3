"""Which errors of the drivers mean that a service cannot be reached, as opposed to a fault of ours or of the input."""

from __future__ import annotations

import socket
import sys

POSTGRES = (
    "CannotConnectNowError",
    "ConnectionDoesNotExistError",
    "ConnectionFailureError",
    "InvalidAuthorizationSpecificationError",
    "InvalidCatalogNameError",
    "TooManyConnectionsError",
    "AdminShutdownError",
    "CrashShutdownError",
)


def is_unreachable(error: BaseException) -> bool:
    """Whether the error says that PostgreSQL or Redis is not there, not ready, or will not let us in."""
    if isinstance(error, ConnectionError | socket.gaierror | TimeoutError):
        return True
    # asyncio tells of several failed addresses in one OSError without a number.
    if type(error) is OSError and "Connect call failed" in str(error):
        return True
    return isinstance(error, _drivers_errors())


def _drivers_errors() -> tuple[type[BaseException], ...]:
    """The drivers' classes, of those drivers that somebody imported: an error of another cannot occur."""
    found: list[type[BaseException]] = []
    if asyncpg := sys.modules.get("asyncpg"):
        found += [getattr(asyncpg, name) for name in POSTGRES]
    if redis := sys.modules.get("redis.exceptions"):
        found += [redis.ConnectionError, redis.TimeoutError]
    return tuple(found)
