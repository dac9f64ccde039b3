"""Requests that are wrong as such: broken JSON, wrong types of content, absurd headers and addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any, TypeVar

import pytest

from service.access.permissions import Route, walk_routes
from service.app import create_app
from service.settings import Settings
from tests.http.fuzz.answers import check
from tests.http.fuzz.target import ENDLESS, NOBODYS, Target, notice

T = TypeVar("T")
DEEP = 100_000
BODIES: dict[str, bytes] = {
    "nothing": b"",
    "a space": b" ",
    "half an object": b'{"reference": "06DA',
    "two objects": b"{}{}",
    "a comment": b"// no\n{}",
    "NUL": b'{"reference": "\x00"}',
    "NUL as an escape": b'{"reference": "\\u0000", "text": "\\u0000", "kind": "\\u0000", "name": "\\u0000"}',
    "a lone surrogate": b'{"reference": "\\ud800", "text": "\\udfff"}',
    "a surrogate in bytes": b'{"text": "\xed\xa0\x80"}',
    "not UTF-8": b'{"text": "\xff\xfe"}',
    "UTF-16": '{"text": "x"}'.encode("utf-16"),
    "a byte-order mark": b"\xef\xbb\xbf{}",
    "a huge number": b'{"page": ' + b"9" * 5_000 + b"}",
    "infinity": b'{"page": 1e400}',
    "not a number": b'{"page": NaN}',
    "a repeated name": b'{"text": "a", "text": "b"}',
    "deep lists": b"[" * DEEP + b"]" * DEEP,
    "deep objects": b'{"children":' * DEEP + b"1" + b"}" * DEEP,
    "deep in a known field": b'{"detail":' + b'{"a":' * 900 + b"1" + b"}" * 901,
    "many fields": b"{" + b",".join(b'"f%d":1' % number for number in range(20_000)) + b"}",
    "a list": b"[]",
    "a string": b'"x"',
    "null": b"null",
    "a number": b"7",
    "a form": b"reference=x&children=y",
    "too much": b'{"text": "' + b"x" * 2_000_001 + b'"}',
}
TYPES = (
    "text/plain",
    "application/xml",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded",
    "application/json; charset=utf-16",
    "application/json; charset=nonsense",
    "application/vnd.api+json",
    "application/msgpack",
    "nonsense",
    "",
    ";",
    "x" * 5_000,
)
HEADERS: dict[str, tuple[bytes, ...]] = {
    "if-match": (b"", b"*", b'"', b'W/""', b'"-1"', b'"1e9"', b"9" * 300, b"\xff", "\u0663".encode()),
    "idempotency-key": (b"", b" ", b"\x01", b"\xff", b"x" * 201, b"x" * 20_000, "\u202e".encode()),
    "accept": (b"", b"*", b"nonsense", b"application/xml", b"x" * 9_000, b"\xff", b"text/html;q=nan"),
    "accept-language": (b"\xff", b"x" * 9_000),
    "cookie": (b"session=", b"session=\xff", b"session=" + b"x" * 20_000, b";;;=;", b"=", b"session=a; session=b"),
    "authorization": (b"", b"Bearer", b"Bearer \xff", b"Bearer " + b"x" * 20_000, b"Basic Og==", b"\xff"),
    "content-length": (b"-1", b"nonsense", b"99999999999999999999"),
    "x-request-id": (b"\xff" * 20, b"a\x0bb", b"x" * 9_000),
    "origin": (b"null", b"http://[", b"\xff", b"http://evil.example", b"x" * 9_000),
    "sec-fetch-site": (b"cross-site", b"\xff"),
    "x-forwarded-for": (b"\xff", b"1" * 9_000),
    "hx-request": (b"true", b"\xff"),
    "x-csrf-token": (b"", b"\xff", b"x" * 9_000),
    "if-none-match": (b"*", b"\xff"),
    "range": (b"bytes=-1", b"bytes=0-0,1-1", b"nonsense"),
}
ADDRESSES = (
    "/%00",
    "/%ff",
    "/pathways/%00",
    "/pathways/not-an-id",
    "/api/v1/pathways/%2e%2e",
    "/api/v1/pathways/" + "x" * 5_000,
    f"/api/v1/pathways/{NOBODYS}%00",
    "/api/v1/pathways/00000000-0000-0000-0000-00000000000g",
    "/static/../../pyproject.toml",
    "/static/%2e%2e%2f%2e%2e%2fpyproject.toml",
    "/static/%00",
    "/static/" + "x" * 5_000,
    "//evil.example/",
    "/sign-in?next=%00",
    "/sign-in?next=%ff%fe",
    "/sign-in?" + "&".join(f"next={number}" for number in range(5_000)),
)
QUERIES = (
    "page=0",
    "page=-1",
    "page=1e3",
    "page=%00",
    "page=99999999999999999999",
    "grade=%00",
    "area=%00",
    "area=%ff",
    "sort=%00",
    "which=%00",
    "descending=%00",
    "due=%00",
    "page=1&page=2",
    "=",
    "&&&",
    "%",
    "district=%00",
    "preview=maybe",
    "names=%00",
    "from=%00",
    "to=9999-12-31",
    "from=0001-01-01",
)


def routes() -> list[Route]:
    """Every route, found without starting the application."""
    found = walk_routes(create_app(Settings(database_url="postgresql://nobody@127.0.0.1:1/none")))
    return [route for route in found if route.method != "HEAD" and route.path not in ENDLESS]


ROUTES = routes()
CHANGES = [route for route in ROUTES if route.method != "GET"]
PAGES = [route for route in ROUTES if route.method == "GET"]


def named(found: list[Route]) -> pytest.MarkDecorator:
    """One test for each route."""
    return pytest.mark.parametrize("route", found, ids=[f"{route.method} {route.path}" for route in found])


def filled(route: Route, target: Target) -> Iterator[str]:
    """The route's address with ids that are there, and with none that is."""
    there = missing = route.path
    for part in route.path.split("/"):
        if part.startswith("{"):
            name = part.strip("{}").partition(":")[0]
            there = there.replace(part, target.ids.get(name, target.ids["pathway"])[0])
            missing = missing.replace(part, "app.css" if name == "file_path" else str(NOBODYS))
    yield there
    if missing != there:
        yield missing


def is_page(route: Route) -> bool:
    """Whether people use it."""
    return not route.path.startswith(("/api/", "/health/"))


#: A few for each route, other ones for another; `make soak` sends all of them to each.
THOROUGH = pytest.mark.parametrize(
    "all_of_them", [False, pytest.param(True, marks=[pytest.mark.soak, pytest.mark.timeout(600)])], ids=["few", "all"]
)


def some(of: Sequence[T], route: Route, count: int, all_of_them: bool) -> Sequence[T]:
    """A few, the same ones every time."""
    return of if all_of_them else Random(f"{route.method} {route.path}").sample(list(of), count)


@THOROUGH
@named(CHANGES)
def test_a_body_that_is_wrong_is_refused_and_never_breaks_us(target: Target, route: Route, all_of_them: bool) -> None:
    who = target.actors(route.allow)[0]
    (address, *_) = filled(route, target)
    for name in some(tuple(BODIES), route, 4, all_of_them):
        headers = {"content-type": "application/json", "if-match": '"0"'}
        answer = target.ask(who, route.method, address, content=BODIES[name], headers=headers)
        check(answer, page=is_page(route))


@THOROUGH
@named(CHANGES)
def test_a_type_of_content_that_is_wrong_is_refused(target: Target, route: Route, all_of_them: bool) -> None:
    who = target.actors(route.allow)[0]
    (address, *_) = filled(route, target)
    bodies = (b"", b"{}", b"--x\r\ncontent-disposition: form-data\r\n\r\n\x00\r\n--x--")
    for media, body in some([(media, body) for media in TYPES for body in bodies], route, 4, all_of_them):
        answer = target.ask(who, route.method, address, content=body, headers={"content-type": media})
        check(answer, page=is_page(route))


@THOROUGH
@named(ROUTES)
def test_headers_that_make_no_sense_never_break_us(target: Target, route: Route, all_of_them: bool) -> None:
    who = target.actors(route.allow)[0]
    tried = [(name, value) for name, values in HEADERS.items() for value in values]
    for address in filled(route, target):
        for name, value in some(tried, route, 4, all_of_them):
            body: dict[str, Any] = {"content": b"{}"} if route.method != "GET" else {}
            headers = {"content-type": "application/json", name: value}
            check(target.ask(who, route.method, address, headers=headers, **body), page=is_page(route))


@THOROUGH
@named(PAGES)
def test_queries_that_make_no_sense_never_break_us(target: Target, route: Route, all_of_them: bool) -> None:
    who = target.actors(route.allow)[0]
    (address, *_) = filled(route, target)
    for query in some(QUERIES, route, 5, all_of_them):
        check(target.ask(who, "GET", f"{address}?{query}"), page=is_page(route))


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "NONSENSE"])
def test_addresses_that_lead_nowhere_never_break_us(target: Target, method: str) -> None:
    for address in ADDRESSES:
        answer = target.ask("mash_manager.359", method, address)
        assert answer.status_code < 500, f"{method} {address[:80]}: {answer.text[:500]}"


def test_a_keyed_notice_with_a_body_of_another_spelling_is_another_body(target: Target) -> None:
    key = {"idempotency-key": "spelling"}
    body = notice(900)
    first = target.ask("machine", "POST", "/api/v1/notices", json=body, headers=key)
    assert first.status_code == 201, first.text
    spaced = target.ask("machine", "POST", "/api/v1/notices", json=body | {"summary": " "}, headers=key)
    assert spaced.status_code == 422
