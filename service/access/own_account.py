"""Pages of one's own account: the password, the second factor, the code when signing in, and a link to choose anew."""

from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect

from service.access import accounts, second
from service.access.cookies import session_cookie
from service.access.identity import Visitor
from service.access.permissions import public, signed_in
from service.access.refusals import TooMany
from service.actor import Actor
from service.database import Database
from service.errors import NotFound, Refused
from service.settings import Settings
from service.web.forms import Form
from service.web.page import page, seeother

_CODE: Final = "/sign-in/code"
_SECOND: Final = "/account/second-factor"
_PASSWORD: Final = "/account/password"  # noqa: S105  # a path
_CHOOSE: Final = "/choose-password"
_WRONG_CODE: Final = "This is not the code that the application shows now, or it was used. Wait for the next."


@get(_CODE, opt=public(), include_in_schema=False)
async def code_page(
    request: Request[Any, Any, Any], database: NamedDependency[Database], settings: NamedDependency[Settings]
) -> Response[Any]:
    """Ask for a code, or first show how to set up what makes it."""
    return await _code(request, database, settings, Form())


@post(_CODE, opt=public(), include_in_schema=False, status_code=200)
async def give_code(
    request: Request[Any, Any, Any], database: NamedDependency[Database], settings: NamedDependency[Settings]
) -> Response[Any]:
    """Finish signing in."""
    form = Form(await request.form())
    token = request.cookies.get(settings.cookie_name, "")
    address = request.client.host if request.client else "unknown"
    try:
        opened = await accounts.finish_sign_in(database, settings, token, form.value("code")[:20], address)
    except NotFound:
        return seeother("/sign-in")
    except TooMany as too_many:
        form.fail("code", too_many.message)
        return await _code(request, database, settings, form, status=429)
    if opened is None:
        form.fail("code", _WRONG_CODE)
        return await _code(request, database, settings, form, status=422)
    answer = seeother("/")
    answer.set_cookie(session_cookie(settings, opened))
    return answer


async def _code(
    request: Request[Any, Any, Any], database: Database, settings: Settings, form: Form, *, status: int = 200
) -> Response[Any]:
    found = await accounts.pending(database, request.cookies.get(settings.cookie_name))
    if found is None or found.key is None:
        return seeother("/sign-in")
    address = second.address(found.key, found.sign_in, settings.service_name) if found.since is None else None
    return await page(
        request,
        "access/code.html",
        status_code=status,
        form=form,
        key=second.shown(found.key) if address else None,
        address=address,
        picture=second.picture(address) if address else None,
    )


@get(_CHOOSE, opt=public(), include_in_schema=False)
async def choose_page(
    request: Request[Any, Any, Any], database: NamedDependency[Database], token: FromQuery[str] = ""
) -> Response[str]:
    """The page that a link of an administrator leads to."""
    return await _choose(request, database, token[:200], Form())


@post(_CHOOSE, opt=public(), include_in_schema=False, status_code=200)
async def choose(request: Request[Any, Any, Any], database: NamedDependency[Database]) -> Response[Any]:
    """Keep the chosen password; the link is used up."""
    form = Form(await request.form())
    token = form.value("token")[:200]
    new = _new_password(form)
    if not form.errors:
        try:
            await accounts.reset(database, token, new)
            return seeother("/sign-in?chosen=yes")
        except NotFound:
            token = ""
        except Refused as refused:
            _tell(form, refused)
    return await _choose(request, database, token, form)


async def _choose(request: Request[Any, Any, Any], database: Database, token: str, form: Form) -> Response[str]:
    name = await accounts.reset_holder(database, token) if token else None
    return await page(
        request,
        "access/choose_password.html",
        status_code=422 if form.errors else 200 if name else 404,
        name=name,
        token=token,
        form=form,
    )


def _new_password(form: Form) -> str:
    new, again = form.value("new"), form.value("again")
    if not new:
        form.fail("new", "Enter a new password")
    elif new != again:
        form.fail("again", "Enter the same password twice")
    return new


def _tell(form: Form, refused: Refused) -> None:
    for wrong in refused.wrong:
        form.fail(wrong.field, wrong.help)


@get(_PASSWORD, opt=signed_in(), include_in_schema=False)
async def password_page(request: Request[Any, Any, Any]) -> Response[str]:
    """A form for another password."""
    return await page(request, "access/password.html", form=Form(), errors=[])


@post(_PASSWORD, opt=signed_in(), include_in_schema=False, status_code=200)
async def change_password(
    request: Request[Any, Any, Any],
    visitor: NamedDependency[Visitor],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
) -> Response[Any]:
    """Keep another password."""
    form = Form(await request.form())
    new = _new_password(form)
    status = 422
    if not form.errors:
        try:
            await accounts.change_password(database, settings, visitor.actor, form.value("current"), new)
            return seeother("/account?done=password")
        except Refused as refused:
            _tell(form, refused)
        except TooMany as too_many:
            form.fail("current", too_many.message)
            status = 429
    return await page(request, "access/password.html", status_code=status, form=form)


@get(_SECOND, opt=signed_in(), include_in_schema=False)
async def second_page(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
) -> Response[str]:
    """Set up a second factor, or remove it."""
    return await _second(request, actor, database, settings, Form())


@post(_SECOND, opt=signed_in(), include_in_schema=False, status_code=200)
async def change_second(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
) -> Response[Any]:
    """Confirm the key that was shown, or remove the one that counts."""
    form = Form(await request.form())
    removes = form.value("change") == "remove"
    try:
        async with database.transaction(actor) as tx:
            if removes:
                await accounts.remove_own_second(tx, settings, form.value("code")[:20])
            else:
                await accounts.confirm_second(tx, form.value("code")[:20])
        return seeother(f"/account?done={'removed' if removes else 'second'}")
    except Refused as refused:
        _tell(form, refused)
    return await _second(request, actor, database, settings, form)


async def _second(
    request: Request[Any, Any, Any], actor: Actor, database: Database, settings: Settings, form: Form
) -> Response[str]:
    key = address = None
    async with database.transaction(actor) as tx:
        if not await accounts.has_second(tx):
            key, sign_in = await accounts.begin_second(tx)
            address = second.address(key, sign_in, settings.service_name)
    return await page(
        request,
        "access/second_factor.html",
        form=form,
        key=second.shown(key) if key else None,
        address=address,
        picture=second.picture(address) if address else None,
        needed=actor.holds(*settings.needs_second_factor),
    )


@post("/account/sign-out-everywhere", opt=signed_in(), include_in_schema=False, status_code=303)
async def sign_out_everywhere(
    visitor: NamedDependency[Visitor], database: NamedDependency[Database], settings: NamedDependency[Settings]
) -> Redirect:
    """End every session, this one too."""
    await accounts.sign_out_everywhere(database, visitor.actor)
    answer = seeother("/sign-in")
    answer.set_cookie(session_cookie(settings, "", ends=True))
    return answer


handlers: list[Any] = [
    code_page,
    give_code,
    choose_page,
    choose,
    password_page,
    change_password,
    second_page,
    change_second,
    sign_out_everywhere,
]
