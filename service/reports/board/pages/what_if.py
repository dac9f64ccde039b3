"""What if there were more hands a week, or another threshold?"""

import math
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
_USUAL: Final[Lever] = "triage_hours"


def _asked(request: Request[Any, Any, Any], form: Form) -> what_if.Asked | None:
    """What the address tries; None, said in the form, where it is no number or no lever: nothing else is tried then."""
    numbers = dict(_NUMBERS)
    for name in numbers:
        text = request.query_params.get(name, "")
        if text:
            try:
                numbers[name] = float(text) if len(text) <= _LONGEST else math.nan
            except ValueError:
                numbers[name] = math.nan
            if not math.isfinite(numbers[name]):
                form.fail(name, "Enter a number.")
    lever = request.query_params.get("lever", "") or _USUAL
    if lever not in what_if.LEVERS:
        form.fail("lever", "Choose what changes from the list.")
    if form.errors:
        return None
    after = int(min(max(numbers["after"], -1), what_if.WEEKS))
    return what_if.Asked(lever=cast(Lever, lever), amount=numbers["amount"], each=numbers["each"], after=after)


@get(f"{PATH}/what-if", opt=READERS, include_in_schema=False)
async def what_if_page(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """The backlog by week with a range, and the assumptions in words."""
    found, form = await read(request, actor, database)
    given = Form({name: request.query_params.get(name, "") for name in ("lever", *_NUMBERS)})
    asked, tried = _asked(request, given), None
    if asked is not None:
        try:
            tried = what_if.try_out(found.figures, asked)
        except Refused as refused:
            given.refused(refused)
    context = shown(found, actor, form)
    context["form"], context["errors"] = given, [*form.errors, *given.errors]
    return await page(
        request,
        "reports/what_if.html",
        **context,
        levers=what_if.LEVERS,
        lever=given.value("lever") or _USUAL,
        usual={name: f"{number:g}" for name, number in _NUMBERS.items()},
        tried=tried,
        least=LEAST_WEEKS,
        picture=None if tried is None else _picture(tried),
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
