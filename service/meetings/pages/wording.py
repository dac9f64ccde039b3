"""Discussions and actions in words. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from schema.meetings import Answer
from service.meetings.acting.rules import Action, Event
from service.meetings.acting.service import Detail
from service.meetings.invitations.rules import reference
from service.meetings.structs import ClockOf, Covered, Discussion, Invitee, View
from service.web import times, words

FORMS: Final = {
    "meeting": "Meeting in person",
    "video": "Video call",
    "telephone": "Telephone call",
    "series_of_calls": "Series of calls",
}
URGENCIES: Final = {"immediate": "Immediate danger: the same day", "usual": "Usual: one working day"}
STATES: Final = {
    "requested": "No time fixed",
    "scheduled": "Time fixed",
    "held": "Held, record not issued",
    "record_issued": "Record issued",
    "cancelled": "Cancelled",
}
STATE_COLOURS: Final = {
    "requested": "orange",
    "scheduled": "blue",
    "held": "yellow",
    "record_issued": "green",
    "cancelled": "grey",
}
ANSWERS: Final[dict[Answer, str]] = {
    "accept": "Will come",
    "representative": "Sends a representative",
    "sends_information": "Sends information only",
    "decline": "Cannot come",
}
PRESENCES: Final = {
    "present": "Present",
    "represented": "Represented",
    "sent_information": "Sent information",
    "apologies": "Apologies",
    "no_response": "No response",
}
MAY_BE_TOLD: Final = {
    "yes": "May be told to parents",
    "no": "Not to be told to parents",
    "ask_its_owner": "Ask its owner",
}
SECTION_47: Final = {"yes": "Yes: an enquiry begins", "under_way": "One is under way and goes on", "no": "No"}
ENQUIRIES: Final = {"joint": "Joint with police", "single_agency": "Children's social care alone"}
NEEDS: Final = {
    "immediate_protection": "Immediate protection",
    "medical": "Medical assessment",
    "interview": "Interview",
    "legal": "Legal advice or action",
}
HOW_SENT: Final = {
    "tracker": "Shown in the tracker",
    "secure_mail": "Secure mail",
    "post": "Post",
    "by_hand": "By hand",
}
CAUSES: Final = {
    "agency_unavailable": "An agency could not come",
    "chair_unavailable": "The chair could not come",
    "information_awaited": "Information was awaited",
    "not_enough_notice": "Not enough notice",
    "technical_failure": "Technical failure",
    "clash_with_another_meeting": "Clash with another meeting",
    "child_or_family_event": "Something in the family",
    "threshold_not_met_after_all": "The threshold is not met after all",
    "covered_by_another_discussion": "Another discussion covers it",
    "requested_in_error": "Asked for in error",
    "other": "Other",
}


def title(identity: UUID) -> str:
    """What people call it: ``Strategy discussion 7F3K``."""
    return f"Strategy discussion {reference(identity)}"


def agency(code: str) -> str:
    """An agency inside a sentence."""
    return words.sentence(code).lower()


def agencies(codes: Iterable[str]) -> str:
    """Agencies inside a sentence: ``police and health``."""
    return words.listed([agency(code) for code in codes])


def child(covered: Covered) -> str:
    """A child's name."""
    return f"{covered.given_names} {covered.family_name}".strip() or "Name not recorded"


def who(invitee: Invitee) -> str:
    """Whom an invitation is for: a name where there is one, else the agency."""
    name = invitee.person_name or invitee.name
    return f"{name}, {agency(invitee.agency)}" if name else words.sentence(invitee.agency)


def children(covered: Sequence[Covered]) -> list[Covered]:
    """Each child once, in the order given."""
    return list({each.child: each for each in reversed(covered)}.values())[::-1]


def briefly(row: Discussion, now: datetime) -> str:
    """Where a discussion stands, in a few words."""
    if row.cancelled_at is not None:
        return "called off"
    if row.held_from is not None:
        return f"held {times.moment(row.held_from, now)}, {'quorate' if row.quorate else 'not quorate'}"
    if row.scheduled_from is not None:
        return f"to be held {times.moment(row.scheduled_from, now)}"
    return f"asked for {times.moment(row.requested_at, now)}, no time fixed"


def stands(view: View, now: datetime) -> str:
    """One or two sentences: where it stands, and whether it can still be in time."""
    row = view.discussion
    if row.cancelled_at is not None:
        return f"Cancelled {times.moment(row.cancelled_at, now)}. That stopped no clock."
    if row.held_from is not None:
        said = f"Held {times.moment(row.held_from, now)}"
        if view.quoracy is not None:
            said += ", quorate" if view.quoracy.quorate else f", not quorate: {_missing(view.quoracy)}"
        return f"{said}. {_quorate_by(view, now)}{_issued(view, now)}"
    return to_come(row, view.due_at, now)


def to_come(row: Discussion, due_at: datetime | None, now: datetime) -> str:
    """Where a discussion that is still to be held stands, and whether it can still be in time."""
    due = "" if due_at is None else f" {_due(due_at, row.scheduled_from, now)}"
    if row.scheduled_until is not None and now > row.scheduled_until:
        due = "" if due_at is None else f" {_due(due_at, None, now)}"
        return f"It was to be held {times.moment(row.scheduled_from, now)}, and is not recorded as held.{due}"
    if row.scheduled_from is not None:
        return f"To be held {times.moment(row.scheduled_from, now)}.{due}"
    return f"Asked for {times.ago(row.requested_at, now)}, no time fixed.{due}"


def waiting(waits_for: Sequence[str], *, offered: bool) -> str:
    """Which required agencies have not answered any time; nothing where none is offered."""
    if not offered:
        return ""
    if not waits_for:
        return "Every required agency has answered."
    return f"Waiting for an answer from {agencies(waits_for)}."


def news(changes: int, answers: int) -> str:
    """What came since a page was loaded."""
    said = [words.count(answers, "answer")] if answers > 0 else []
    said += [words.count(changes, "change")] if changes > 0 else []
    return f"Since you opened this page: {words.listed(said)}." if said else "This page is up to date."


def others(changed: bool) -> str:
    """Whether an open record is still what stands."""
    if changed:
        return "Somebody else has changed this since you opened it. Saving puts both together."
    return "Nobody else has changed this since you opened it."


def asked(offered: int, answered: int) -> tuple[str, str]:
    """What is asked of somebody invited, and what their link says."""
    if not offered:
        return "No time to come is on offer.", "Open it"
    if not answered:
        return "You have not answered yet.", "Answer or send information"
    if answered < offered:
        return f"You have answered {answered} of {words.count(offered, 'time')}.", "Answer the rest"
    return "You have answered.", "Change your answer or send information"


def _missing(quoracy: Any) -> str:
    missing = list(quoracy.missing)
    said = f"{agencies(missing)} took no part" if missing else ""
    if not quoracy.manager_present and "childrens_social_care" not in missing:
        said += f"{' and ' if said else ''}no manager of children's social care was there"
    return said or "somebody was missing"


def _clock(view: View, standard: str) -> ClockOf | None:
    """The clock that this discussion started on its children's pathways; the same on all of them."""
    began = (each for each in view.clocks if each.started_at == view.discussion.held_from)
    return next((each for each in began if each.standard == standard and each.due_at is not None), None)


def _quorate_by(view: View, now: datetime) -> str:
    clock = _clock(view, "strategy_quorate")
    if clock is None or clock.due_at is None or clock.stopped_at is not None:
        return ""
    late = f", {times.length(now - clock.due_at)} ago" if now > clock.due_at else ""
    return f"A quorate one {'was' if late else 'is'} due by {times.boundary(clock.due_at, now)}{late}. "


def _issued(view: View, now: datetime) -> str:
    clock, issued = _clock(view, "strategy_record"), view.discussion.issued_at
    due = clock.due_at if clock else None
    if issued is not None:
        late = f", {times.length(issued - due)} late" if due is not None and issued > due else ""
        return f"The record was with everybody required {times.moment(issued, now)}{late}."
    return f"The record is not yet with everybody required.{'' if due is None else f' {_due(due, None, now)}'}"


def _due(due: datetime, planned: datetime | None, now: datetime) -> str:
    when = times.boundary(due, now)
    if now > due:
        return f"It is {times.length(now - due)} late: it was due by {when}."
    if planned is not None and planned > due:
        return f"That will be {times.length(planned - due)} late: it is due by {when}."
    return f"It is due by {when}, in {times.length(due - now)}."


def slot_words(starts: datetime, ends: datetime, now: datetime) -> str:
    """``Wed 4 Nov 10:00 to 10:45``."""
    return f"{times.moment(starts, now)} to {times.clock_time(ends)}"


def begun(text: str) -> str:
    """Words that begin a line: a capital first, the rest as it is."""
    return text[:1].upper() + text[1:]


def in_time(value: bool | None) -> str:
    """Whether a proposed time would be in time."""
    return {None: "No limit runs", True: "In time", False: "Late"}[value]


def owner(action: Action) -> str:
    """Who is to do an action: ``Sam Ali, children's social care``."""
    return (
        f"{action.owner_name}, {agency(action.owner_agency)}"
        if action.owner_name
        else words.sentence(action.owner_agency)
    )


def about(action: Action, covered: Sequence[Covered]) -> str:
    """The children whom an action is about, where it is not about all that a discussion covers."""
    named = [child(each) for each in children(covered) if each.pathway in action.pathways]
    return words.listed(named) if named and len(named) < len(children(covered)) else ""


def action_state(detail: Detail, now: datetime, said: datetime | None = None) -> str:
    """Where an action stands. ``said`` is the present instant for words such as "today"; none on paper."""
    action = detail.action
    late = times.length(now - action.due_at) if now > action.due_at else ""
    every = {
        "given": "Not yet accepted",
        "accepted": "Accepted",
        "sent_back": "Sent back: needs another owner",
        "overdue": f"{late} late",
        "done": f"Done {times.moment(action.done_at, said)}",
        "done_late": f"Done late, {times.moment(action.done_at, said)}",
        "cancelled": f"Cancelled {times.moment(action.cancelled_at, said)}",
    }
    return every[detail.state]


_EVENTS: Final = {
    "given": "Given",
    "accepted": "Accepted",
    "sent_back": "Sent back",
    "reassigned": "Given to somebody else",
    "due_changed": "Moved",
    "progress": "Progress",
    "done": "Done",
    "cancelled": "Cancelled",
    "what_changed": "What changed for the child",
}


def event(found: Event, now: datetime) -> str:
    """Something that became of an action, as the title of an entry."""
    said = _EVENTS.get(found.kind, words.sentence(found.kind))
    if found.kind in ("given", "due_changed") and found.due_at is not None:
        said += f": by {times.moment(found.due_at, now)}"
    if found.kind == "reassigned":
        said += f": {found.owner_name or words.sentence(found.owner_agency)}"
    return said
