"""Where a pathway stands, said as people say it. Pure: everything is computed from what is given."""

from datetime import datetime, timedelta
from typing import Final

from schema.vocabulary import AGENCIES
from service.clocks.words import say_due
from service.pathways.lists.store import WaitingCounts
from service.pathways.view.store import Head
from service.web import times, words

#: By stage: where it stands, and what the child waits for ("for … to …"); None where nothing is awaited.
_STAGES: Final[dict[str, tuple[str, str | None]]] = {
    "not_known_to_police": ("Not yet known to police", None),
    "recording": ("Attended, notice not submitted", "for police to submit and share the notice"),
    "triage": ("Submitted, not yet shared", "for police to share the notice"),
    "in_transit": ("Shared, receipt not recorded", "for the notice to arrive at children's social care"),
    "out_of_hours": ("Received out of hours, not decided", "for children's social care to decide"),
    "front_door": ("Received, not yet decided", "for children's social care to decide"),
    "information": ("A check has been asked for", "for an answer from {holder}"),
    "not_shared": ("Not shared by police", None),
    "decided": ("Decided, nothing further", None),
    "offered": ("Early help offered, not answered", "for early help to answer"),
    "early_help": ("With early help", None),
    "to_allocate": ("Accepted, nobody allocated", "for a named practitioner"),
    "linked_case": ("Linked to an open case", "for the named worker to review it"),
    "convening": ("Strategy discussion not held", "for the strategy discussion"),
    "transfer": ("Sent to the right area", "for the right area to accept"),
    "lead_social_worker": ("With the lead social worker", None),
    "enquiry": ("Section 47 enquiry under way", "for the enquiry to be completed"),
    "conference_service": ("Conference to be held", "for the conference"),
    "stepped_down": ("Stepped down to early help", None),
    "closed": ("Closed", None),
    "withdrawn": ("Withdrawn", None),
    # What a police liaison officer sees instead of a stage.
    "not_yet_shared": ("Not yet shared", "for police to share the notice"),
    "waiting_for_decision": ("Shared, waiting for a decision", None),
}
_INVOLVED: Final = {
    "saw_or_heard": "Saw or heard it",
    "in_the_property": "Was in the property",
    "lives_there_absent": "Lives there, was out",
    "child_of_party_elsewhere": "Lives elsewhere",
    "party_to_incident": "Party to the incident",
    "unborn": "Unborn",
    "not_recorded": "Involvement not recorded",
}
_KINDS: Final = {
    "seen_at_scene": "Seen at the scene by an officer",
    "urgent_for_child": "Marked urgent for this child",
    "notice_not_shared": "Notice not shared",
    "contact_decided": "Decided what happens",
    "worker_reviewed": "Reviewed by the named worker",
    "strategy_requested": "Strategy discussion asked for",
    "strategy_scheduled": "Strategy discussion scheduled",
    "strategy_postponed": "Strategy discussion postponed",
    "strategy_cancelled": "Strategy discussion cancelled",
    "strategy_held": "Strategy discussion held",
    "strategy_record_issued": "Record of the discussion issued",
    "enquiry_started": "Section 47 enquiry started",
    "enquiry_completed": "Section 47 enquiry completed",
    "child_seen": "Child seen by a social worker",
    "conference_not_required": "Conference found not to be required",
    "conference_scheduled": "Conference scheduled",
    "conference_cancelled": "Conference called off",
    "conference_held": "Initial conference held",
    "transfer_in_notified": "Told that a child with a plan has moved here",
    "transfer_in_conference_held": "Transfer-in conference held",
    "conference_delay_agreed": "Lateness of the conference agreed",
    "sent_to_right_area": "Sent to the right area",
    "transfer_accepted": "Accepted by the receiving area",
    "withdrawn": "Withdrawn: recorded in error or twice",
    "reopened": "Opened again",
}
_RULES: Final = {
    "overdue": "Late",
    "approaching": "Nearly due",
    "absent": "Missing",
    "unallocated": "Nobody allocated",
    "in_transit": "Sent, not received",
    "out_of_order": "Times out of order",
    "cannot_compute": "A time is missing",
    "ungraded": "No grade",
    "data_quality": "To be checked",
    "second_look": "Look again",
    "configuration": "Set-up",
}
_LONG_AGENCIES: Final = {"childrens_social_care": "children's social care", "no_agency": "nobody"}
WORDS_OF_SUMMARY: Final = 5


def agency(code: str | None) -> str:
    """An agency inside a sentence: ``children's social care``."""
    if not code:
        return "not recorded"
    return _LONG_AGENCIES.get(code) or (words.AGENCIES[code].lower() if code in AGENCIES else code.replace("_", " "))


def holder(code: str) -> str:
    """Who holds the child, in a cell of its own."""
    return "Nobody" if code in {"", "no_agency"} else words.sentence(code)


def stage(code: str) -> str:
    """Where it stands."""
    return _STAGES[code][0] if code in _STAGES else words.sentence(code)


def kind(code: str) -> str:
    """A milestone by its name."""
    return _KINDS.get(code) or words.sentence(code)


def involved(code: str) -> str:
    """How the child stood to the incident, in five words or fewer."""
    return _INVOLVED.get(code) or words.sentence(code)


def rule(code: str) -> str:
    """What kind of flag it is."""
    return _RULES.get(code) or words.sentence(code)


def name(given: str, family: str) -> str:
    """A child by name; an unborn child may have none."""
    return f"{given} {family}" if given and family else given or family or "Name not recorded"


def happened(summary: str | None, involvement: str) -> str:
    """What happened, in five words: the beginning of the summary, else how the child was involved."""
    said = (summary or "").split()
    if not said:
        return involved(involvement)
    return " ".join(said[:WORDS_OF_SUMMARY]) + ("…" if len(said) > WORDS_OF_SUMMARY else "")


def waiting_sentence(counts: WaitingCounts, now: datetime, grade: str | None = None) -> str:
    """``17 children are waiting for a decision. 4 are late; the longest has waited 6 days 3 hours.``"""
    number = counts.deciding
    graded = "" if grade is None else f" graded {grade}" if grade != "ungraded" else " without a grade"
    if number == 0:
        return f"No child{graded} is waiting for a decision."
    verb = "is" if number == 1 else "are"
    text = f"{words.count(number, 'child', 'children')}{graded} {verb} waiting for a decision."
    late = counts.deciding_late
    text += " None is late" if late == 0 else f" {late:,} {'is' if late == 1 else 'are'} late"
    if counts.longest_since is not None:
        who = "it has waited" if number == 1 else "the longest has waited"
        text += f"; {who} {times.length(now - counts.longest_since)}"
    return text + "."


def head_sentence(head: Head, now: datetime, due_name: str = "") -> str:
    """``Waiting 3 days for children's social care to decide. 1 day late since Tue 3 Nov 09:00.``

    ``due_name``: what the next due time is about, where that is something else than what is waited for.
    """
    text, awaited = _STAGES.get(head.stage, (words.sentence(head.stage), None))
    since = head.waiting_since
    if head.police_view:
        return _police_sentence(head, now)
    if awaited is not None:
        phrase = awaited.format(holder=agency(head.holder))
        began = since or head.held_since
        text = f"Waiting {times.length(now - began)} {phrase}" if began else f"Waiting {phrase}"
    if head.stage == "information" and since and head.held_since:
        asked = f"{times.length(now - head.held_since)} of it for an answer from {agency(head.holder)}"
        text = f"Waiting {times.length(now - since)} for a decision, {asked}"
    return f"{text}.{_due(head, now, due_name)}"


def _police_sentence(head: Head, now: datetime) -> str:
    if head.stage == "not_yet_shared":
        waited = f"{times.length(now - head.waiting_since)} " if head.waiting_since else ""
        return f"Waiting {waited}for police to share the notice.{_due(head, now, '')}"
    said = times.sent_before(head.sent_before, head.shared_on, now)
    if head.stage == "decided":
        return f"Decided: {words.sentence(head.outcome).lower()}.{said}"
    return f"{stage(head.stage)}.{said}"


def _due(head: Head, now: datetime, name: str) -> str:
    due = head.next_due_at
    if due is None:
        return ""
    what = f"{name}: " if name else ""
    if now > due:
        said = f"{what}{times.length(now - due)} late since {moment(due, now)}"
    elif due - now < timedelta(minutes=1):
        said = f"{what}due now"
    else:
        said = f"{what}due in {times.length(due - now)}, {moment(due, now)}"
    return f" {_first_up(said)}."


def moment(due: datetime, now: datetime) -> str:
    """``today 14:00``; a due time that is a midnight ends a day, and is said so: ``the end of Tue 3 Nov``."""
    local = times.local(due)
    if (local.hour, local.minute) == (0, 0):
        return say_due(due, now, end_of_day=True)
    return times.moment(due, now)


def due_words(due: datetime, now: datetime, *, end_of_day: bool) -> str:
    """A due time; the end of a day is never called midnight of the next."""
    return say_due(due, now, end_of_day=end_of_day)


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]
