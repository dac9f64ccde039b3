"""The history of a discussion: who changed what, when and why, newest first. Drafts are none of it."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.access import audit
from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.errors import Forbidden
from service.meetings import rules
from service.meetings import service as meetings
from service.meetings.history import store
from service.meetings.history.rules import Difference, differences
from service.meetings.history.store import Given
from service.meetings.pages import wording
from service.meetings.pages.naming import LABELS
from service.meetings.structs import Change
from service.web import times, words
from service.web.page import page

_TITLES: Final = {
    "requested": "Asked for",
    "covered_more": "Covers a further incident",
    "invited": "Invited somebody",
    "invitation_withdrawn": "Took an invitation back",
    "slots_offered": "Offered times",
    "slot_withdrawn": "Took a time back",
    "scheduled": "Fixed the time",
    "place_changed": "Changed where or how it takes place",
    "postponed": "Postponed",
    "postponed_corrected": "Corrected a postponement",
    "cancelled": "Called off",
    "cancelled_corrected": "Corrected the calling off",
    "request_corrected": "Corrected what was asked for",
    "held": "Recorded as held",
    "record_corrected": "Corrected the record",
    "not_held_after_all": "Taken back: it was not held",
    "record_sent": "Recorded as sent",
    "sending_corrected": "Corrected when it was sent",
    "action_given": "Gave an action",
}
#: Values that are codes of closed lists.
_CODES: Final = frozenset(
    {"agency", "presence", "section_47", "enquiry", "form", "urgency", "cause", "may_be_told_to_parents", "invitee"}
)
#: Ids, of which other fields say in words whose they are: of a discussion, and of a row of its record.
_IDS: Final = frozenset({"scheduled_slot", "manager"})
_ROW_IDS: Final = frozenset({"invitee", "child", "action", "owner_person"})
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_MORE: Final = {
    "scheduled_from": "Begins",
    "scheduled_until": "Ends",
    "recipients": "To",
    "requested_at": "Asked for",
    "threshold_at": "Threshold reached",
    "initiates_enquiry": "Begins an enquiry",
    "in_hours": "In office hours",
    "issued_at": "With everybody required",
    "cancelled_at": "Called off",
    "manager_name": "Manager",
}


class Line(msgspec.Struct, frozen=True):
    """One value in words: what it was (empty: nothing), and what it became."""

    label: str
    before: str
    after: str


class Entry(msgspec.Struct, frozen=True):
    """One change."""

    at: datetime
    by: str
    title: str
    lines: tuple[Line, ...]
    reason: str


class Names(msgspec.Struct, frozen=True):
    """What ids of a discussion are called: children, pathways, invitations."""

    known: Mapping[str, str]
    now: datetime

    def of(self, value: Any, field: str) -> str:
        """A value in words."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, list):
            return words.listed([self.of(each, field) for each in value])
        text = str(value)
        if text in self.known:
            return self.known[text]
        if _INSTANT.match(text):
            return times.moment(datetime.fromisoformat(text), self.now)
        return words.sentence(text) if field in _CODES else text


@get("/meetings/{discussion:uuid}/history", opt=allow(*rules.CONVENERS), include_in_schema=False)
async def show(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    discussion: FromPath[UUID],
) -> Response[str]:
    """Every change with its values before and after; for those who convene it."""
    async with database.transaction(actor) as tx:
        view = await meetings.seen(tx, discussion)
        if not view.convenes:
            raise Forbidden("Only those who convene this discussion see who changed what.")
        changes = await meetings.history(tx, discussion)
        given = await store.answers(tx.connection, discussion)
        asked = await store.invited(tx.connection, discussion)
        about = [each.pathway for each in view.covered]
        await audit.viewed(
            tx, "discussion_changes_viewed", "see who changed a discussion", about, {"discussion": str(discussion)}
        )
    invited = {
        str(each): f"{name}, {wording.agency(agency)}" if name else words.sentence(agency)
        for each, (agency, name) in asked.items()
    }
    children = {str(each.child): wording.child(each) for each in view.covered}
    pathways = {str(each.pathway): f"{wording.child(each)} ({each.reference})" for each in view.covered}
    names = Names({**invited, **children, **pathways}, tx.now)
    told = (_changed(each, names) for each in changes)
    found = [*told, *_answered(given, invited, tx.now)]
    return await page(
        request,
        "meetings/history.html",
        view=view,
        row=view.discussion,
        entries=sorted(found, key=lambda each: each.at, reverse=True),
        wording=wording,
    )


def _changed(change: Change, names: Names) -> Entry:
    lines = [
        _line(each, names)
        for name, (before, after) in change.changes.items()
        for each in differences(name, before, after)
        if each.path[-1] not in (_ROW_IDS if len(each.path) > 1 else _IDS)
    ]
    title = _TITLES.get(change.what, words.sentence(change.what))
    return Entry(change.at, change.by_name, title, tuple(lines), change.reason or "")


def _line(found: Difference, names: Names) -> Line:
    field = next((part for part in reversed(found.path) if isinstance(part, str)), "")
    label = ": ".join(_part(part, names) for part in found.path)
    return Line(label, names.of(found.before, field), names.of(found.after, field))


def _part(part: str | Mapping[str, Any], names: Names) -> str:
    if isinstance(part, str):
        said = LABELS.get(part) or _MORE.get(part) or words.sentence(part)
        return said[:1].upper() + said[1:]
    child = names.known.get(str(part.get("child", "")))
    agency = words.sentence(part["agency"]) if part.get("agency") else ""
    return child or ", ".join(each for each in (agency, str(part.get("name") or "")) if each) or "Row"


def _answered(given: Iterable[Given], invited: Mapping[str, str], now: datetime) -> Iterable[Entry]:
    for each in given:
        slot = wording.slot_words(each.starts_at, each.ends_at, now)
        said = wording.ANSWERS[each.answer] + (f": {each.representative}" if each.representative else "")
        lines = [Line(slot, "", said)] + ([Line("Note", "", each.note)] if each.note else [])
        yield Entry(each.at, each.by_name, f"Answer of {invited.get(str(each.invitee), 'somebody')}", tuple(lines), "")


handlers: list[Any] = [show]
