"""Versions as HTTP carries them: given as ETag, asked for as If-Match."""

from typing import Annotated, Final

import msgspec
from litestar import Response
from litestar.params import HeaderParameter

from service.errors import PreconditionFailed, PreconditionRequired

IfMatch = Annotated[str | None, HeaderParameter(name="If-Match")]
_LONGEST: Final = 9


def version_of(if_match: str | None) -> int:
    """The version that a change is based on.

    Raises:
        PreconditionRequired: none was named.
        PreconditionFailed: it is none that was ever given out.
    """
    if if_match is None:
        raise PreconditionRequired("Send If-Match with the version you read.")
    text = if_match.strip().removeprefix("W/").strip('"')
    if not (text.isascii() and text.isdigit()) or len(text) > _LONGEST:
        raise PreconditionFailed("This is not a version that was ever given out.")
    return int(text)


class Versioned(msgspec.Struct, frozen=True, kw_only=True):
    """The version after a change, which the next change names in ``If-Match``."""

    version: int


def versioned(version: int) -> Response[Versioned]:
    """What a change answers: its version, also as ``ETag``."""
    return Response(Versioned(version=version), headers=etag(version))


def etag(version: int) -> dict[str, str]:
    """The header that gives a version out."""
    return {"ETag": f'"{version}"'}
