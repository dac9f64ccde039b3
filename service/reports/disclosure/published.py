"""Figures as they are published: the same structs, where any number may be hidden, for the API's description."""

from functools import cache, reduce
from operator import or_
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import msgspec

from service.reports.disclosure.hidden import Hidden


@cache
def published(kind: type[msgspec.Struct]) -> type[msgspec.Struct]:
    """A struct like ``kind`` whose numbers, at every depth, may each be a `Hidden` instead.

    Only the description of the API needs it: what is answered is a ``kind`` in which `apply` hid numbers.
    """
    fields: list[tuple[str, Any] | tuple[str, Any, Any]] = []
    for each in msgspec.structs.fields(kind):
        widened = _widened(each.type)
        if each.default is not msgspec.NODEFAULT:
            fields.append((each.encode_name, widened, each.default))
        elif each.default_factory is not msgspec.NODEFAULT:
            fields.append((each.encode_name, widened, msgspec.field(default_factory=each.default_factory)))
        else:
            fields.append((each.encode_name, widened))
    made = msgspec.defstruct(kind.__name__, fields, kw_only=True, module=f"{kind.__module__}.published")
    made.__doc__ = kind.__doc__
    return made


def _widened(kind: Any) -> Any:
    """The type with `Hidden` beside every number in it."""
    if kind in (int, float):
        return kind | Hidden
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return published(kind)
    origin, inside = get_origin(kind), get_args(kind)
    if origin is None or isinstance(kind, TypeVar):
        return kind
    if origin is Annotated:
        return _widened(inside[0])
    if origin in (Union, UnionType):
        return reduce(or_, (_widened(each) for each in inside))
    if origin in (list, tuple, dict):
        return origin[tuple(each if each is Ellipsis else _widened(each) for each in inside)]
    return kind
