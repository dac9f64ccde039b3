"""Style sheets and scripts, under names that carry their content and so never change."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from litestar import Router
from litestar.connection import ASGIConnection
from litestar.datastructures import CacheControlHeader
from litestar.handlers import BaseRouteHandler
from litestar.static_files import create_static_files_router

from service.access.permissions import public
from service.errors import NotFound

FOLDER: Final = Path(__file__).resolve().parent / "static" / "build"
_LONGEST: Final = 200
_FOR_EVER: Final = CacheControlHeader(max_age=31_536_000, public=True, immutable=True)


class AssetsMissing(Exception):
    """The front end has not been built."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}: run `make setup` to build what browsers load")


@lru_cache(maxsize=1)
def load() -> dict[str, str]:
    """Names in the source, and the names they are served under.

    Raises:
        AssetsMissing: there is no manifest.
    """
    try:
        manifest: dict[str, str] = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise AssetsMissing("the front end has not been built") from error
    return manifest


def asset(name: str) -> str:
    """The address of an asset by its name in the source.

    Raises:
        AssetsMissing: it was not built.
    """
    try:
        return f"/static/{load()[name]}"
    except KeyError:
        raise AssetsMissing(f"{name} is not among the built assets") from None


def _like_a_name(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Refuse what no file system takes for a name, before it is asked.

    Raises:
        NotFound: a control character, or too long.
    """
    path = connection.scope["path"]
    if len(path) > _LONGEST or not path.isprintable():
        raise NotFound("There is no such file.")


def router() -> Router:
    """Serves the build folder; browsers keep what they got for ever."""
    return create_static_files_router(
        path="/static",
        directories=[FOLDER],
        cache_control=_FOR_EVER,
        opt=public(),
        guards=[_like_a_name],
        include_in_schema=False,
        name="static",
    )
