"""From a template to an answer.

    @get("/waiting", opt=allow("mash_coordinator"))
    async def waiting(request: Request[Any, Any, Any], ...) -> Response[str]:
        ...
        return await page(request, "reports/waiting.html", rows=rows)

Templates extend ``web/base.html`` and get ``frame`` (who is here, now, health) besides what is given.
"""

from typing import Any
from urllib.parse import quote

from litestar import MediaType, Request, Response
from litestar.response import Redirect

from service.problems import Problem
from service.web import frame
from service.web import kept as kept_words
from service.web.forms import Form
from service.web.templating import ENVIRONMENT

_HTML = MediaType.HTML
#: What is longer than this was written, not chosen, and is shown so that it can be read and copied.
_LONG = 20


async def page(
    request: Request[Any, Any, Any],
    template: str,
    *,
    form: Form | None = None,
    status_code: int | None = None,
    framed: frame.Frame | None = None,
    **context: Any,
) -> Response[str]:
    """Answer with a page inside its frame.

    Args:
        request: who asks, and where they are.
        template: such as ``intake/log.html``.
        form: the form that the page shows; its errors stand above the page and change its title.
        status_code: left out, 422 for a form with errors and 200 otherwise.
        framed: the frame, where it was loaded with the rest of the page (``frame.load``); loaded here otherwise.
        context: what the template needs; a page without a form may give ``errors`` of its own.
    """
    around = framed or await frame.load(request)
    if form is not None:
        context = {"form": form, "errors": form.errors, **context}
        status_code = status_code or (422 if form.errors else 200)
    text = ENVIRONMENT.get_template(template).render(frame=around, now=around.now, **context)
    return Response(text, status_code=status_code or 200, media_type=_HTML)


def render(request: Request[Any, Any, Any], template: str, **context: Any) -> str:
    """The text of a page whose frame needs nothing from the database (errors, the API's reference)."""
    around = frame.bare(request)
    return ENVIRONMENT.get_template(template).render(frame=around, now=around.now, **context)


def problem(request: Request[Any, Any, Any], found: Problem) -> Response[Any]:
    """A problem as a page; nobody signed in is sent to sign in first, and comes back.

    A form whose session ended while it was written is shown again to be sent once more.
    """
    if found.status == 401 and request.method in {"GET", "HEAD"}:
        return Redirect(f"/sign-in?next={quote(request.scope['path'], safe='/')}", status_code=303)
    kept: list[tuple[str, str]] | None = request.scope["state"].get("kept")
    if kept is not None:
        path = request.scope["path"]
        written = [(name, value) for name, value in kept if len(value) > _LONG and " " in value and name != "base"]
        long = [(kept_words.label(path, name), value) for name, value in written]
        text = render(request, "web/kept.html", problem=found, kept=kept, long=long, path=path)
        return Response(text, status_code=found.status, media_type=_HTML)
    text = render(request, "web/problem.html", problem=found)
    return Response(text, status_code=found.status, media_type=_HTML)


def seeother(path: str) -> Redirect:
    """After a form that was taken: go and look (303), so that a reload sends nothing twice."""
    return Redirect(path, status_code=303)
