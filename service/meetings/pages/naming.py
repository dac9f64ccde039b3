"""Fields of the record by the words that stand above them: ``Action 2: by when``. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from service.meetings.pages import wording
from service.meetings.structs import Covered
from service.web import words

_ROW: Final = re.compile(r"(attendance|information|children|dissent|actions|earlier_actions)_(\d+)_(.+)\Z")
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
}


def named(name: str, fields: Mapping[str, Any], children: Sequence[Covered]) -> str:
    """A field in words."""
    row = _ROW.match(name)
    if row is None:
        return LABELS.get(name) or words.sentence(name)
    group, number, field = row[1], row[2], row[3]
    what = LABELS.get(field) or words.sentence(field).lower()
    if group == "children":
        known = {str(each.child): wording.child(each) for each in children}
        return f"{known.get(str(fields.get(f'children_{number}_child', '')), 'Child')}: {what}"
    return f"{_GROUPS[group]} {int(number) + 1}: {what}"
