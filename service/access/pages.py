"""Signing in and out, and one's own sessions."""

from typing import Annotated, Any, Final

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect

from service.access import accounts, own_account, service, sessions
from service.access.cookies import session_cookie
from service.access.guard import visitor_of
from service.access.identity import Visitor
from service.access.permissions import public, signed_in
from service.access.refusals import TooMany
from service.access.trail import pages as trail
from service.database import Database
from service.settings import Settings
from service.web import navigation
from service.web.forms import PageError
from service.web.page import page, seeother

_DONE: Final = {
    "password": "Your password is changed.",
    "second": "Your second factor counts from now on: you will be asked for a code when you sign in.",
    "removed": "Your second factor is removed.",
}
_WRONG: Final = "Check your sign-in name and password. One of them is not right."


class SignInForm(msgspec.Struct, frozen=True, kw_only=True):
    """What the sign-in page sends."""

    name: Annotated[str, msgspec.Meta(max_length=200)] = ""
    password: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    next: Annotated[str, msgspec.Meta(max_length=500)] = ""


class EndForm(msgspec.Struct, frozen=True, kw_only=True):
    """Which session to end: its stored hash, in hexadecimal; empty for all others."""

    csrf_token: str = ""
    session: Annotated[str, msgspec.Meta(max_length=64)] = ""


def own_path(offered: str) -> str:
    """A path of this service to go to after signing in; empty for anything that leads elsewhere."""
    plain = offered.startswith("/") and not offered.startswith(("//", "/\\")) and offered.isprintable()
    return offered if plain and "\\" not in offered and not offered.startswith("/sign-") else ""


@get("/sign-in", opt=public(), include_in_schema=False)
async def sign_in_page(request: Request[Any, Any, Any], next: FromQuery[str] = "") -> Response[Any]:
    """The form; whoever is signed in already goes to their work."""
    visitor = await visitor_of(request)
    if visitor is not None and visitor.session is not None:
        return seeother(own_path(next) or navigation.home(request.app, visitor.actor))
    chosen = request.query_params.get("chosen") == "yes"
    return await page(request, "access/sign_in.html", name="", next=own_path(next), errors=[], chosen=chosen)


@post("/sign-in", opt=public(), include_in_schema=False, status_code=200)
async def sign_in(
    request: Request[Any, Any, Any],
    data: URLEncodedBody[SignInForm],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
) -> Response[Any]:
    """Open a session, or say what is wrong without saying which half."""
    errors = []
    if not data.name.strip():
        errors.append(PageError("Enter your sign-in name", "#name"))
    if not data.password:
        errors.append(PageError("Enter your password", "#password"))
    status = 422
    if not errors:
        try:
            opened = await service.sign_in(
                database,
                settings,
                name=data.name,
                password=data.password,
                address=request.client.host if request.client else "unknown",
                replaces=request.cookies.get(settings.cookie_name),
            )
        except TooMany as too_many:
            errors.append(PageError(too_many.message, ""))
            status = 429
        else:
            if opened is not None:
                answer = seeother("/sign-in/code" if opened.pending else own_path(data.next) or "/")
                answer.set_cookie(session_cookie(settings, opened.token))
                return answer
            errors.append(PageError(_WRONG, "#name"))
    return await page(
        request, "access/sign_in.html", status_code=status, name=data.name, next=own_path(data.next), errors=errors
    )


@post("/sign-out", opt=signed_in(), include_in_schema=False, status_code=303)
async def sign_out(
    visitor: NamedDependency[Visitor], database: NamedDependency[Database], settings: NamedDependency[Settings]
) -> Redirect:
    """End the session, here and in the database."""
    if visitor.session:
        await service.sign_out(database, visitor.actor, visitor.session)
    answer = seeother("/sign-in")
    answer.set_cookie(session_cookie(settings, "", ends=True))
    return answer


@get("/account", opt=signed_in(), include_in_schema=False)
async def account(
    request: Request[Any, Any, Any],
    visitor: NamedDependency[Visitor],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
) -> Response[str]:
    """Who one is here, and where one is signed in."""
    current = sessions.token_hash(visitor.session or "")
    found = await service.my_sessions(database, settings, visitor.actor)
    rows = [(each, each.token_hash.hex(), each.token_hash == current) for each in found]
    async with database.transaction(visitor.actor, readonly=True) as tx:
        has_second = visitor.actor.kind == "person" and await accounts.has_second(tx)
    return await page(
        request,
        "access/account.html",
        actor=visitor.actor,
        sessions=rows,
        second=has_second,
        done=_DONE.get(request.query_params.get("done", "")),
    )


@post("/account/sessions", opt=signed_in(), include_in_schema=False, status_code=303)
async def end_sessions(
    data: URLEncodedBody[EndForm], visitor: NamedDependency[Visitor], database: NamedDependency[Database]
) -> Redirect:
    """End one session, or all but this one."""
    if data.session:
        try:
            token_hash = bytes.fromhex(data.session)
        except ValueError:
            token_hash = b""
        await service.end_session(database, visitor.actor, token_hash)
    elif visitor.session:
        await service.end_other_sessions(database, visitor.actor, visitor.session)
    return seeother("/account")


handlers: list[Any] = [sign_in_page, sign_in, sign_out, account, end_sessions, *own_account.handlers, *trail.handlers]
