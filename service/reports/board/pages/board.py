"""The board itself, and the page of one stage."""

from collections.abc import Callable, Sequence
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from schema.vocabulary import AGENCIES
from service.actor import Actor
from service.clocks.local_time import local_day
from service.database import Database
from service.errors import NotFound
from service.reports.board import asking, service
from service.reports.board.pages.common import PATH, READERS, areas_of, read
from service.reports.board.rules import changing, delays, limits, pictures, words
from service.reports.board.rules.tables import Table, by_key, told
from service.reports.board.service import Board
from service.reports.commentary.findings import Finding
from service.reports.plans import wording
from service.reports.plans.rules import MAKERS
from service.reports.statistics.variation import variation_words
from service.web.forms import Form
from service.web.page import page

#: Findings on the first screen.
FIRST: Final = 3
#: What stands below the first screens, by the keys of its tables.
SECTIONS: Final = (
    ("changing", "Is it changing?", ("changing",)),
    (
        "discussions",
        "Strategy discussions",
        ("strategy", "attendance", "attendance_out_of_hours", "postponements", "actions"),
    ),
    (
        "enquiries",
        "Enquiries and conferences",
        ("enquiry", "enquiries", "conference_lateness", "review_postponements", "baselines", "deadlines"),
    ),
    ("capacity", "Capacity", ("unallocated", "teams", "workers")),
    ("police", "Police", ("police", "found_late", "batches", "not_shared")),
    (
        "front-door",
        "Front door",
        (
            "front_door",
            "repeats",
            "swing",
            "referral_share",
            "notices_again",
            "after_three",
            "linked",
            "outcomes",
        ),
    ),
    ("fairness", "Fairness", ("fairness",)),
    ("quality", "Data quality", ("quality", "regraded", "corrections")),
    ("ledger", "The ledger", ("ledger",)),
    ("restated", "As reported, and as known now", ("restated", "restated_by_agency")),
    ("meanings", "What every figure means", ("definitions",)),
)
_FIRST_SCREENS: Final = (
    ("findings", "What the figures say"),
    ("child-days", "Child-days at unassessed risk"),
    ("stages", "Where the time goes"),
    ("promises", "What was promised"),
)
_LAST: Final = (("choose", "Another period"), ("downloads", "Downloads"))


class Section(msgspec.Struct, frozen=True):
    """Tables of one subject; ``id`` is its anchor."""

    id: str
    title: str
    tables: list[Table]

    @property
    def alone(self) -> str | None:
        """What its only table is called, which would have the section's name again."""
        return "The whole table" if len(self.tables) == 1 else None


def _sections(tables: dict[str, Table]) -> list[Section]:
    """What there is to tell of each subject."""
    found = [Section(id_, title, [tables[key] for key in keys if key in tables]) for id_, title, keys in SECTIONS]
    return [each for each in found if each.tables]


def _promised(areas: Sequence[str]) -> Callable[[Finding], str]:
    """The address at which a finding becomes a promise: what it says, its figure and the agency that is asked."""

    def address(finding: Finding) -> str:
        agency = finding.agency if finding.agency in AGENCIES else ""
        asked = {"area": areas[0] if len(areas) == 1 else "", "figure": finding.figure, "agency": agency}
        return (
            f"/plans/new?{urlencode({**{key: text for key, text in asked.items() if text}, 'finding': finding.says})}"
        )

    return address


def shown(found: Board, actor: Actor, form: Form) -> dict[str, Any]:
    """What the templates of the board are given."""
    figures = found.figures
    tables = by_key(service.tables(found))
    sections = _sections(tables)
    today, asked_on = local_day(figures.known.instant), local_day(figures.known.asked)
    return {
        "found": found,
        "figures": figures,
        "asked": found.asked,
        "areas": areas_of(actor),
        "choices": asking.choices(today, quarters=found.guarded),
        "months": asking.reported(figures.period, asked_on) if found.guarded else asking.months_before(asked_on),
        "say": words,
        "form": form,
        "errors": form.errors,
        "told": told,
        "names": lambda stage: delays.stage_name(figures, stage),
        "tables": tables,
        "sections": sections,
        "contents": [*_FIRST_SCREENS, *((each.id, each.title) for each in sections), *_LAST],
        "whole_number": lambda value: words.number(value, 0),
        "may_promise": actor.holds(*MAKERS),
        "wording": wording,
        "promised": _promised(figures.scope.areas) if actor.holds(*MAKERS) else None,
    }


@get(PATH, opt=READERS, include_in_schema=False)
async def board_page(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """Are children waiting longer, where, and who acts?"""
    found, form = await read(request, actor, database)
    return await page(
        request,
        "reports/board.html",
        **shown(found, actor, form),
        first=found.commentary.findings[:FIRST],
        more=found.commentary.findings[FIRST:],
        picture=pictures.child_days(found.figures, found.chart),
        counts=lambda stage: delays.counted(found.figures, stage),
        answers=service.first_answers(found),
        changing=variation_words(
            found.variation, found.rules, trial=bool(found.chart.limits and found.chart.limits.trial)
        ),
        chain=pictures.stage_chain(found.figures, lambda stage: found.asked.href(f"{PATH}/stages/{stage}")),
        stages=[each for key in delays.CHAIN for each in pictures.of_stage(found.figures, key)],
        whole=[each for key in delays.WHOLES for each in pictures.of_stage(found.figures, key)],
    )


@get(f"{PATH}/stages/{{stage:str}}", opt=READERS, include_in_schema=False)
async def stage_page(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    stage: FromPath[str],
) -> Response[str]:
    """One stage: who is in it, how long it takes, how it is left, and whether it is changing."""
    found, form = await read(request, actor, database)
    whole = pictures.of_stage(found.figures, stage)
    if not whole:
        raise NotFound("There is no such stage.")
    queue = pictures.queue_of(found.figures, stage)
    moving = None if queue is None else changing.changing(queue, found.chart.changes)
    series = [] if moving is None else [each for each in (moving.share, moving.flow) if each is not None]
    async with database.transaction(actor, readonly=True) as tx:
        limited = await service.limits_of(tx, found, stage)
    given = shown(found, actor, form)
    given["tables"] = service.stage_tables(found, stage)
    return await page(
        request,
        "reports/stage.html",
        **given,
        stage=whole[0],
        name=delays.stage_name(found.figures, stage),
        means=delays.definition(found.figures, stage),
        counts=delays.counted(found.figures, stage),
        grades=pictures.of_stage(found.figures, stage, "grade"),
        queue=None if queue is None else pictures.queue_picture(queue),
        net=None if moving is None else changing.net_words(moving.net),
        series=[(each, pictures.series_picture(each)) for each in series],
        staying=pictures.staying_picture(
            whole[0], delays.counted(found.figures, stage), limits.marks(limited), guarded=found.guarded
        ),
        limits=limits.table(found.figures, stage, limited, guarded=found.guarded) if limited else None,
        routes=pictures.routes_picture(whole[0], delays.counted(found.figures, stage)),
    )


handlers: list[Any] = [board_page, stage_page]
