"""Enquiries and conferences in words. Pure."""

from datetime import datetime
from typing import Final

from service.enquiries.conferences.viewing import View as ConferenceView
from service.enquiries.lists.store import ConferenceCounts, ConferenceRow, EnquiryCounts
from service.enquiries.viewing import View
from service.pathways.pages.wording import moment
from service.web import times, words

KINDS: Final = {"joint": "Joint: police and social care together", "single_agency": "Single agency: social care alone"}
OUTCOMES: Final = {
    "not_substantiated": "Concerns not substantiated",
    "substantiated_no_continuing_risk": "Substantiated, not at continuing risk",
    "substantiated_continuing_risk": "Substantiated, at continuing risk",
}
NEXT_STEPS: Final = {
    "conference": "Child protection conference",
    "legal_planning": "Legal planning",
    "assessment_continues": "The assessment goes on",
    "child_in_need_plan": "Child in need plan",
    "early_help": "Early help",
    "no_further_action": "No further action",
}
CONFERENCES: Final = {
    "initial": "Initial child protection conference",
    "pre_birth": "Pre-birth child protection conference",
    "transfer_in": "Transfer-in conference",
}
CONFERENCE_STATES: Final = {
    "not_asked": "Not asked for yet",
    "requested": "Asked for, no date yet",
    "scheduled": "Date set",
    "held": "Held",
    "cancelled": "Called off",
}
STATES: Final = {
    "not_started": "Decided, not started",
    "not_opened": "Not opened here yet",
    "open": "Under way",
    "completed": "Waits for a manager",
    "authorised": "Authorised",
}
REASONS: Final = {
    "enquiry_not_completed": "The enquiry was not completed",
    "reports_not_ready": "Reports were not ready",
    "agency_not_available": "An agency could not come",
    "not_quorate": "It would not have been quorate",
    "chair_not_available": "No chair was to be had",
    "family_not_available": "The family could not come",
    "police_or_court": "A criminal investigation or a court",
    "child_moved_or_born": "The child moved, or was born",
    "administrative": "An error or lack in the administration",
    "other": "Another reason",
}
CATEGORIES: Final = {
    "neglect": "Neglect",
    "physical_abuse": "Physical abuse",
    "sexual_abuse": "Sexual abuse",
    "emotional_abuse": "Emotional abuse",
    "multiple": "Several categories",
}
FIELDS: Final = {
    "lead_social_worker": "Lead social worker",
    "police_officer": "Police officer",
    "history": "Analysis of history",
    "not_seen_why": "Why the child has not been seen",
    "checks": "Checks",
    "findings": "What the enquiry found",
    "outcome": "Outcome",
    "rationale": "Rationale",
    "conference_required": "Conference required",
    "next_step": "Next step",
    "next_step_text": "Next step in words",
    "state": "State",
    "planned_for": "Planned for",
    "chair": "Chair",
    "cause": "Cause",
    "waits_on": "Waits on",
    "late_reason": "Reason for lateness",
    "late_agency": "Agency it waited on",
    "late_text": "Lateness in words",
    "interim_plan": "Interim plan",
    "agreed_manager_name": "Agreed by manager",
    "agreed_chair_name": "Agreed by chair",
}


def changed_lines(changed: dict[str, list[object]]) -> list[tuple[str, str]]:
    """What somebody else changed: each field, and what it says now."""
    return [(FIELDS.get(name) or words.sentence(name), _said(values[1])) for name, values in changed.items()]


def _said(value: object) -> str:
    if value in (None, "", []):
        return "nothing"
    if isinstance(value, list):
        return words.count(len(value), "entry", "entries")
    text = str(value)
    for known in (OUTCOMES, NEXT_STEPS, STATES, REASONS):
        if text in known:
            return known[text]
    return text


def enquiries_sentence(counts: EnquiryCounts) -> str:
    """``12 enquiries are under way. 3 children have not been seen yet; 1 enquiry is late.``"""
    if not counts.everything:
        return "No enquiry is under way."
    text = f"{words.count(counts.everything, 'enquiry is', 'enquiries are')} under way."
    unseen = words.count(counts.unseen, "child has not been seen", "children have not been seen")
    text += f" {unseen} yet" if counts.unseen else " Every child has been seen"
    return text + (f"; {words.count(counts.late, 'enquiry is', 'enquiries are')} late." if counts.late else ".")


def conference_stands(row: ConferenceRow) -> str:
    """Where a conference of the list stands, also one that the tracker knows from its milestones alone."""
    if row.stopped_by in ("conference_held", "transfer_in_conference_held"):
        return CONFERENCE_STATES["held"]
    if row.stopped_at is not None:
        return "Found not required"
    return CONFERENCE_STATES[row.state]


def conferences_sentence(counts: ConferenceCounts) -> str:
    """``9 conferences are due; 2 are late. 3 have no agreed reason for being late.``"""
    if not counts.due:
        text = "No conference is due."
    else:
        text = f"{words.count(counts.due, 'conference is', 'conferences are')} due"
        text += f"; {words.count(counts.late, 'is', 'are')} late." if counts.late else "; none is late."
    if counts.without_reason:
        text += f" {words.count(counts.without_reason, 'has', 'have')} no agreed reason for being late."
    return text


def enquiry_sentence(view: View, now: datetime) -> str:
    """``Under way for 6 days. The child has not been seen.``"""
    started = view.started
    if started is None:
        return "Its start was retracted: it never happened."
    if view.enquiry.state == "authorised" and view.enquiry.authorised_at:
        outcome = OUTCOMES.get(view.body.outcome or "", "outcome not recorded")
        return f"Authorised {times.moment(view.enquiry.authorised_at, now)}: {outcome[:1].lower()}{outcome[1:]}."
    text = f"Under way for {times.length(now - started.at)}." if started.at else "Under way."
    if view.enquiry.state == "completed":
        text = f"{text} It waits for a manager to authorise it."
    return f"{text} {'The child was seen' if view.seen else 'The child has not been seen'}."


def conference_sentence(view: ConferenceView) -> str:
    """Where a conference stands, and how late it is."""
    row = view.conference
    if row.state == "held":
        held = next((child.held for child in view.children if child.held), None)
        at = held and (held.at or held.on)
        text = f"Held {times.moment(at, view.now)}" if at else "Held"
    elif row.state == "scheduled" and row.planned_for:
        text = f"Planned for {times.moment(row.planned_for, view.now)}"
    else:
        text = CONFERENCE_STATES[row.state]
    late = max((child.working_days_late for child in view.children if child.late), default=0)
    if view.late:
        by = words.count(late, "working day") if late else "less than a working day"
        text += f", {by} late" if row.state != "scheduled" else f": {by} after the target day"
    return f"{text}."


def target(due: datetime | None, now: datetime) -> str:
    """A target day in words."""
    return moment(due, now) if due else "no target day"


def countdown(left: int, late: int, *, is_late: bool, passed: bool, ahead: bool) -> str:
    """``5 working days left``, ``today is the last day``, ``2 working days late``, ``will be 3 working days late``.

    Args:
        left: working days until the target day.
        late: working days after it, until it was held, until now, or until it is planned for.
        is_late: past the target, or planned for after it.
        passed: past the target.
        ahead: planned for a day that is still to come, until which ``late`` counts.
    """
    if not is_late:
        return f"{words.count(left, 'working day')} left" if left else "today is the last day"
    by = f"{words.count(late, 'working day')} late" if late else "late"
    if not ahead:
        return by
    return f"late, and will be {by}" if passed and late else f"will be {by}"
