"""The first address, and the one style sheet that depends on a setting."""

from typing import Any, Final

from litestar import MediaType, Request, Response, get
from litestar.response import Redirect

from service.access.guard import visitor_of
from service.access.permissions import public
from service.settings import Settings
from service.web import navigation
from service.web.page import seeother

_SHORT: Final = {"cache-control": "public, max-age=300"}


@get("/", opt=public(), include_in_schema=False)
async def start(request: Request[Any, Any, Any]) -> Redirect:
    """To the page where this person's work begins, or to sign in."""
    visitor = await visitor_of(request)
    if visitor is None or visitor.session is None:
        return seeother("/sign-in")
    return seeother(navigation.home(request.app, visitor.actor))


@get("/brand.css", opt=public(), include_in_schema=False, sync_to_thread=False)
def brand(request: Request[Any, Any, Any]) -> Response[str]:
    """The organisation's colour: style attributes are forbidden on our pages, so it has its own sheet."""
    settings: Settings = request.app.state.settings
    colour = settings.brand_colour
    text = f":root{{--app-brand:{colour};--govuk-brand-colour:{colour}}}"
    return Response(text, media_type=MediaType.CSS, headers=_SHORT)
