"""What every answer must be, whatever was sent."""

from __future__ import annotations

import httpx


def check(answer: httpx.Response, *, page: bool = False) -> None:
    """No failure of ours; a problem that says what is wrong.

    Raises:
        AssertionError: it is not so.
    """
    told = f"{answer.request.method} {answer.request.url.path}: {answer.status_code}\n{answer.text[:2000]}"
    assert answer.status_code < 500, told
    if answer.status_code < 400:
        return
    if page:
        assert answer.headers["content-type"].startswith(("text/html", "application/problem+json")), told
        assert "Traceback" not in answer.text, told
        return
    assert answer.headers["content-type"] == "application/problem+json", told
    problem = answer.json()
    assert problem["status"] == answer.status_code, told
    assert problem["title"], told
    assert problem["request_id"] == answer.headers["x-request-id"], told
    if answer.status_code == 422:
        assert problem.get("errors"), told
        for error in problem["errors"]:
            assert set(error) == {"field", "got", "expected", "help"}, told
            assert error["expected"], told
