"""Who may sign in, for what, and whom an area lists as qualified to decide contacts.

Nothing is deleted: a role, a listing and a person's access end at an instant. What ends is audited by
the database; what begins leaves a row here.
"""

import secrets
from typing import Final
from uuid import UUID

import msgspec

from schema.ids import new_id
from service.access import audit, passwords
from service.access import service as access
from service.actor import Actor
from service.administration import store
from service.administration.granting import NewPerson, NewRole, wrong_with_person, wrong_with_role
from service.database import Database, Tx
from service.errors import Conflict, NotFound, Refused, Wrong

_PASSWORD_BYTES: Final = 15


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who can sign in now. The password is shown once and stored nowhere."""

    id: UUID
    sign_in: str
    password: str


async def add_person(database: Database, actor: Actor, new: NewPerson) -> Made:
    """Make a person with a first role and a password.

    Raises:
        Refused: something of it is wrong; every field is named.
        Conflict: somebody signs in by that name.
    """
    if wrong := wrong_with_person(new):
        raise Refused(wrong)
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    hashed = await passwords.hashed(password)
    known_as = new.sign_in.strip().lower()
    async with database.transaction(actor) as tx:
        person = await access.create_person(
            tx,
            sign_in=known_as,
            name=new.name.strip(),
            password_hash=hashed,
            grants=(),
            email=(new.email or "").strip() or None,
        )
        await _grant(tx, person, new.role, "role.")
    return Made(id=person, sign_in=known_as, password=password)


async def grant(tx: Tx, person: UUID, new: NewRole) -> UUID:
    """Give a person one more role.

    Raises:
        Refused: something of it is wrong; every field is named.
        NotFound: there is no such person.
        Conflict: the person holds it there already.
    """
    if wrong := wrong_with_role(new):
        raise Refused(wrong)
    await _hold(tx, person)
    return await _grant(tx, person, new, "")


async def _grant(tx: Tx, person: UUID, new: NewRole, prefix: str) -> UUID:
    wrong = []
    if new.area is not None and new.area not in await store.areas(tx.connection):
        wrong.append(Wrong(f"{prefix}area", new.area, "an area of the tracker", "Choose one from the list."))
    if new.force is not None and new.force not in await store.forces(tx.connection):
        wrong.append(Wrong(f"{prefix}force", new.force, "a force of the tracker", "Choose one from the list."))
    if new.team is not None:
        area, _ = (await store.teams(tx.connection)).get(new.team, (None, ""))
        if area != new.area:
            wrong.append(Wrong(f"{prefix}team", str(new.team), "a team of the area", "Choose one from the list."))
    if wrong:
        raise Refused(wrong)
    identity = new_id(tx.now)
    if not await store.grant(tx.connection, identity, person, new, tx.now):
        raise Conflict("This person holds that role there already.")
    detail = {"person": str(person), "role": new.role, "area": new.area, "force": new.force, "agency": new.agency}
    await audit.viewed(tx, "role_granted", "give access", detail=detail)
    return identity


async def end_role(tx: Tx, person: UUID, role: UUID) -> list[str]:
    """End a role now; areas on whose list of deciders the person stood only by it.

    Raises:
        NotFound: there is no such person, or the role is not held.
        Conflict: it is the actor's own administrator role.
    """
    await _hold(tx, person)
    found = next((each for each in (await one(tx, person)).roles if each.id == role), None)
    if found is None:
        raise NotFound("This role is not held any more.")
    if found.role == "administrator" and person == tx.actor.id:
        raise Conflict("You cannot end your own role as administrator: ask another administrator.")
    await store.end_role(tx.connection, person, role, tx.now)
    return await store.end_deciders_without_role(tx.connection, person, tx.now)


async def set_disabled(tx: Tx, person: UUID, *, disabled: bool) -> None:
    """Keep a person from signing in, ending every open session; or let them sign in again.

    Raises:
        NotFound: there is no such person.
        Conflict: it is the actor.
    """
    await _hold(tx, person)
    if disabled and person == tx.actor.id:
        raise Conflict("You cannot keep yourself from signing in: ask another administrator.")
    await store.set_disabled(tx.connection, person, tx.now if disabled else None, tx.now)


async def one(tx: Tx, person: UUID) -> store.Person:
    """A person.

    Raises:
        NotFound: there is no such person.
    """
    found = await store.people(tx.connection, person)
    if not found:
        raise NotFound("There is no such person.")
    return found[0]


async def list_decider(tx: Tx, area: str, person: UUID) -> None:
    """List somebody as qualified to decide an area's contacts, from now on.

    Raises:
        Refused: there is no such area or person, or the person holds no role there.
        Conflict: the person is listed already.
    """
    if area not in await store.areas(tx.connection):
        raise Refused([Wrong("area", area or "nothing", "an area of the tracker", "Choose one from the list.")])
    if not await store.hold_person(tx.connection, person):
        raise Refused([Wrong("person", str(person), "somebody who can sign in", "Choose one from the list.")])
    if any(each.area == area and each.person == person for each in await store.deciders(tx.connection, tx.now)):
        raise Conflict("This person is on the area's list already.")
    if not await store.list_decider(tx.connection, area, person, tx.now):
        raise Refused(
            [Wrong("person", str(person), "somebody with a role in the area", "This person holds no role there.")]
        )
    await audit.viewed(tx, "decider_listed", "let decide contacts", detail={"person": str(person), "area": area})


async def end_decider(tx: Tx, area: str, person: UUID) -> None:
    """Take somebody off an area's list, from now on; what they decided stands.

    Raises:
        NotFound: the person is not on that list.
    """
    if not await store.end_decider(tx.connection, area, person, tx.now):
        raise NotFound("This person is not on the area's list.")


async def _hold(tx: Tx, person: UUID) -> None:
    if not await store.hold_person(tx.connection, person):
        raise NotFound("There is no such person.")
