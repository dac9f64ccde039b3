"""One discussion: before it, can it be quorate in time; after it, did it happen and what changed."""

from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from schema.meetings import MOST_SLOTS
from schema.vocabulary import AGENCIES
from service.access.permissions import allow
from service.actor import Actor
from service.database import Database, Tx
from service.enquiries import store as enquiries
from service.errors import PreconditionFailed
from service.meetings import rules
from service.meetings import service as meetings
from service.meetings.acting import service as acting
from service.meetings.acting.service import Detail
from service.meetings.correcting import service as correcting
from service.meetings.correcting.store import Waiting
from service.meetings.counting import store as counting
from service.meetings.pages import wording
from service.meetings.pages.requesting import LENGTHS
from service.meetings.structs import Answered, Invitee, View
from service.pathways.view import store
from service.web import times, words
from service.web.forms import Form
from service.web.page import page

#: What a page said it did, told once after it was done.
DONE: Final = {
    "requested": "The discussion is asked for, and everybody required is invited.",
    "offered": "The times are offered to everybody invited.",
    "withdrawn": "Taken back.",
    "answered": "The answer is recorded.",
    "scheduled": "The time is fixed. Calendars are told.",
    "placed": "Changed. Those who are invited see it here; where a time is fixed a mail tells them to look.",
    "postponed": "Postponed. The clock runs on.",
    "cancelled": "Cancelled. The clocks run on until another discussion is held.",
    "invited": "Invited.",
    "chased": "Everybody who has not answered is asked again by mail.",
    "covered": "The discussion covers it from now on.",
    "held": "The record is kept. It has to go to everybody required.",
    "corrected": "Corrected. What stood before is kept.",
    "proposed": "A second manager must agree, since it turns late into in time. Nothing has changed yet.",
    "issued": "Recorded as sent.",
    "reviewed": "Recorded.",
}


_SEES_ENQUIRIES: Final = (*rules.CONVENERS, "social_worker", "conference_service")


class Changed(msgspec.Struct, frozen=True):
    """Who changed the discussion meanwhile, and what, in words."""

    who: str
    lines: tuple[str, ...]

    @classmethod
    def of(cls, failed: PreconditionFailed) -> "Changed":
        """Out of the refusal of a change that was based on an older version."""
        made = failed.facts.get("changes", [])
        names = list(dict.fromkeys(str(each["by"]) for each in made))
        lines = [
            f"{each['by']}, {times.clock_time(each['at'])}: {_said(each['what'], each['fields'])}" for each in made
        ]
        return cls(words.listed(names) or "Somebody", tuple(lines))


def _said(what: str, fields: list[str]) -> str:
    named = words.listed([words.sentence(field).lower() for field in fields])
    return f"{words.sentence(what).lower()} ({named})" if named else words.sentence(what).lower()


class Row(msgspec.Struct, frozen=True):
    """One person or agency asked, with its answer to each slot on offer, in the order of the slots."""

    invitee: Invitee
    answers: tuple[Answered | None, ...]
    mine: bool

    @property
    def silent(self) -> bool:
        """Whether nothing has been answered though something is offered."""
        return bool(self.answers) and not any(self.answers)


def answer_rows(view: View, actor: Actor) -> list[Row]:
    """Everybody asked, those who are required first. Whoever convenes answers for their own social care."""
    ours = {f"area:{area}:childrens_social_care" for area in actor.areas(*rules.CONVENERS)}
    given = {(each.invitee, each.slot): each for each in view.answers}
    return [
        Row(
            invitee,
            tuple(given.get((invitee.id, ranked.slot.id)) for ranked in view.slots),
            invitee.id in view.mine
            or (invitee.person is None and f"area:{invitee.area}:{invitee.agency}" in ours and not invitee.name),
        )
        for invitee in sorted(view.invitees, key=lambda each: not each.required)
    ]


@get("/meetings/{discussion:uuid}", opt=allow(*rules.READERS), include_in_schema=False)
async def show(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    discussion: FromPath[UUID],
) -> Response[str]:
    """Where it stands, and what can be done about it now."""
    async with database.transaction(actor) as tx:
        found = await load(tx, discussion)
    return await shown(request, found, Form(), done=DONE.get(request.query_params.get("done", "")))


class Loaded(msgspec.Struct, frozen=True):
    """A discussion with what its page needs besides: its actions, the incidents that it may yet cover, whether another
    area says another time of its own child, the corrections that wait for a second person, the enquiries that it
    began, and how many answers were given, by which the open page knows that there are more.
    """

    view: View
    actions: list[Detail]
    uncovered: list[tuple[UUID, str]]
    told_otherwise: bool = False
    waiting: tuple[Waiting, ...] = ()
    begun: tuple[enquiries.Begun, ...] = ()
    answers: int = 0


async def load(tx: Tx, discussion: UUID) -> Loaded:
    """Read it, leaving one row in the audit trail."""
    view = await meetings.one(tx, discussion)
    actions = await acting.of_discussion(tx, discussion)
    uncovered = []
    for pathway in view.not_covered:
        head = await store.head(tx.connection, pathway)
        if head is not None:
            name = f"{head.given_names} {head.family_name}".strip()
            uncovered.append((pathway, f"{name}, {head.reference}"))
    standing = await counting.standing(tx.connection, discussion)
    # Row-level security decides which of them are the actor's; a partner has no page to open them on.
    begun = tuple(await enquiries.begun_by(tx.connection, discussion)) if tx.actor.holds(*_SEES_ENQUIRIES) else ()
    if not view.convenes or view.discussion.held_from is None:
        return Loaded(view, actions, uncovered, begun=begun, answers=standing.answers if standing else 0)
    otherwise = await correcting.told_otherwise(tx, view.discussion)
    return Loaded(view, actions, uncovered, otherwise, tuple(await correcting.waiting(tx, discussion)), begun)


async def shown(
    request: Request[Any, Any, Any],
    found: Loaded,
    form: Form,
    *,
    done: str | None = None,
    changed: Changed | None = None,
    status_code: int = 200,
) -> Response[str]:
    """The page, with a form that was refused where there is one."""
    view = found.view
    return await page(
        request,
        "meetings/discussion.html",
        status_code=status_code,
        view=view,
        row=view.discussion,
        found=found,
        rows=answer_rows(view, request.scope["state"]["visitor"].actor),
        children=wording.children(view.covered),
        form=form,
        done=done,
        changed=changed,
        wording=wording,
        agencies=AGENCIES,
        lengths=LENGTHS,
        most_slots=MOST_SLOTS,
    )


handlers: list[Any] = [show]
