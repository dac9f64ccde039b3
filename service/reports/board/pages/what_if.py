"""What if there were more hands a week, or another threshold?"""

from typing import Any, Final, cast

from litestar import Request, Response, get
from litestar.di import NamedDependency

from service.actor import Actor
from service.database import Database
from service.errors import Refused
from service.reports.board.pages.board import shown
from service.reports.board.pages.common import PATH, READERS, read
from service.reports.board.rules import what_if
from service.reports.statistics.whatif import LEAST_WEEKS, Lever
from service.web.charts import futures
from service.web.charts.futures import FuturesPicture
from service.web.forms import Form
from service.web.page import page

_NUMBERS: Final = {"amount": 10.0, "each": 1.0, "after": 0.0}
_LONGEST: Final = 12


def _asked(request: Request[Any, Any, Any], form: Form) -> what_if.Asked:
    """What the address tries; a number that is none is said, and the usual one taken."""
    numbers = dict(_NUMBERS)
    for name in numbers:
        text = request.query_params.get(name, "")
        if text:
            try:
                numbers[name] = float(text) if len(text) <= _LONGEST else float("nan")
            except ValueError:
                form.fail(name, "Enter a number.")
            if numbers[name] != numbers[name]:
                numbers[name] = _NUMBERS[name]
                form.fail(name, "Enter a number.")
    lever = request.query_params.get("lever", "triage_hours")
    return what_if.Asked(
        lever=cast(Lever, lever if lever in what_if.LEVERS else "triage_hours"),
        amount=numbers["amount"],
        each=numbers["each"],
        after=int(min(max(numbers["after"], -1), what_if.WEEKS)),
    )


@get(f"{PATH}/what-if", opt=READERS, include_in_schema=False)
async def what_if_page(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """The backlog by week with a range, and the assumptions in words."""
    found, form = await read(request, actor, database)
    given = Form({name: request.query_params.get(name, "") for name in ("lever", *_NUMBERS)})
    asked = _asked(request, given)
    try:
        tried = what_if.try_out(found.figures, asked)
    except Refused as refused:
        given.refused(refused)
        tried = what_if.try_out(found.figures, what_if.Asked(lever=asked.lever, amount=10))
    context = shown(found, actor, form)
    context["form"], context["errors"] = given, [*form.errors, *given.errors]
    return await page(
        request,
        "reports/what_if.html",
        **context,
        levers=what_if.LEVERS,
        tried=tried,
        least=LEAST_WEEKS,
        picture=_picture(tried),
    )


def _picture(tried: what_if.Tried) -> FuturesPicture | None:
    if tried.found is None or tried.past is None:
        return None
    return futures.layout(
        begins=tried.begins,
        present=[(each.low, each.middle, each.high) for each in tried.found.present],
        changed=[(each.low, each.middle, each.high) for each in tried.found.changed],
        names=("As it is", "With the change"),
        title=f"How many {tried.past.flow.noun} there would be, week by week",
    )


handlers: list[Any] = [what_if_page]
