"""Versions as HTTP carries them: given as ETag, asked for as If-Match."""

from typing import Annotated, Final

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


def etag(version: int) -> dict[str, str]:
    """The header that gives a version out."""
    return {"ETag": f'"{version}"'}
