"""The API's own description: the OpenAPI 3.1 document and a page that people read."""

from typing import Any, Final

import msgspec
from litestar import Request, Router
from litestar.enums import MediaType
from litestar.openapi.plugins import OpenAPIRenderPlugin
from litestar.types import ControllerRouterHandler

from service.access.permissions import public
from service.web.page import render

VERSION: Final = "1.0.0"
_PROBLEMS: Final = {
    "400": "The request cannot be read.",
    "401": "Nobody is signed in and no good token was sent.",
    "403": "The visitor may not do this.",
    "404": "Not there, or not theirs to see.",
    "409": "It contradicts what is recorded, or waits for a second person.",
    "412": "It has changed since the visitor looked at it; the facts say what it is now.",
    "413": "More than this address takes at once.",
    "415": "Not JSON by its own word.",
    "422": "Some of what was sent is wrong; every wrong field is named.",
    "428": "The version that is changed must be named in If-Match.",
    "503": "Not available for a moment; nothing was recorded.",
}
_FIELD_ERROR: Final = {
    "type": "object",
    "required": ["field", "got", "expected", "help"],
    "properties": {
        "field": {"type": "string", "description": "A pointer such as children[1].date_of_birth."},
        "got": {"type": "string"},
        "expected": {"type": "string"},
        "help": {"type": "string", "description": "How to put it right."},
    },
}
_PROBLEM: Final = {
    "title": "Problem",
    "description": "What went wrong (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldError"}},
        "facts": {"type": "object", "description": "What stands now, where that is the problem."},
    },
}


def completed(document: dict[str, Any]) -> dict[str, Any]:
    """The framework's document with our problems in place of its own errors."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"], schemas["FieldError"] = _PROBLEM, _FIELD_ERROR
    answer = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path, item in document.get("paths", {}).items():
        for operation in item.values():
            if not isinstance(operation, dict) or "responses" not in operation:
                continue
            responses = {c: r for c, r in operation["responses"].items() if int(c) < 400}
            if path.startswith("/api/"):
                responses |= {c: {"description": d, "content": answer} for c, d in _PROBLEMS.items()}
            operation["responses"] = responses
            if path.startswith("/health/"):
                operation["security"] = []
    return document


class _Router(Router):
    """The framework adds its own page for unknown documents; ours are problems like all others."""

    def register(self, value: ControllerRouterHandler) -> list[Any]:
        """Take a handler, except that one."""
        if "/{path:str}" in getattr(value, "paths", ()):
            return []
        return super().register(value)


def router() -> Router:
    """Where the document and its page live."""
    return _Router("/api", route_handlers=[], include_in_schema=False, opt=public())


class Document(OpenAPIRenderPlugin):
    """``/api/openapi.json``."""

    def __init__(self) -> None:
        super().__init__(path="/openapi.json", media_type=MediaType.JSON)
        self._bytes: bytes | None = None

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The document; made once."""
        del request
        if self._bytes is None:
            self._bytes = msgspec.json.encode(completed(openapi_schema), enc_hook=str)
        return self._bytes


class ReferencePage(OpenAPIRenderPlugin):
    """``/api``: the document as a page of our own, which needs no script from anywhere."""

    def __init__(self) -> None:
        super().__init__(path="/", media_type=MediaType.HTML)
        self._page: bytes | None = None

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The page; made once."""
        if self._page is None:
            document = msgspec.json.decode(msgspec.json.encode(completed(openapi_schema), enc_hook=str))
            self._page = render(request, "web/reference.html", api=document, operations=_operations(document)).encode()
        return self._page


def _operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    """One entry for each method of each path, with the names of what goes in and comes out."""
    found = []
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if not isinstance(operation, dict) or "responses" not in operation:
                continue
            body = operation.get("requestBody", {}).get("content", {})
            found.append(
                {
                    "anchor": operation.get("operationId", f"{method}{path}"),
                    "method": method.upper(),
                    "path": path,
                    "summary": operation.get("summary", ""),
                    "description": operation.get("description", ""),
                    "parameters": operation.get("parameters", []),
                    "body": [_name(each.get("schema", {})) for each in body.values()],
                    "responses": [
                        (
                            code,
                            each["description"],
                            [_name(c.get("schema", {})) for c in each.get("content", {}).values()],
                        )
                        for code, each in operation["responses"].items()
                    ],
                }
            )
    return found


def _name(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if schema.get("type") == "array":
        return f"list of {_name(schema.get('items', {}))}"
    return str(schema.get("type", "anything"))
