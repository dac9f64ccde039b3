"""Pure: what a person's particulars and roles must be like."""

from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from schema.vocabulary import AGENCIES, ROLES
from service.errors import Wrong

FORCE_ROLES: Final = ("police_liaison",)
PLACELESS_ROLES: Final = ("administrator", "auditor")
TEAM_ROLES: Final = ("social_worker", "team_manager")
LONGEST: Final = 200
_Text = Annotated[str, Meta(max_length=LONGEST)]


class NewRole(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A role and where it is held: a force for a police liaison, an area for most, nothing for some."""

    role: _Text = ""
    area: _Text | None = None
    force: _Text | None = None
    agency: _Text | None = None
    team: UUID | None = None


class NewPerson(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who is to sign in, with a first role."""

    name: _Text = ""
    sign_in: _Text = ""
    email: _Text | None = None
    role: NewRole = NewRole()


def wrong_with_person(person: NewPerson) -> list[Wrong]:
    """Every field that is wrong, the role's included (``role.area``)."""
    found = []
    if not person.name.strip() or not person.name.isprintable():
        found.append(Wrong("name", person.name or "nothing", "first name and surname", "Enter first name and surname."))
    known_as = person.sign_in.strip()
    if len(known_as) < 3 or not known_as.isprintable() or any(each.isspace() for each in known_as):
        found.append(
            Wrong(
                "sign_in",
                person.sign_in or "nothing",
                "three characters or more without spaces",
                "Enter a name to sign in with: three characters or more, without spaces.",
            )
        )
    if person.email is not None and not _mail(person.email.strip()):
        found.append(Wrong("email", person.email, "an address such as a.name@council.example", "Enter a mail address."))
    return found + [Wrong(f"role.{wrong.field}", *_rest(wrong)) for wrong in wrong_with_role(person.role)]


def _rest(wrong: Wrong) -> tuple[str, str, str]:
    return wrong.got, wrong.expected, wrong.help


def _mail(text: str) -> bool:
    name, at, host = text.partition("@")
    return bool(name and at and "." in host) and text.isprintable() and not any(each.isspace() for each in text)


def wrong_with_role(new: NewRole) -> list[Wrong]:
    """Every field that is wrong: a role is held where its kind is held, and nowhere else."""
    if new.role not in ROLES:
        return [Wrong("role", new.role or "nothing", " or ".join(ROLES), "Choose a role.")]
    found = []
    if new.role in FORCE_ROLES and not new.force:
        found.append(Wrong("force", "nothing", "a police force", "Choose the force that the role is held in."))
    if new.role not in FORCE_ROLES and new.force:
        found.append(Wrong("force", new.force, "nothing", "This role is not held in a force."))
    if new.role in (*FORCE_ROLES, *PLACELESS_ROLES):
        if new.area:
            found.append(Wrong("area", new.area, "nothing", "This role is not held in an area."))
    elif not new.area:
        found.append(Wrong("area", "nothing", "an area", "Choose the area that the role is held in."))
    if new.role == "partner" and new.agency not in AGENCIES:
        found.append(Wrong("agency", new.agency or "nothing", " or ".join(AGENCIES), "Choose the partner's agency."))
    if new.role != "partner" and new.agency:
        found.append(Wrong("agency", new.agency, "nothing", "Only a partner has an agency."))
    if new.team is not None and new.role not in TEAM_ROLES:
        found.append(Wrong("team", str(new.team), "nothing", "This role is not held in a team."))
    return found
