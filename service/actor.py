"""Who does something: a person, a machine client, or the system itself.

The database is told the actor at the start of every transaction and decides from its own tables
what that actor may see; the roles here serve decisions about actions (who may decide a contact).
"""

from typing import Final, Literal
from uuid import UUID

import msgspec


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """A role held in an area, a force, an agency or a team."""

    role: str
    area: str | None = None
    force: str | None = None
    agency: str | None = None
    team: UUID | None = None


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """A named actor. ``id`` is None for the system alone."""

    kind: Literal["person", "client", "system"]
    id: UUID | None
    name: str
    grants: tuple[Grant, ...] = ()
    scopes: tuple[str, ...] = ()
    force: str | None = None
    area: str | None = None

    def holds(self, *roles: str, area: str | None = None, force: str | None = None) -> bool:
        """Whether any of ``roles`` is held (in ``area`` or ``force`` where one is given)."""
        return any(
            grant.role in roles and (area is None or grant.area == area) and (force is None or grant.force == force)
            for grant in self.grants
        )

    def areas(self, *roles: str) -> tuple[str, ...]:
        """The areas in which any of ``roles`` is held, without repeats, in order."""
        return tuple(dict.fromkeys(grant.area for grant in self.grants if grant.role in roles and grant.area))

    def forces(self, *roles: str) -> tuple[str, ...]:
        """The forces in which any of ``roles`` is held, without repeats, in order."""
        return tuple(dict.fromkeys(grant.force for grant in self.grants if grant.role in roles and grant.force))


#: Workers and the command line.
SYSTEM: Final = Actor(kind="system", id=None, name="system")
