"""Fields of forms by the words that stand above them: ``Action 2: by when``. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from service.errors import Refused, Wrong
from service.meetings.pages import wording
from service.meetings.pages.record_form import Read
from service.meetings.structs import Covered
from service.web import words

_ROW: Final = re.compile(r"(attendance|information|children|dissent|actions|earlier_actions)_(\d+)_(.+)\Z")
_POINTER: Final = re.compile(r"(children|actions|earlier_actions)\[(\d+)\]")
_GROUPS: Final = {
    "attendance": "Attendance",
    "information": "Information",
    "dissent": "Disagreement",
    "actions": "Action",
    "earlier_actions": "Earlier action",
}
LABELS: Final = {
    "held_from": "When it began",
    "held_until": "When it ended",
    "form": "How it was held",
    "history_considered": "History considered",
    "history_missing": "What of it was missing",
    "history_confirmed_by_chair": "The chair confirms",
    "next_discussion": "Next discussion",
    "claimed_quorate": "Quorate or not",
    "due_at": "by when",
    "owner_agency": "agency",
    "owner_name": "who",
    "section_47": "section 47 enquiry",
    "enquiry": "who makes it",
    "lead": "who leads",
    "said": "what the child said",
    "showed": "what the child showed",
    "not_known_because": "why none of this is known",
    "alternative": "what happens instead",
    "parents_told": "what parents are told",
    "may_be_told_to_parents": "may parents be told",
    "presence": "how they took part",
    "role_title": "role",
    "representative": "represented by",
    "what": "what is to be done",
    "outcome_sought": "what is to be different for the child",
    "what_changed": "what changed for the child",
}
#: Of what a row says at length, where the same name means different things.
_TEXTS: Final = {"information": "what was shared", "dissent": "what it did not agree to, and why"}
#: The boxes of the other forms, by the name that each has on its own.
_OTHERS: Final = {
    "done_note": "What was done, and what changed",
    "done_evidence": "Evidence: what shows it",
    "progress_note": "How far it is",
    "progress_evidence": "Evidence",
    "send_back_reason": "Why it is not yours to do",
    "reassign_reason": "Why",
    "move_reason": "Why",
    "cancel_reason": "Why it is no longer needed",
}


def named(name: str, fields: Mapping[str, Any], children: Sequence[Covered]) -> str:
    """A field of the record in words."""
    row = _ROW.match(name)
    if row is None:
        return LABELS.get(name) or words.sentence(name)
    group, number, field = row[1], row[2], row[3]
    if group == "children":
        known = {str(each.child): wording.child(each) for each in children}
        child = known.get(str(fields.get(f"children_{number}_child", "")))
        return f"{child or f'Child {int(number) + 1}'}: {_need(field) or _label(group, field)}"
    return f"{_GROUPS[group]} {int(number) + 1}: {_label(group, field)}"


def _label(group: str, field: str) -> str:
    if field == "text" and group in _TEXTS:
        return _TEXTS[group]
    return LABELS.get(field) or words.sentence(field).lower()


def _need(field: str) -> str:
    """What may be needed for a child has two boxes: whether it is, and what was agreed about it."""
    key, _, part = field.rpartition("_")
    if key not in wording.NEEDS:
        return ""
    return wording.NEEDS[key].lower() + (": what was agreed" if part == "text" else "")


def whose(refused: Refused, read: Read, children: Sequence[Covered], earlier: Sequence[str]) -> Refused:
    """What is wrong, each with the child or action it is about where there are several; ``earlier`` ones as given."""
    names = {each.child: wording.child(each) for each in children}

    def told(wrong: Wrong) -> Wrong:
        row = _POINTER.match(wrong.field)
        who = ""
        if row and row[1] == "children" and len(children) > 1:
            who = names.get(read.record.children[int(row[2])].child, "")
        elif row and row[1] == "actions" and len(read.record.actions) > 1:
            who = f"action {read.rows['actions'][int(row[2])] + 1}"
        elif row and row[1] == "earlier_actions" and int(row[2]) < len(earlier) > 1:
            who = earlier[int(row[2])]
        return msgspec.structs.replace(wrong, help=f"{wrong.help.rstrip('.')} ({who}).") if who else wrong

    return Refused([told(wrong) for wrong in refused.wrong], refused.message)


def of_record(name: str) -> str:
    """A box of the record, where nothing but its name is known."""
    corrected = {"reason": "What was wrong, and how you know", "source": "Where a changed time comes from"}
    return corrected.get(name) or named(name, {}, ())


def of_request(name: str) -> str | None:
    """A box of the form that asks for a discussion."""
    return "Why the threshold is thought reached, or what the review is to look at" if name == "reason" else None


def of_other(name: str) -> str | None:
    """A box of the small forms about a discussion or an action."""
    return "Information for the discussion, or a note" if name == "note" else _OTHERS.get(name)
