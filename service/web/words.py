"""Codes as people say them. One place, so that a word is the same on every page and export."""

from typing import Final

GRADES: Final = {"high": "High", "medium": "Medium", "standard": "Standard"}
GRADE_COLOURS: Final = {"high": "red", "medium": "orange", "standard": "blue"}

ROLES: Final = {
    "mash_coordinator": "MASH coordinator",
    "mash_manager": "MASH manager",
    "social_worker": "Social worker",
    "team_manager": "Team manager",
    "conference_service": "Conference service",
    "out_of_hours": "Emergency duty team",
    "senior_leader": "Senior leader",
    "police_liaison": "Police liaison officer",
    "partner": "Partner",
    "board_member": "Board member",
    "administrator": "Administrator",
    "auditor": "Auditor",
}

AGENCIES: Final = {
    "childrens_social_care": "Children's social care",
    "police": "Police",
    "health": "Health",
    "education": "Education",
    "early_help": "Early help",
    "probation": "Probation",
    "domestic_abuse_service": "Domestic abuse service",
    "housing": "Housing",
    "youth_justice": "Youth justice",
    "other": "Other",
}

_OWN: Final = {
    "icpc": "initial child protection conference",
    "mash": "MASH",
    "no_agency": "No agency",
    "la": "local authority",
}


def sentence(code: str | None) -> str:
    """A code as the beginning of a sentence: ``contact_decided`` is ``Contact decided``."""
    if not code:
        return "Not recorded"
    for known in (AGENCIES, ROLES, GRADES, _OWN):
        if code in known:
            return known[code]
    text = code.replace("_", " ")
    return text[0].upper() + text[1:]


def role(code: str) -> str:
    """A role by its name."""
    return ROLES.get(code, sentence(code))


def grade(code: str | None) -> str:
    """A grade by its name; ``Ungraded`` is one that has not been given."""
    return GRADES.get(code or "", "Ungraded")


def count(number: int, singular: str, plural: str | None = None) -> str:
    """``1 child``, ``1,204 children``."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def listed(items: list[str] | tuple[str, ...], joint: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {joint} {items[-1]}"
