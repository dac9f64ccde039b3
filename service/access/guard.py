"""The one guard in front of every route: who is asking, may they, and is it really their own form.

Cross-site requests are stopped twice: by the browser's own word about where a request comes from
(Sec-Fetch-Site, Origin) and by a token bound to the session, in the form field ``csrf_token`` or
the header ``X-CSRF-Token``.
"""

import re
from typing import Any, Final
from urllib.parse import urlsplit

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.handlers import BaseRouteHandler

from service.access import identity, permissions, sessions
from service.access.identity import Visitor
from service.access.refusals import NotSignedIn
from service.actor import Actor
from service.database import Database
from service.errors import Forbidden
from service.settings import Settings

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_FORMS: Final = frozenset({RequestEncodingType.URL_ENCODED.value, RequestEncodingType.MULTI_PART.value})
FIELD: Final = "csrf_token"
HEADER: Final = "x-csrf-token"
#: Fields that are never written back into a page.
_SECRET: Final = re.compile(r"password|secret|code", re.IGNORECASE)


async def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Let the request through, or raise.

    Raises:
        NotSignedIn: the route wants somebody and nobody came.
        Forbidden: the visitor's roles or scopes do not open the route, or the form is not theirs.
    """
    allowed = permissions.of(handler.opt)
    visitor = await visitor_of(connection)
    changes = connection.scope.get("method", "GET") not in _SAFE
    if changes:
        _same_site(connection)
    if allowed is None or (visitor is None and not allowed.everyone):
        if changes:
            await _keep(connection)
        raise NotSignedIn("Sign in, or send a token.")
    if visitor is None:
        return
    if not allowed.admits(visitor.actor):
        raise Forbidden("Your role does not include this." if visitor.session else "This token is not good for this.")
    if changes and visitor.session and not allowed.everyone:
        await _own_form(connection, visitor.session)


async def visitor_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Visitor | None:
    """Who is asking, looked up once for each request.

    Raises:
        NotSignedIn: a token was sent and is not good; a cookie that is not good is nobody.
    """
    state = connection.scope["state"]
    if "visitor" not in state:
        database: Database = connection.app.state.database
        settings: Settings = connection.app.state.settings
        authorization = connection.headers.get("authorization")
        if authorization is not None:
            state["visitor"] = await identity.by_bearer(database, authorization)
        else:
            cookie = connection.cookies.get(settings.cookie_name, "")
            state["visitor"] = await identity.by_session(database, settings, cookie) if cookie else None
    found: Visitor | None = state["visitor"]
    return found


async def provide_visitor(request: Request[Any, Any, Any], database: NamedDependency[Database]) -> Visitor:
    """Dependency ``visitor``: the person or machine, for handlers behind the guard.

    It and `provide_actor` take ``database`` so as to come after it: dependencies that could be had at once are had in
    tasks of their own, which takes longer than any of ours.
    """
    del database
    visitor = await visitor_of(request)
    if visitor is None:
        raise NotSignedIn("Sign in, or send a token.")
    return visitor


async def provide_actor(request: Request[Any, Any, Any], database: NamedDependency[Database]) -> Actor:
    """Dependency ``actor``: on whose behalf services run."""
    return (await provide_visitor(request, database)).actor


def _same_site(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    if connection.headers.get("authorization") is not None:
        return
    site = connection.headers.get("sec-fetch-site")
    if site is not None and site not in {"same-origin", "none"}:
        raise Forbidden("This form was sent from another site.")
    origin = connection.headers.get("origin")
    if origin is not None:
        settings: Settings = connection.app.state.settings
        own = {urlsplit(settings.origin).netloc}
        if not settings.secure:
            # The demonstration may be reached as localhost or by number; a browser cannot forge Host.
            own.add(connection.headers.get("host", ""))
        if _host(origin) not in own:
            raise Forbidden("This form was sent from another site.")


def _host(origin: str) -> str | None:
    """Host and port of an origin; None for what no browser sends."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


async def _own_form(connection: ASGIConnection[Any, Any, Any, Any], session: str) -> None:
    offered = connection.headers.get(HEADER, "")
    if not offered and isinstance(connection, Request) and connection.content_type[0] in _FORMS:
        offered = str((await connection.form()).get(FIELD, ""))
    if not offered or not sessions.csrf_fits(session, offered):
        await _keep(connection)
        raise Forbidden("This form belongs to an earlier sign-in. Go back, reload the page and try again.")


async def _keep(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """Hold what a page's form said, for the page that answers: a session may end while somebody writes.

    Only of a form that this site's own page sent, as the browser says, and never a password.
    """
    own = connection.headers.get("sec-fetch-site") == "same-origin" or connection.headers.get("origin") is not None
    if own and isinstance(connection, Request) and connection.content_type[0] == RequestEncodingType.URL_ENCODED.value:
        connection.scope["state"]["kept"] = [
            (name, value)
            for name, value in (await connection.form()).multi_items()
            if isinstance(value, str) and name != FIELD and not _SECRET.search(name)
        ]
