"""What the pages of the backlog share: the list's address, where to go afterwards, and what was just done."""

from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from litestar import Request

from service.access.permissions import allow
from service.reports.backlog import service
from service.web.forms import Form
from service.web.tables import ListView

PATH: Final = "/backlog"
FILTERS: Final = ("force", "grade", "first", "area", "district", "due")
LIAISON: Final = allow("police_liaison")
_INCIDENT: Final = f"{PATH}/incidents/"
_LONGEST: Final = 500


def view_of(request: Request[Any, Any, Any]) -> ListView:
    """How the list is being looked at."""
    return ListView.of(request, path=PATH, sorts=service.SORTS, filters=FILTERS)


def incident_address(incident: UUID | None, view: ListView) -> str:
    """The address of an incident under the filters of a list; the list itself without one."""
    return view.href(page=None) if incident is None else view.href().replace(PATH, f"{_INCIDENT}{incident}", 1)


def safe(offered: str) -> str | None:
    """An address of the list or of one of its incidents; anything else is None."""
    parts = urlsplit(offered)
    ours = parts.path == PATH or parts.path.startswith(_INCIDENT)
    plain = not parts.scheme and not parts.netloc and ours and ".." not in parts.path
    return offered if plain and len(offered) < _LONGEST and offered.isprintable() else None


def back(form: Form) -> str:
    """Where the person came from; the list where that is no address of ours."""
    return safe(form.value("back")) or PATH


def onward(form: Form) -> str:
    """Where to go when this incident is done with: the next one, or back."""
    return safe(form.value("next")) or back(form)


def done(address: str, what: str, **counts: int) -> str:
    """An address, with what was done: counts and nothing else."""
    said = "&".join([f"done={what}", *(f"{name}={number}" for name, number in counts.items() if number)])
    return f"{address}{'&' if '?' in address else '?'}{said}"


def did(request: Request[Any, Any, Any]) -> dict[str, Any] | None:
    """What the address says was just done."""
    what = request.query_params.get("done", "")
    if what not in {"shared", "declined", "regraded"}:
        return None
    numbers = {name: request.query_params.get(name, "0") for name in ("incidents", "children", "already")}
    return {
        "what": what,
        **{name: int(text) if text.isdecimal() and len(text) < 6 else 0 for name, text in numbers.items()},
    }
