"""Everything that the OpenAPI document allows and much that it does not, as everybody whom a route opens for.

`make soak` goes on for many more examples than `make test`.
"""

from __future__ import annotations

from random import Random
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode, openapi
from schemathesis.checks import load_all_checks
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Err, Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from service import reference
from service.app import create_app
from service.settings import Settings
from tests.http.fuzz.answers import check
from tests.http.fuzz.target import Target
from tests.http.fuzz.values import hit, known

load_all_checks()
CHECKS: list[Any] = [status_code_conformance, content_type_conformance, response_schema_conformance]


def document() -> dict[str, Any]:
    """The document as it is served, without who is asking: that is for the tests to say."""
    app = create_app(Settings(database_url="postgresql://nobody@127.0.0.1:1/none"))
    made = reference.completed(app.openapi_schema.to_schema())
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(made, enc_hook=str))
    found.pop("security", None)
    found["components"].pop("securitySchemes", None)
    return found


def operations() -> dict[str, APIOperation[Any, Any, Any, Any]]:
    """Every operation of the document by its method and path; one that cannot be read is an error."""
    found = [result for result in openapi.from_dict(document()).get_all_operations()]
    unreadable = [result.err() for result in found if isinstance(result, Err)]
    assert not unreadable, unreadable
    made = [result.ok() for result in found if isinstance(result, Ok)]
    return {operation.label: operation for operation in made}


OPERATIONS = operations()


def address(case: Case[Any], target: Target, chance: Random) -> str:
    """The address of a case, mostly leading to records that are there."""
    path: str = case.path
    for name, value in case.path_parameters.items():
        filled = known(target.ids, name, chance) if chance.random() < 0.8 else str(value)
        path = path.replace("{" + name + "}", filled)
    return path or "/"


def send(case: Case[Any], target: Target, who: str, chance: Random) -> httpx.Response:
    kwargs = case.as_transport_kwargs(base_url="http://127.0.0.1:8000")
    headers = {
        str(name): str(value).encode("utf-8", "replace")
        for name, value in kwargs["headers"].items()
        if name.lower() not in ("authorization", "content-length", "host", "cookie", "accept-encoding")
    }
    more: dict[str, Any] = {"params": kwargs.get("params") or None, "headers": headers}
    if "json" in kwargs:
        more["json"] = hit(kwargs["json"], target.ids, chance)
    elif "data" in kwargs:
        more["content"] = kwargs["data"]
    return target.ask(who, case.method, address(case, target, chance), **more)


def explore(target: Target, label: str, examples: int) -> None:
    operation = OPERATIONS[label]
    method, _, path = label.partition(" ")
    actors = target.actors(target.route(method, path).allow)

    @settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    @given(
        case=st.one_of(
            operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
            operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
        ),
        who=st.sampled_from(actors),
        seed=st.integers(0, 2**32),
    )
    def attempt(case: Case[Any], who: str, seed: int) -> None:
        answer = send(case, target, who, Random(seed))
        check(answer, page=not path.startswith(("/api/", "/health/")))
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as group:
            raise AssertionError("\n".join(str(each) for each in group.exceptions)) from group

    attempt()


@pytest.mark.parametrize("label", OPERATIONS)
def test_whatever_is_sent_the_answer_is_as_the_document_says(target: Target, label: str) -> None:
    explore(target, label, 15)


@pytest.mark.soak
@pytest.mark.timeout(600)
@pytest.mark.parametrize("label", OPERATIONS)
def test_whatever_is_sent_for_long_the_answer_is_as_the_document_says(target: Target, label: str) -> None:
    explore(target, label, 250)
