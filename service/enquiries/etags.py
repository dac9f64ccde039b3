"""Versions as HTTP knows them: ``ETag`` of what was read, ``If-Match`` of what is changed."""

from typing import Annotated

from litestar.params import HeaderParameter

from service.errors import PreconditionFailed, PreconditionRequired

IfMatch = Annotated[str | None, HeaderParameter(name="If-Match")]


def version_of(if_match: str | None) -> int:
    """The version that a change is based on.

    Raises:
        PreconditionRequired: none was named.
        PreconditionFailed: it is none that was ever given out.
    """
    if if_match is None:
        raise PreconditionRequired("Send If-Match with the version you read.")
    text = if_match.strip().removeprefix("W/").strip('"')
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise PreconditionFailed("This is not a version that was ever given out.")
    return int(text)


def etag(version: int) -> dict[str, str]:
    """The header that tells a version."""
    return {"ETag": f'"{version}"'}
