"""What operators and supervisors ask of the process. Public: nothing personal is in it."""

from typing import Any

import msgspec
from litestar import Response, get
from litestar.datastructures import State
from prometheus_client import CONTENT_TYPE_LATEST

from service.access.permissions import public
from service.database import Database
from service.metrics import Metrics
from service.migrations import read
from service.unreachable import is_unreachable
from service.wake import Wake
from service.web import store


class Live(msgspec.Struct, frozen=True):
    """The process answers."""

    status: str = "alive"


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """Whether requests can be served; ``redis`` may be away without harm."""

    ready: bool
    database: str
    migrations: str
    redis: str


@get("/health/live", opt=public(), sync_to_thread=False)
def live() -> Live:
    """Whether the process is alive; looks at nothing else."""
    return Live()


@get("/health/ready", opt=public())
async def ready(state: State) -> Response[Ready]:
    """Whether requests can be served: the database answers and its schema is this program's."""
    database, migrations = await _schema(state.database)
    found = Ready(
        ready=database == "ok" and migrations == "current",
        database=database,
        migrations=migrations,
        redis=await _redis(state.wake),
    )
    return Response(found, status_code=200 if found.ready else 503)


async def _schema(database: Database) -> tuple[str, str]:
    try:
        async with database.pool.acquire(timeout=2) as connection:
            applied = await store.migrations_applied(connection)
    except Exception as error:
        if not is_unreachable(error):
            return "ok", "not current"
        return "away", "unknown"
    return "ok", "current" if applied >= len(read()) else "not current"


async def _redis(wake: Wake) -> str:
    if not wake.configured:
        return "not used"
    return "ok" if await wake.alive() else "away"


@get("/metrics", opt=public(), include_in_schema=False, sync_to_thread=False)
def metrics(state: State) -> Response[bytes]:
    """Figures about the process for Prometheus."""
    found: Metrics = state.metrics
    return Response(found.page(state.database), media_type=CONTENT_TYPE_LATEST)


handlers: list[Any] = [live, ready, metrics]
