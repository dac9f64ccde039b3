"""The application: every route in one list, what they share, and what holds it all together."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import ControllerRouterHandler

from service import operations, problems, reference
from service.access import permissions
from service.access.guard import guard, provide_actor, provide_visitor
from service.database import Database, connect
from service.edge import Edge
from service.metrics import Metrics
from service.settings import Settings
from service.strict import StrictRequest
from service.timepiece import SystemTimepiece, Timepiece
from service.wake import Wake
from service.web import page, static

#: Subjects in the order of the layers; each may have ``routes.py`` and ``pages.py`` with ``handlers``.
SUBJECTS: Final = (
    "access",
    "children",
    "pathways",
    "intake",
    "meetings",
    "enquiries",
    "flags",
    "reports",
    "exchange",
    "administration",
    "web",
)
#: Where one subject has several modules of routes, they are named here as they come.
_KINDS: Final = ("routes", "pages")


def create_app(settings: Settings, *, database: Database | None = None, timepiece: Timepiece | None = None) -> Litestar:
    """Make the application.

    Args:
        settings: what the installation decides.
        database: an open one (tests); otherwise the application opens and closes its own.
        timepiece: the one clock of the process; the machine's when not given.

    Raises:
        Undeclared: a route does not say who may use it.
        AssetsMissing: the front end has not been built.
    """
    metrics = Metrics()
    wake = Wake(settings.redis_url)
    static.load()
    app = Litestar(
        route_handlers=[*operations.handlers, static.router(), *subject_handlers()],
        lifespan=[_running(settings, database, timepiece or SystemTimepiece(), wake)],
        state=State({"settings": settings, "metrics": metrics, "wake": wake, "database": database}),
        guards=[guard],
        dependencies={
            "actor": Provide(provide_actor),
            "visitor": Provide(provide_visitor),
            "database": Provide(_database, sync_to_thread=False),
            "settings": Provide(_settings, sync_to_thread=False),
        },
        exception_handlers=problems.handlers(page.problem),
        request_class=StrictRequest,
        request_max_body_size=None,  # the edge limits bodies, by setting and by route
        openapi_config=_openapi(settings),
        signature_types=[Database, Settings],
        logging_config=None,
    )
    permissions.walk_routes(app)
    app.asgi_handler = Edge(app.asgi_handler, settings, metrics)
    return app


def subject_handlers() -> list[ControllerRouterHandler]:
    """The handlers of every subject that has some: ``handlers`` of its ``routes`` and ``pages``."""
    found: list[ControllerRouterHandler] = []
    for subject in SUBJECTS:
        for kind in _KINDS:
            name = f"service.{subject}.{kind}"
            if find_spec(f"service.{subject}") and find_spec(name):
                handlers: Sequence[ControllerRouterHandler] = import_module(name).handlers
                found.extend(handlers)
    return found


def _running(
    settings: Settings, given: Database | None, timepiece: Timepiece, wake: Wake
) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def running(app: Litestar) -> AsyncIterator[None]:
        database = given or await connect(settings.database_url, timepiece, size=settings.pool_size)
        app.state.database = database
        try:
            yield
        finally:
            await wake.close()
            if given is None:
                await database.close()

    return running


def _database(state: State) -> Database:
    found: Database = state.database
    return found


def _settings(state: State) -> Settings:
    found: Settings = state.settings
    return found


def _openapi(settings: Settings) -> OpenAPIConfig:
    schemes: dict[str, Any] = {
        "session": SecurityScheme(
            type="apiKey", name=settings.cookie_name, security_scheme_in="cookie", description="A signed-in person."
        ),
        "token": SecurityScheme(type="http", scheme="bearer", description="A machine client's token."),
    }
    return OpenAPIConfig(
        title=settings.service_name,
        version=reference.VERSION,
        summary="Every child in every police-attended incident, until somebody qualified has decided.",
        path="/api",
        openapi_router=reference.router(),
        render_plugins=[reference.ReferencePage(), reference.Document()],
        components=Components(security_schemes=schemes),
        security=[{"session": []}, {"token": []}],
        use_handler_docstrings=True,
        create_examples=False,
    )
