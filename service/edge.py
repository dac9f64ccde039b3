"""The outermost layer: request ids, security headers, body limits, one log line and metrics.

The log line has method, route template, status, time and request id: no address of a person, no
query, no identifier of a record.
"""

import logging
import re
import time
from typing import Any, Final
from uuid import uuid4

from litestar.enums import ScopeType
from litestar.exceptions import HTTPException
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from service.metrics import Metrics
from service.settings import Settings

_log: Final = logging.getLogger("tracker.access")
_REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9._-]{8,64}\Z")
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class TooLarge(HTTPException):
    """The body is larger than this route takes."""

    status_code = 413


def security_headers(settings: Settings) -> list[tuple[bytes, bytes]]:
    """What every answer carries."""
    headers = [
        (b"content-security-policy", _POLICY.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"DENY"),
        (b"referrer-policy", b"same-origin"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        (b"x-robots-tag", b"noindex, nofollow"),
    ]
    if settings.secure:
        headers.append((b"strict-transport-security", b"max-age=31536000; includeSubDomains"))
    return headers


class Edge:
    """Wraps the whole application, so that also what the router refuses passes here."""

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics) -> None:
        self._app = app
        self._settings = settings
        self._metrics = metrics
        self._headers = security_headers(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        request_id = _request_id(scope)
        scope["state"]["request_id"] = request_id
        status = 500

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                present = {name.lower() for name, _ in message.get("headers", [])}
                extra = [(b"x-request-id", request_id.encode()), *self._headers]
                if b"cache-control" not in present:
                    extra.append((b"cache-control", b"no-store"))
                message["headers"] = [
                    *message.get("headers", []),
                    *((name, value) for name, value in extra if name not in present),
                ]
            await send(message)

        try:
            await self._app(scope, self._limited(scope, receive), send_with_headers)
        finally:
            seconds = time.perf_counter() - began
            template = str(scope.get("path_template") or "unmatched")
            method = str(scope.get("method", "")) if template != "unmatched" else "ANY"
            self._metrics.answered(method, template, status, seconds)
            if not template.startswith(("/health/", "/static/", "/metrics")):
                _log.info("%s %s %d %.1f ms %s", method, template, status, seconds * 1000, request_id)

    def _limited(self, scope: Any, receive: Receive) -> Receive:
        taken = 0

        async def limited() -> Any:
            nonlocal taken
            message = await receive()
            if message["type"] == "http.request":
                taken += len(message.get("body", b""))
                if taken > self._limit(scope):
                    raise TooLarge("Send less at once: this is larger than the address takes.")
            return message

        return limited

    def _limit(self, scope: Any) -> int:
        handler = scope.get("route_handler")
        opt: dict[str, Any] = getattr(handler, "opt", None) or {}
        return self._settings.upload_limit if opt.get("upload") else self._settings.body_limit


def _request_id(scope: Any) -> str:
    """The caller's request id where it is a reasonable one, else a new one."""
    value: bytes = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
    return value.decode() if _REQUEST_ID.match(value) else uuid4().hex
