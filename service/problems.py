"""One place turns what went wrong into an answer: RFC 9457 for machines, a GOV.UK page for people.

| raised | status |
|---|---|
| ``Refused``, a value the database cannot take | 422 |
| ``NotSignedIn`` | 401 (a page: to the sign-in page) |
| ``Forbidden``, the database's "insufficient privilege" | 403 |
| ``NotFound`` | 404 |
| ``Conflict``, ``NeedsSecondPerson``, a unique value that is taken | 409 |
| ``Superseded``, ``PreconditionFailed`` | 412 |
| ``PreconditionRequired`` | 428 |
| ``TooMany`` | 429 |
| ``Unavailable``, a database that is away, deadlocked or too slow | 503 with Retry-After |
| anything else | 500, with the request's id and not a word more |
"""

import logging
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import asyncpg
import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandlersMap

from service.access.refusals import NotSignedIn, TooMany
from service.errors import (
    Conflict,
    Forbidden,
    NeedsSecondPerson,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
    Refused,
    Superseded,
    TrackerError,
    Unavailable,
    Wrong,
)
from service.unreachable import is_unreachable

MEDIA_TYPE: Final = "application/problem+json"
_log: Final = logging.getLogger("tracker.problems")

_TITLES: Final = {
    400: "This request cannot be read",
    401: "Sign in first",
    403: "You may not do this",
    404: "Not found",
    405: "This cannot be done to that address",
    409: "This contradicts what is already recorded",
    412: "This has changed since you looked at it",
    413: "This is too large",
    415: "This kind of content cannot be read",
    422: "Some of what was sent is wrong",
    428: "Say which version you are changing",
    429: "Too many attempts",
    500: "Something went wrong on our side",
    503: "Not available for a moment",
}
# The most special class first.
_STATUS: Final[tuple[tuple[type[TrackerError], int], ...]] = (
    (Superseded, 412),
    (PreconditionFailed, 412),
    (PreconditionRequired, 428),
    (NeedsSecondPerson, 409),
    (Conflict, 409),
    (Refused, 422),
    (NotFound, 404),
    (Forbidden, 403),
    (NotSignedIn, 401),
    (TooMany, 429),
    (Unavailable, 503),
)
#: What the framework says of a parameter that is not there.
_MISSING: Final = re.compile(r"Missing required (?P<place>\w+ parameter|\w+) '(?P<name>[^']+)'")
_PLACES: Final = {"query": "in the address", "path": "in the address", "header": "in a header"}
#: Parameters that Python does not let bear the name they have in an address.
_NAMES: Final = {"first_day": "from", "first": "from", "last_day": "to", "last": "to"}
_NOT_STORABLE: Final = Wrong(
    "", "a value", "characters and a size that can be stored", "Leave out control characters; shorten long texts."
)
_AWAY: Final = "Nothing was recorded. Try again in a few seconds."


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A problem as RFC 9457 writes it. ``facts`` say what stands now, where that is the problem."""

    type: str
    title: str
    status: int
    detail: str = ""
    instance: str = ""
    request_id: str = ""
    errors: tuple[Wrong, ...] = ()
    facts: dict[str, Any] = {}


#: Makes a page of a problem, with its headers; given by the web layer.
Page = Callable[[Request[Any, Any, Any], Problem], Response[Any]]


def status_of(error: Exception) -> int:
    """The status an exception becomes."""
    if isinstance(error, TrackerError):
        return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    if isinstance(error, HTTPException):
        return 422 if isinstance(error, ValidationException) else error.status_code
    if isinstance(error, asyncpg.InsufficientPrivilegeError):
        return 403
    if isinstance(error, asyncpg.UniqueViolationError | asyncpg.ExclusionViolationError):
        return 409
    if isinstance(
        error, asyncpg.IntegrityConstraintViolationError | asyncpg.DataError | asyncpg.ProgramLimitExceededError
    ):
        # Append-only tables refuse changes with "restrict violation": that is a fault of ours, not of the input.
        return 500 if isinstance(error, asyncpg.RestrictViolationError) else 422
    if _passes(error):
        return 503
    return 500


def _passes(error: Exception) -> bool:
    """Whether the same request may well succeed in a moment."""
    return is_unreachable(error) or isinstance(
        error,
        asyncpg.TransactionRollbackError
        | asyncpg.LockNotAvailableError
        | asyncpg.QueryCanceledError
        | asyncpg.InterfaceError,
    )


def problem_of(error: Exception, *, instance: str = "", request_id: str = "") -> Problem:
    """What to tell about an exception; nothing of its inside for anything unforeseen."""
    status = status_of(error)
    detail = ""
    errors: tuple[Wrong, ...] = ()
    facts: dict[str, Any] = {}
    if isinstance(error, TrackerError):
        detail = error.message
        errors = error.wrong if isinstance(error, Refused) else ()
        facts = {k: v for k, v in error.facts.items() if k != "retry_after"}
    elif isinstance(error, ValidationException):
        errors = tuple(_parameter_errors(error))
        if not errors:
            errors = (Wrong("content-type", error.detail, "a body as this request takes it", "Send it again as told."),)
    elif isinstance(error, HTTPException) and status < 500:
        detail = error.detail if error.detail != _phrase(error) else ""
    elif status == 503:
        detail = _AWAY
    elif status == 422:
        detail = "A value has characters or a size that cannot be stored."
        errors = (_NOT_STORABLE,)
    elif status == 409:
        detail = "The same thing is already there."
    return Problem(
        type="about:blank" if status in {404, 405, 500} else f"/api#problem-{status}",
        title=_TITLES.get(status, _TITLES[500] if status >= 500 else _TITLES[400]),
        status=status,
        detail=detail,
        instance=instance,
        request_id=request_id,
        errors=errors,
        facts=facts,
    )


def headers_of(error: Exception, status: int) -> dict[str, str]:
    """Headers that belong to the answer."""
    if status in {429, 503}:
        after = error.facts.get("retry_after", 5) if isinstance(error, TrackerError) else 2
        return {"Retry-After": str(after)}
    if status == 401:
        return {"WWW-Authenticate": 'Bearer realm="tracker"'}
    if isinstance(error, HTTPException) and error.headers:
        return dict(error.headers)
    return {}


def _phrase(error: HTTPException) -> str:
    return type(error)(status_code=error.status_code).detail


def _parameter_errors(error: ValidationException) -> list[Wrong]:
    """The framework's list of wrong parameters in our words."""
    found = []
    for each in error.extra or ():
        if isinstance(each, Mapping):
            said = str(each.get("message", "")).split(" - at ")[0]
            expected, _, got = said.removeprefix("Expected ").replace("`", "").partition(", got ")
            source = each.get("source", "")
            place = _PLACES.get(str(getattr(source, "value", source)), "in the body")
            key = str(each.get("key", ""))
            name = key if place == "in the body" else _NAMES.get(key, key)
            found.append(Wrong(name, got, expected, f"It stands {place}."))
    if missing := _MISSING.match(error.detail):
        found.append(Wrong(missing["name"], "nothing", f"a {missing['place']}", "Send it with the request."))
    return found


def wants_page(request: Request[Any, Any, Any]) -> bool:
    """Whether a person is asking: anything outside the API and the operational endpoints, and no script of a page."""
    path = request.scope["path"]
    machine = path.startswith(("/api/", "/health/", "/static/")) or path in {"/metrics", "/api"}
    accepted = request.headers.get("accept", "")
    return not machine and not any(kind in accepted for kind in ("application/json", "text/event-stream"))


def handlers(page: Page) -> ExceptionHandlersMap:
    """The exception handlers of the application."""

    def answer(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
        request_id = str(request.scope["state"].get("request_id", ""))
        problem = problem_of(error, instance=request.scope["path"], request_id=request_id)
        if problem.status == 500:
            _log.error("request %s failed", request_id, exc_info=error)
        elif problem.status == 503:
            _log.warning("request %s: %s", request_id, type(error).__name__)
        response = page(request, problem) if wants_page(request) else as_json(problem)
        response.headers.update(headers_of(error, problem.status))
        return response

    return {HTTPException: answer, Exception: answer}


def as_json(problem: Problem) -> Response[bytes]:
    """A problem document."""
    return Response(msgspec.json.encode(problem, enc_hook=str), status_code=problem.status, media_type=MEDIA_TYPE)
