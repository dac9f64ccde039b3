"""JSON as it was promised: "7" is not 7, and every wrong field is named at once.

The framework decodes bodies leniently and msgspec stops at the first error. A body is first decoded
strictly; only when that fails is it walked field by field to tell everything that is wrong with it.
"""

import json
import types
from collections.abc import Hashable, Iterator
from functools import lru_cache
from typing import Annotated, Any, Final, Literal, TypeVar, Union, cast, get_args, get_origin

import msgspec
from litestar import Request
from litestar.exceptions import ClientException

from service.errors import Refused, Wrong

T = TypeVar("T")
_SHOWN: Final = 80
_MISSING: Final = "nothing"
_HELP: Final = {
    "date": "Write a day as 2026-11-03.",
    "datetime": "Write an instant with its zone, as 2026-11-03T09:12:00Z.",
    "int": "Write a whole number without quotes.",
    "bool": "Write true or false without quotes.",
    "str": "Write text in quotes.",
    "UUID": "Write an identifier as it was given to you.",
}


class UnsupportedBody(ClientException):
    """The body is not JSON by its own word."""

    status_code = 415


def decode(type_: type[T], body: bytes) -> T:
    """Decode JSON strictly.

    Raises:
        Refused: not JSON, or not of that type; with every wrong field.
    """
    try:
        decoded: T = _decoder(cast(Hashable, type_)).decode(body)
    except (msgspec.ValidationError, UnicodeDecodeError) as error:
        try:
            raw = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise _not_json() from error
        found = tuple(wrong_fields(raw, type_))
        raise Refused(found or (_whole(str(error), raw),)) from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise _not_json() from error
    _refuse_doubled(body)
    return decoded


def _refuse_doubled(body: bytes) -> None:
    """A field given twice has two values, and decoders differ in which they take (RFC 8259, 4)."""
    doubled: list[str] = []

    def fields(pairs: list[tuple[str, Any]]) -> None:
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                doubled.append(name)
            seen.add(name)

    try:
        json.loads(body.decode(), object_pairs_hook=fields, parse_int=str, parse_float=str)
    except (ValueError, RecursionError) as error:
        raise _not_json() from error
    if doubled:
        raise Refused(
            [
                Wrong(name[:200], "twice", "each field once", "Leave one of the two out.")
                for name in dict.fromkeys(doubled)
            ]
        )


@lru_cache(maxsize=256)
def _decoder(type_: Hashable) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(cast(Any, type_))


def _not_json() -> Refused:
    return Refused([Wrong("", "something else", "JSON in UTF-8", "Check that the body is complete JSON.")])


def wrong_fields(value: object, type_: Any, at: str = "") -> Iterator[Wrong]:
    """Everything about ``value`` (decoded JSON) that is not as ``type_`` wants it."""
    base, args = _unwrapped(type_)
    if base is not None and value is not None:
        if _is_struct(base):
            yield from _wrong_struct(value, base, at)
            return
        if base in (list, tuple, set, frozenset) and isinstance(value, list) and args:
            found = [e for i, each in enumerate(value) for e in wrong_fields(each, args[0], f"{at}[{i}]")]
            if found:
                yield from found
                return
    try:
        msgspec.convert(value, type_, strict=True, str_keys=True)
    except (msgspec.ValidationError, ValueError) as error:
        yield Wrong(at, shown(value), _expected(type_, error), _help(type_))


def _wrong_struct(value: object, struct: Any, at: str) -> Iterator[Wrong]:
    if not isinstance(value, dict):
        yield Wrong(at, shown(value), "an object", "Write it in curly brackets with named fields.")
        return
    clean = True
    known = set()
    for field in msgspec.structs.fields(struct):
        name = field.encode_name
        known.add(name)
        where = f"{at}.{name}" if at else name
        if name in value:
            for error in wrong_fields(value[name], field.type, where):
                clean = False
                yield error
        elif field.required:
            clean = False
            yield Wrong(where, _MISSING, _words(field.type), "This field is required.")
    if struct.__struct_config__.forbid_unknown_fields:
        for name in value.keys() - known - {struct.__struct_config__.tag_field}:
            clean = False
            where = f"{at}.{name}" if at else str(name)
            yield Wrong(where[:200], shown(value[name]), "no such field", "Leave it out, or check its spelling.")
    if clean:
        try:
            msgspec.convert(value, struct, strict=True, str_keys=True)
        except (msgspec.ValidationError, ValueError) as error:
            yield Wrong(at, shown(value), str(error).split(" - at ")[0], "")


def _is_struct(type_: Any) -> bool:
    return isinstance(type_, type) and issubclass(type_, msgspec.Struct)


def _unwrapped(type_: Any) -> tuple[Any, tuple[Any, ...]]:
    """The one container or struct inside Annotated and Optional, with its arguments."""
    if get_origin(type_) is Annotated:
        return _unwrapped(get_args(type_)[0])
    if get_origin(type_) in (Union, types.UnionType):
        found = [_unwrapped(arg) for arg in get_args(type_) if arg not in (type(None), msgspec.UnsetType)]
        return found[0] if len(found) == 1 else (None, ())
    return get_origin(type_) or type_, get_args(type_)


def _names(type_: Any) -> Iterator[str]:
    if get_origin(type_) is Annotated:
        yield from _names(get_args(type_)[0])
    elif get_origin(type_) in (Union, types.UnionType):
        for arg in get_args(type_):
            if arg is not msgspec.UnsetType:
                yield from _names(arg)
    elif get_origin(type_) is Literal:
        yield from (str(value) for value in get_args(type_))
    elif type_ is type(None):
        yield "null"
    else:
        base = get_origin(type_) or type_
        if _is_struct(base):
            yield "object"
            return
        yield {"list": "list", "tuple": "list", "dict": "object"}.get(
            getattr(base, "__name__", ""), getattr(base, "__name__", str(base))
        )


def _words(type_: Any) -> str:
    plain = {"str": "text", "int": "a whole number", "bool": "true or false", "float": "a number"}
    plain |= {"date": "a day", "datetime": "an instant", "UUID": "an identifier", "list": "a list"}
    plain |= {"object": "an object"}
    names = [plain.get(name, name) for name in dict.fromkeys(_names(type_))]
    return " or ".join(names) if len(names) < 3 else ", ".join(names[:-1]) + " or " + names[-1]


def _expected(type_: Any, error: Exception) -> str:
    said = str(error).split(" - at ")[0]
    limit = said.removeprefix("Expected ").replace("`", "") if " of length " in said or ">=" in said else ""
    if not limit and ("<=" in said or "matching regex" in said or "timezone" in said):
        limit = said.removeprefix("Expected ").replace("`", "")
    return limit or _words(type_)


def _help(type_: Any) -> str:
    return next((_HELP[name] for name in _names(type_) if name in _HELP), "Choose one of those.")


def _whole(said: str, raw: object) -> Wrong:
    return Wrong("", shown(raw), said, "")


def shown(value: object) -> str:
    """A value as it may be quoted back: JSON, cut short."""
    try:
        text = msgspec.json.encode(value).decode()
    except (TypeError, ValueError, RecursionError):
        text = type(value).__name__
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


class StrictRequest(Request[Any, Any, Any]):
    """A request whose JSON body is decoded strictly to the type its handler declares.

    Handlers say ``data: JSONBody[T]`` and the OpenAPI document follows from that; nothing has to be
    remembered, so nothing can be forgotten.
    """

    async def json(self) -> Any:
        """The body as the handler's type.

        Raises:
            Refused: it is not.
            UnsupportedBody: the content type is something else than JSON.
        """
        if "strict_json" not in self.scope["state"]:
            media, _ = self.content_type
            if media and not (media == "application/json" or media.endswith("+json")):
                raise UnsupportedBody(f"Send application/json, not {media[:80]}.")
            field = getattr(self.route_handler, "parsed_data_field", None)
            type_ = field.annotation if field is not None else Any
            self.scope["state"]["strict_json"] = decode(type_, await self.body())
        return self.scope["state"]["strict_json"]
