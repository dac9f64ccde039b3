"""Both embedded services together, under a lock on their folder."""

from __future__ import annotations

import fcntl
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from service.embedded import postgres, valkey
from service.embedded.errors import ServiceUnavailable
from service.stopping import whole_step

STOP_SECONDS = 8.0
"""What a server may take to stop by itself before it is killed; leaves time for the rest within 20 seconds."""


class Services(msgspec.Struct, frozen=True, kw_only=True):
    """Where the services of one folder can be reached."""

    owner_url: str
    """Migrations: owns the tables, is not a superuser."""
    app_url: str
    """The application: neither owns tables nor bypasses row-level security."""
    reports_url: str
    """Read only."""
    redis_url: str


@contextmanager
def start(data: Path, *, durable: bool, prepared: postgres.Prepared | None = None) -> Iterator[Services]:
    """Run PostgreSQL and Valkey on `data` for as long as the block lasts.

    Call it from a thread that outlives the block (the main one): the kernel ends the servers when that thread ends.
    `durable=False` is for data that is thrown away. A new cluster is the `prepared` one, if it can be had.
    Raises ServiceUnavailable, one line, also for a folder in use.
    """
    data = data.absolute()
    with ExitStack() as stack:
        _lock(data, stack)
        # Whole steps, so that whatever was started when a signal arrives is ours to stop.
        with _told_plainly(data), whole_step():
            redis = valkey.start(data / "valkey", durable=durable)
            stack.callback(redis.server.stop, signal.SIGTERM, STOP_SECONDS)
        with _told_plainly(data), whole_step():
            cluster = postgres.start(data / "postgres", durable=durable, prepared=prepared)
            # Asked first, so that both stop at the same time.
            stack.callback(cluster.server.stop, signal.SIGINT, STOP_SECONDS)
        yield Services(
            owner_url=cluster.owner_url,
            app_url=cluster.app_url,
            reports_url=cluster.reports_url,
            redis_url=redis.url,
        )


def _lock(data: Path, stack: ExitStack) -> None:
    """Make the folder and hold it: two clusters on one folder would corrupt each other."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = stack.enter_context((data / "lock").open("w"))
    except OSError as error:
        raise ServiceUnavailable(f"the folder {data} cannot be used: {error.strerror}") from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise ServiceUnavailable(f"the folder {data} is in use by another running tracker") from None


@contextmanager
def _told_plainly(data: Path) -> Iterator[None]:
    """A full disk or a forbidden folder becomes the one line that starting may raise."""
    try:
        yield
    except OSError as error:
        raise ServiceUnavailable(f"the services cannot start in {data}: {error.strerror or error}") from error
