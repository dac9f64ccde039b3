"""One pathway: what has happened to this child, what has not, and whose turn is it?"""

from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.pathways.pages import telling, wording
from service.pathways.pages.beside import sections
from service.pathways.pages.picture import picture
from service.pathways.pages.steps import may, recordable, steps
from service.pathways.view import service as views
from service.web import frame as frames
from service.web import navigation, words
from service.web.page import page

#: Roles that see single pathways; which ones is row-level security's to say.
SEES: Final = (
    "mash_coordinator",
    "mash_manager",
    "out_of_hours",
    "social_worker",
    "team_manager",
    "conference_service",
    "senior_leader",
    "police_liaison",
)
#: What a page said it did, told once after it was done.
DONE: Final = {
    "recorded": "Recorded. Clocks and flags below follow from it.",
    "corrected": "Corrected. The clocks below follow from it; what stood before is folded under it.",
    "proposed": "Kept for a second person: a manager must agree before it counts.",
    "decided": "The decision is recorded.",
    "drafted": "The draft is saved. It stops no clock: somebody qualified must decide.",
    "shared": "Shared with children's social care.",
    "accepted": "The transfer is accepted. The child is now this area's.",
}
_DECISION: Final = ("contact_decision", "contact_decision_24h", "absent_decision", "unassessed")
#: By stage, the standards whose due time needs no name of its own beside what is waited for.
_AWAITED: Final = {
    "recording": ("police_share", "absent_notice"),
    "triage": ("police_share", "absent_notice"),
    "not_yet_shared": ("police_share", "absent_notice"),
    "in_transit": ("in_transit",),
    "front_door": _DECISION,
    "out_of_hours": _DECISION,
    "information": _DECISION,
    "offered": ("early_help_accepted",),
    "to_allocate": ("allocation",),
    "linked_case": ("linked_case_review",),
    "convening": ("strategy_held", "strategy_quorate"),
    "transfer": ("transfer_accepted",),
    "enquiry": ("enquiry_completed",),
    "conference_service": ("conference",),
}


@get("/pathways/{pathway:uuid}", opt=allow(*SEES), include_in_schema=False)
async def show(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    pathway: FromPath[UUID],
) -> Response[str]:
    """Everything about one pathway, in the order in which people ask."""
    async with database.transaction(actor) as tx:
        view = await views.view(tx, pathway)
        beside = await sections(tx, view.head)
    head, now = view.head, view.now
    places = (await frames.load(request)).places
    names = {each.clock.standard: each.name for each in view.clocks}
    if head.police_view and head.stage == "not_yet_shared":
        share = next(
            (each.clock for each in view.clocks if each.clock.standard == "police_share" and each.clock.rules), None
        )
        head = msgspec.structs.replace(head, next_due_at=share.due_at if share else None)
    clocks = telling.clock_lines(view.clocks, now)
    running = [each.clock for each in view.clocks if each.standing in ("running", "overdue")]
    running.sort(key=lambda clock: clock.due_at or now)
    awaited = head.next_due_standard in _AWAITED.get(head.stage, ())
    return await page(
        request,
        "pathways/pathway.html",
        head=head,
        late=any(clock.late and clock.open for clock in clocks),
        sentence=wording.head_sentence(head, now, "" if awaited else names.get(head.next_due_standard or "", "")),
        steps=steps(
            actor,
            pathway,
            head.stage,
            head.area,
            head.force,
            allocate=head.stage == "to_allocate",
            running=[clock.standard for clock in running],
        ),
        records=bool(recordable(actor, head.area, head.force)),
        picture=picture(view),
        clocks=[clock for clock in clocks if clock.open or clock.late],
        settled=[clock for clock in clocks if not (clock.open or clock.late)],
        items=[telling.item(each, places) for each in view.timeline],
        may_correct={
            each.milestone.kind for each in view.timeline if may(actor, each.milestone.kind, head.area, head.force)
        },
        flags=[telling.flag_line(each, names, now) for each in view.flags],
        beside=beside,
        siblings=[each for each in view.others if not each.same_child],
        child_record=navigation.opens(request.app, "/children/{child}", actor),
        earlier=[each for each in view.others if each.same_child],
        done=DONE.get(request.query_params.get("done", "")),
        area=places.get(head.area, head.area),
        force=places.get(head.force, head.force),
        wording=wording,
        involved=wording.involved(head.involvement),
        school=head.school_name or words.sentence(head.school_status),
    )


handlers: list[Any] = [show]
