"""Whether a discussion was quorate. Working Together names who takes part at the least, not the word."""

from collections.abc import Collection, Sequence
from typing import Final

from schema.meetings import TOOK_PART, Attendance
from service.meetings.rules import in_order
from service.meetings.structs import Quoracy

_OURS: Final = "childrens_social_care"
_NAMES: Final = {
    _OURS: "children's social care",
    "police": "the police",
    "health": "health",
    "education": "education",
    "early_help": "early help",
    "probation": "probation",
    "domestic_abuse_service": "the domestic abuse service",
    "housing": "housing",
    "youth_justice": "youth justice",
    "other": "another agency",
}
#: The better way of taking part first.
_BEST: Final = ("present", "represented", "sent_information", "apologies", "no_response")


def quoracy(attendance: Sequence[Attendance], required: Collection[str]) -> Quoracy:
    """Quorate: a manager of children's social care present, every other required agency present or represented.

    An agency that sent information did not take part, and an invitation is no attendance.
    """
    manager = any(each.agency == _OURS and each.presence == "present" and each.manager for each in attendance)
    took_part = {each.agency for each in attendance if each.presence in TOOK_PART}
    missing = {agency for agency in required if agency not in took_part}
    if not manager:
        missing.add(_OURS)
    return Quoracy(
        quorate=not missing,
        rule=_rule(required),
        required=in_order({*required, _OURS}),
        present=in_order(took_part),
        missing=in_order(missing),
        manager_present=manager,
    )


def best(attendance: Sequence[Attendance]) -> dict[str, str]:
    """How each agency took part, at its best, in the vocabulary's order."""
    found: dict[str, str] = {}
    for each in attendance:
        known = found.get(each.agency)
        if known is None or _BEST.index(each.presence) < _BEST.index(known):
            found[each.agency] = each.presence
    return {agency: found[agency] for agency in in_order(found)}


def named(agencies: Sequence[str]) -> str:
    """Agencies in words: ``the police and health``."""
    names = [_NAMES[agency] for agency in agencies]
    return names[0] if len(names) == 1 else " and ".join((", ".join(names[:-1]), names[-1])) if names else "nobody"


def _rule(required: Collection[str]) -> str:
    others = [agency for agency in in_order(required) if agency != _OURS]
    if not others:
        return "A manager of children's social care must be present."
    return f"A manager of children's social care must be present, and {named(others)} present or represented."
