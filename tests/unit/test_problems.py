"""What went wrong becomes the right status, and nothing of our inside gets out."""

from __future__ import annotations

import asyncpg
import pytest
from litestar.exceptions import NotFoundException, PermissionDeniedException

from service import errors, problems
from service.access.refusals import NotSignedIn, TooMany


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.Refused([errors.Wrong("a", "b", "c", "d")]), 422),
        (errors.NotFound("no such pathway"), 404),
        (errors.Forbidden("not yours"), 403),
        (errors.Conflict("taken"), 409),
        (errors.Superseded("corrected", by="x"), 412),
        (errors.PreconditionFailed("changed", etag="2"), 412),
        (errors.PreconditionRequired("say which"), 428),
        (errors.NeedsSecondPerson("second person"), 409),
        (errors.Unavailable("away", retry_after=7), 503),
        (NotSignedIn("who?"), 401),
        (TooMany("slow down", retry_after=60), 429),
        (NotFoundException(), 404),
        (PermissionDeniedException(), 403),
        (asyncpg.InsufficientPrivilegeError("permission denied for table child"), 403),
        (asyncpg.UniqueViolationError("duplicate key"), 409),
        (asyncpg.CheckViolationError("check"), 422),
        (asyncpg.DataError("invalid byte sequence"), 422),
        (asyncpg.RestrictViolationError("append-only"), 500),
        (asyncpg.DeadlockDetectedError("deadlock"), 503),
        (asyncpg.SerializationError("serialize"), 503),
        (asyncpg.CannotConnectNowError("starting up"), 503),
        (ConnectionRefusedError("refused"), 503),
        (TimeoutError(), 503),
        (KeyError("secret"), 500),
    ],
)
def test_each_error_has_its_status(error: Exception, status: int) -> None:
    assert problems.problem_of(error).status == status


@pytest.mark.parametrize("error", [KeyError("secret"), asyncpg.UniqueViolationError("secret"), RuntimeError("secret")])
def test_nothing_of_the_inside_is_told(error: Exception) -> None:
    assert b"secret" not in problems.as_json(problems.problem_of(error)).content


def test_it_says_when_to_come_back() -> None:
    assert problems.headers_of(errors.Unavailable("away", retry_after=7), 503) == {"Retry-After": "7"}
    assert problems.headers_of(asyncpg.DeadlockDetectedError("x"), 503) == {"Retry-After": "2"}
