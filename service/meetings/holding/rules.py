"""Pure rules of a discussion's record: what is wrong with it, and what it tells the clocks."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from schema.meetings import ActionSaid, ChildRecord, Record
from service.errors import Wrong
from service.meetings.holding.quoracy import best, named
from service.meetings.structs import Discussion, Quoracy
from service.timepiece import minute_of

_TOLERANCE: Final = timedelta(minutes=5)
_LONGEST: Final = timedelta(hours=24)
_DECISION: Final = "every child needs a decision of its own"


def wrong_with_record(
    record: Record,
    row: Discussion,
    children: Mapping[UUID, str],
    found: Quoracy,
    now: datetime,
    *,
    under_way: Collection[UUID] = (),
    invited: Collection[UUID] = (),
    earlier: Sequence[UUID] = (),
) -> list[Wrong]:
    """Everything that keeps a record from being taken.

    Args:
        record: the record as it is to stand.
        row: the discussion.
        children: the covered children, each with the name that help may use.
        found: quoracy as it follows from the attendance.
        now: the present instant.
        under_way: children with an enquiry that began before this discussion and is not over.
        invited: the invitations of the discussion.
        earlier: actions of the last discussion, and open ones, of which this one must ask.
    """
    return [
        *_wrong_times(record, row, now),
        *_wrong_attendance(record, found, invited),
        *_wrong_children(record, children, under_way),
        *_wrong_rest(record),
        *[wrong for n, action in enumerate(record.actions) for wrong in wrong_with_action(action, f"actions[{n}].")],
        *_wrong_action_children(record, children),
        *_wrong_earlier(record, earlier),
    ]


def asked_at(row: Discussion) -> datetime:
    """When a discussion was first wanted: its request, or the threshold where that was reached before (UTC)."""
    return min(row.requested_at, row.threshold_at or row.requested_at)


def _wrong_times(record: Record, row: Discussion, now: datetime) -> list[Wrong]:
    found = []
    start, end = record.held_from, record.held_until
    if start is None:
        found.append(Wrong("held_from", "nothing", "when it began", "Enter when the discussion began."))
    if end is None:
        found.append(Wrong("held_until", "nothing", "when it ended", "Enter when the discussion ended."))
    if start is not None:
        if start > now + _TOLERANCE:
            found.append(Wrong("held_from", start.isoformat(), "a time that has passed", "Check the date and time."))
        asked = asked_at(row)
        if start < minute_of(asked):
            found.append(
                Wrong(
                    "held_from",
                    start.isoformat(),
                    f"a time not before it was asked for ({asked.isoformat()})",
                    "A discussion is held after it was asked for: one of the two times is wrong.",
                )
            )
    if end is not None and end > now + _TOLERANCE:
        found.append(Wrong("held_until", end.isoformat(), "a time that has passed", "Record it when it is over."))
    if start is not None and end is not None and not start <= end <= start + _LONGEST:
        help_ = "A discussion ends after it begins, within a day."
        found.append(Wrong("held_until", end.isoformat(), "a time after its beginning", help_))
    if not record.chair.strip():
        found.append(Wrong("chair", "nothing", "who chaired it", "Name the chair."))
    return found


def _wrong_attendance(record: Record, found: Quoracy, invited: Collection[UUID]) -> list[Wrong]:
    wrong = []
    for number, each in enumerate(record.attendance):
        at = f"attendance[{number}]"
        if each.invitee is not None and each.invitee not in invited:
            wrong.append(Wrong(f"{at}.invitee", str(each.invitee), "an invitation of this discussion", "Leave it out."))
        if each.presence == "represented" and not each.representative.strip():
            wrong.append(Wrong(f"{at}.representative", "nothing", "a name", "Say who came instead."))
        if each.presence == "present" and not each.name.strip():
            wrong.append(
                Wrong(f"{at}.name", "nothing", "who was there", "An agency is present by a person: name them.")
            )
    told = {each.agency for each in record.attendance}
    silent = [agency for agency in found.required if agency not in told]
    if silent:
        help_ = "Say how each required agency took part, or that it apologised or did not answer."
        wrong.append(Wrong("attendance", f"nothing about {named(silent)}", "every required agency", help_))
    if record.claimed_quorate and not found.quorate:
        wrong.append(
            Wrong(
                "claimed_quorate",
                "quorate",
                f"not quorate: without {named(found.missing)}",
                f"{found.rule} Record it as it was: it counts as held, and a quorate one follows.",
            )
        )
    return wrong


def _wrong_children(record: Record, children: Mapping[UUID, str], under_way: Collection[UUID]) -> list[Wrong]:
    wrong = []
    told: set[UUID] = set()
    for number, child in enumerate(record.children):
        at = f"children[{number}]"
        if child.child not in children:
            help_ = "Add the child's incident to the discussion first."
            wrong.append(Wrong(f"{at}.child", str(child.child), "a child that the discussion covers", help_))
        elif child.child in told:
            wrong.append(Wrong(f"{at}.child", str(child.child), "each child once", "Leave out the second one."))
        told.add(child.child)
        wrong += _wrong_child(child, at, goes_on=child.child in under_way)
    for child_id in children:
        if child_id not in told:
            wrong.append(Wrong("children", f"nothing about {child_id}", _DECISION, "Record what was decided."))
    return wrong


def _wrong_child(child: ChildRecord, at: str, *, goes_on: bool) -> list[Wrong]:
    wrong = []
    if child.section_47 is None:
        help_ = "Say whether a section 47 enquiry begins."
        wrong.append(Wrong(f"{at}.section_47", "nothing", "yes, no or under_way", help_))
    if not child.rationale.strip():
        wrong.append(Wrong(f"{at}.rationale", "nothing", "the rationale", "Write down why this was decided."))
    if not child.decided_by.strip():
        wrong.append(Wrong(f"{at}.decided_by", "nobody", "who decided", "Name who decided."))
    if not any(text.strip() for text in (child.said, child.showed, child.daily_life, child.not_known_because)):
        help_ = "Record what the child said or showed or what daily life is like, or why that is not known."
        wrong.append(Wrong(f"{at}.not_known_because", "nothing", "what the child said or showed, or why not", help_))
    if child.section_47 == "yes":
        if child.enquiry is None:
            wrong.append(Wrong(f"{at}.enquiry", "nothing", "joint or single_agency", "Say who makes the enquiry."))
        if not child.lead.strip():
            wrong.append(Wrong(f"{at}.lead", "nothing", "who leads", "Name who leads the enquiry."))
        if goes_on:
            help_ = "An enquiry began at an earlier discussion and its clock runs on: choose `under_way`."
            wrong.append(Wrong(f"{at}.section_47", "yes", "under_way", help_))
    if child.section_47 == "under_way" and not goes_on:
        help_ = "No enquiry about this child is under way: choose whether one begins now."
        wrong.append(Wrong(f"{at}.section_47", "under_way", "yes or no", help_))
    return wrong


def _wrong_rest(record: Record) -> list[Wrong]:
    wrong = []
    for number, each in enumerate(record.information):
        if not each.text.strip():
            wrong.append(Wrong(f"information[{number}].text", "nothing", "what was shared", "Write it down."))
    for number, dissent in enumerate(record.dissent):
        if not dissent.text.strip():
            wrong.append(Wrong(f"dissent[{number}].text", "nothing", "what it did not agree to", "Write it down."))
        if dissent.escalated and not dissent.escalated_to.strip():
            wrong.append(Wrong(f"dissent[{number}].escalated_to", "nobody", "to whom it was taken", "Name them."))
    return wrong


def wrong_with_action(action: ActionSaid, at: str = "") -> list[Wrong]:
    """An action says what, for which outcome, who and by when."""
    wrong = []
    if not action.what.strip():
        wrong.append(Wrong(f"{at}what", "nothing", "what is to be done", "Say what exactly is to be done."))
    if not action.outcome_sought.strip():
        help_ = "Say what is to be different for the child when it is done."
        wrong.append(Wrong(f"{at}outcome_sought", "nothing", "the outcome sought", help_))
    if action.owner_agency is None and action.owner_person is None:
        help_ = "Name the agency, the person, or both."
        wrong.append(Wrong(f"{at}owner_agency", "nobody", "who is to do it", help_))
    if action.due_at is None:
        wrong.append(Wrong(f"{at}due_at", "nothing", "by when", "Say by when it is to be done."))
    return wrong


def _wrong_action_children(record: Record, children: Collection[UUID]) -> list[Wrong]:
    wrong = []
    for number, action in enumerate(record.actions):
        strange = [str(child) for child in action.children if child not in children]
        if strange:
            help_ = "An action is about children of this discussion."
            wrong.append(Wrong(f"actions[{number}].children", ", ".join(strange), "covered children", help_))
        if action.due_at is not None and record.held_from is not None and action.due_at < record.held_from:
            help_ = "An action is due after the discussion that gave it."
            wrong.append(Wrong(f"actions[{number}].due_at", action.due_at.isoformat(), "a time after it", help_))
    return wrong


def _wrong_earlier(record: Record, earlier: Sequence[UUID]) -> list[Wrong]:
    """The next discussion, review or not, asks of every action of the last one what changed for the child."""
    said = {each.action for each in record.earlier_actions if each.what_changed.strip()}
    help_ = "Say what changed for the child, or that nothing did."
    return [
        Wrong(f"earlier_actions[{number}].what_changed", f"nothing about {action}", "what changed for the child", help_)
        for number, action in enumerate(earlier)
        if action not in said
    ]


def detail_of(record: Record, row: Discussion, found: Quoracy, *, in_hours: bool | None) -> dict[str, Any]:
    """What the milestone of a held discussion carries: everything that later measures count."""
    detail: dict[str, Any] = {
        "agencies_present": list(found.present),
        "attendance": best(record.attendance),
        "required": list(found.required),
        "missing": list(found.missing),
        "form": record.form or row.form,
        "chair": record.chair.strip(),
        "history_considered": record.history.confirmed_by_chair,
        "review": row.kind == "review",
    }
    if in_hours is not None:
        detail["in_hours"] = in_hours
    if record.held_until is not None:
        detail["until"] = record.held_until.isoformat()
    return detail


def detail_of_child(child: ChildRecord) -> dict[str, Any]:
    """What the milestone carries for one child: whether this discussion begins its enquiry, and which."""
    begins = child.section_47 == "yes"
    return {
        "initiates_enquiry": begins,
        "section_47": child.section_47,
        "enquiry": child.enquiry if begins else None,
        "lead": child.lead.strip() if begins else None,
    }
