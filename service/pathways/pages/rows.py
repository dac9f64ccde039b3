"""A row of the worklist as HTML. Fifty rows of ten cells are most of what the page costs, so they are put together here
and not by the template: what anybody typed is escaped, the words of this program are not looked at again.
"""

from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

import msgspec
from markupsafe import Markup, escape

from service.pathways.lists.store import WaitingRow
from service.pathways.pages import wording
from service.pathways.pages.steps import Step
from service.web import times
from service.web.templating import ENVIRONMENT

_SOON: Final = timedelta(hours=4)


class Line(msgspec.Struct, frozen=True):
    """One row with what it says and does."""

    row: WaitingRow
    step: Step
    what: str
    stage: str
    holder: str


def row(line: Line, now: datetime) -> Markup:
    """One child."""
    found, step = line.row, line.step
    name = escape(wording.name(found.given_names, found.family_name))
    age = times.age(found.date_of_birth, now, found.expected_date_of_birth)
    held = f" {_exact(f'for {times.length(now - found.held_since)}')}" if found.held_since else ""
    return Markup(  # noqa: S704  # everything that was typed or read is escaped
        '<tr class="govuk-table__row">'
        f'<th scope="row" class="govuk-table__header app-who"><a class="govuk-link" href="/pathways/{found.pathway}">'
        f"{name}</a> {_exact(age)}</th>"
        f"{_cell('What happened')}{escape(line.what)} {_exact(escape(line.stage))}</td>"
        f"{_cell('Grade')}{_grade(found.grade, found.urgent)}</td>"
        f"{_cell('Waited')}{_waited(found.waiting_since, now)}</td>"
        f"{_cell('Late or due')}{_due(found.next_due_at, now)}</td>"
        f"{_cell('Who holds')}{escape(line.holder)}{held}</td>"
        f'{_cell("Next step")}<a class="govuk-link app-step" href="{step.href}">{step.text}'
        f'<span class="govuk-visually-hidden"> for {name}</span></a></td></tr>'
    )


@cache
def _grade(code: str | None, urgent: bool) -> Markup:
    """The tag of a grade, as the template of components has it."""
    components: Any = ENVIRONMENT.get_template("web/components.html").module
    tag: Markup = components.grade_tag(code, urgent)
    return tag


def _cell(label: str) -> str:
    return f'<td class="govuk-table__cell" data-label="{label}">'


def _exact(words: str) -> str:
    return f'<span class="app-date__exact">{words}</span>'


def _waited(since: datetime | None, now: datetime) -> str:
    if since is None:
        return "Decided"
    exact = _exact(f'since <time datetime="{since.isoformat()}">{times.boundary(since, now)}</time>')
    return f'<span class="app-date">{times.waited(since, now)} {exact}</span>'


def _due(due: datetime | None, now: datetime) -> str:
    """Late, soon or due: words, a mark that is not only colour, and the exact time."""
    if due is None:
        return f'<span class="app-due">{times.lateness(due, now)}</span>'
    exact = _exact(f'due <time datetime="{due.isoformat()}">{wording.moment(due, now)}</time>')
    said = times.lateness(due, now)
    if now > due:
        return f'<span class="app-due app-due--late"><span aria-hidden="true">● </span>{said} {exact}</span>'
    if due - now < _SOON:
        return f'<span class="app-due app-due--soon"><span aria-hidden="true">◐ </span>{said} {exact}</span>'
    return f'<span class="app-due">{said} {exact}</span>'
