"""The one cookie: a session's token."""

from litestar.datastructures import Cookie

from service.settings import Settings


def session_cookie(settings: Settings, value: str, *, ends: bool = False) -> Cookie:
    """The cookie that keeps a session's token, or ends it."""
    return Cookie(
        key=settings.cookie_name,
        value=value,
        path="/",
        httponly=True,
        secure=settings.secure,
        samesite="lax",
        max_age=0 if ends else int(settings.session_absolute.total_seconds()),
    )
