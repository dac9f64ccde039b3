"""What the PDF of a record needs, as plain words. Pure. A confidential address is in none of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from schema.meetings import ChildRecord
from service.errors import NotFound
from service.meetings.acting.service import Detail
from service.meetings.pages import wording
from service.meetings.structs import View
from service.web import times, words

Pairs = list[tuple[str, str]]


def printed(view: View, actions: Sequence[Detail], organisation: str, now: datetime) -> dict[str, Any]:
    """Headings, pairs and tables for the template ``meetings/record``.

    Raises:
        NotFound: there is no record yet.
    """
    kept, row = view.record, view.discussion
    if kept is None:
        raise NotFound("There is no record of this discussion yet.")
    record = kept.record
    names = {each.child: wording.child(each) for each in view.covered}
    meeting: Pairs = [
        ("Held", f"{times.moment(record.held_from)} to {_end(record.held_until)}"),
        ("How", wording.FORMS[record.form or row.form]),
        ("Chair", record.chair),
        ("Asked for", times.moment(row.requested_at)),
        ("Threshold", f"{row.manager_name}: {row.reason}"),
    ]
    if view.quoracy is not None:
        meeting.append(("Quorum", f"{'Quorate' if view.quoracy.quorate else 'Not quorate'}. {view.quoracy.rule}"))
    if kept.number > 1:
        by = kept.recorded_by_name or "somebody"
        meeting.append(("Corrected", f"{times.moment(kept.recorded_at)} by {by}: {kept.reason}"))
    history = record.history
    confirmed = "Confirms that the history was considered" if history.confirmed_by_chair else "Has not confirmed it"
    return {
        "organisation": organisation,
        "made": times.moment(now),
        "meeting": _said(meeting),
        "covered": [
            [wording.child(each), times.age(each.date_of_birth, now, each.expected_date_of_birth), each.reference]
            for each in view.covered
        ],
        "attendance": [
            [
                words.sentence(each.agency),
                ", ".join(part for part in (each.name or "Not named", each.role_title) if part)
                + (" (manager)" if each.manager else ""),
                wording.PRESENCES[each.presence] + (f" by {each.representative}" if each.representative else ""),
            ]
            for each in record.attendance
        ],
        "information": [
            [words.sentence(each.agency), each.text, wording.MAY_BE_TOLD[each.may_be_told_to_parents]]
            for each in record.information
        ],
        "history": _said(
            [
                ("Considered", history.considered or "Nothing recorded"),
                ("Missing", history.missing),
                ("Chair", confirmed),
            ]
        ),
        "children": [[names.get(each.child, "Child"), _said(_decided(each))] for each in record.children],
        "dissent": [
            [words.sentence(each.agency), each.text, f"To {each.escalated_to}" if each.escalated else "No"]
            for each in record.dissent
        ],
        "actions": [
            [
                f"{each.action.what}\nSo that: {each.action.outcome_sought}"
                + (f"\nFor {about}" if (about := wording.about(each.action, view.covered)) else ""),
                wording.owner(each.action),
                times.moment(each.action.due_at),
                wording.action_state(each, now),
            ]
            for each in actions
        ],
        "next": record.next_discussion,
    }


def _end(until: datetime | None) -> str:
    return times.clock_time(until) if until else "not recorded"


def _decided(child: ChildRecord) -> Pairs:
    enquiry = wording.SECTION_47.get(child.section_47 or "", "Not recorded")
    enquiry += f", {wording.ENQUIRIES[child.enquiry].lower()}" if child.enquiry else ""
    enquiry += f", led by {child.lead}" if child.lead else ""
    pairs = [
        ("Section 47 enquiry", enquiry),
        ("Rationale", child.rationale),
        ("Decided by", child.decided_by),
        ("The child said", child.said),
        ("The child showed", child.showed),
        ("Daily life", child.daily_life),
        ("Not known because", child.not_known_because),
        ("Instead", child.alternative),
    ]
    for key, label in wording.NEEDS.items():
        need = getattr(child, key)
        if need.needed is not None or need.text:
            said = {True: "Needed", False: "Not needed", None: "Not discussed"}[need.needed]
            pairs.append((label, f"{said}. {need.text}" if need.text else said))
    return [*pairs, ("Parents are told", child.parents_told)]


def _said(pairs: Pairs) -> Pairs:
    return [(label, text) for label, text in pairs if text]
