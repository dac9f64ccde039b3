"""The JSON API of people, their roles, and who decides contacts."""

from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from service.access import accounts
from service.access.permissions import allow
from service.actor import Actor
from service.administration import resets, service, store
from service.administration.granting import NewPerson, NewRole
from service.administration.keeping import routes as keeping
from service.administration.places import routes as places
from service.administration.service import Made
from service.administration.store import Decider, Person
from service.database import Database
from service.settings import Settings

_ADMINISTRATOR: Final = allow("administrator")


class People(msgspec.Struct, frozen=True, kw_only=True):
    """Everybody who can sign in or could, those who may not any more last."""

    people: list[Person]


class Granted(msgspec.Struct, frozen=True, kw_only=True):
    """A role that was given."""

    id: UUID


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """``no_longer_decides_in``: areas whose list of deciders the person left with the role."""

    no_longer_decides_in: list[str]


class Deciders(msgspec.Struct, frozen=True, kw_only=True):
    """Whom each area lists; an area that lists nobody has one entry without a person."""

    deciders: list[Decider]


class Listing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody on an area's list."""

    area: Annotated[str, Meta(max_length=20)]
    person: UUID


@get("/api/v1/people", opt=_ADMINISTRATOR, operation_id="ListPeople")
async def list_people(actor: NamedDependency[Actor], database: NamedDependency[Database]) -> People:
    """Who can sign in, and what they hold."""
    async with database.transaction(actor, readonly=True) as tx:
        return People(people=await store.people(tx.connection))


@post("/api/v1/people", opt=_ADMINISTRATOR, operation_id="AddPerson")
async def add_person(
    actor: NamedDependency[Actor], database: NamedDependency[Database], data: JSONBody[NewPerson]
) -> Made:
    """Add somebody with a first role. The password is in this answer and nowhere else."""
    return await service.add_person(database, actor, data)


@post("/api/v1/people/{person:uuid}/roles", opt=_ADMINISTRATOR, operation_id="GiveRole")
async def give_role(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    person: FromPath[UUID],
    data: JSONBody[NewRole],
) -> Granted:
    """Give a person one more role."""
    async with database.transaction(actor) as tx:
        return Granted(id=await service.grant(tx, person, data))


@post("/api/v1/people/{person:uuid}/roles/{role:uuid}/end", opt=_ADMINISTRATOR, operation_id="EndRole", status_code=200)
async def end_role(
    actor: NamedDependency[Actor], database: NamedDependency[Database], person: FromPath[UUID], role: FromPath[UUID]
) -> Ended:
    """End a role now. It stays on record."""
    async with database.transaction(actor) as tx:
        return Ended(no_longer_decides_in=await service.end_role(tx, person, role))


@post("/api/v1/people/{person:uuid}/disable", opt=_ADMINISTRATOR, operation_id="DisablePerson", status_code=204)
async def disable(actor: NamedDependency[Actor], database: NamedDependency[Database], person: FromPath[UUID]) -> None:
    """Keep a person from signing in, and end every open session."""
    async with database.transaction(actor) as tx:
        await service.set_disabled(tx, person, disabled=True)


@post("/api/v1/people/{person:uuid}/enable", opt=_ADMINISTRATOR, operation_id="EnablePerson", status_code=204)
async def enable(actor: NamedDependency[Actor], database: NamedDependency[Database], person: FromPath[UUID]) -> None:
    """Let a person sign in again."""
    async with database.transaction(actor) as tx:
        await service.set_disabled(tx, person, disabled=False)


class ResetLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link to choose a password, good once and for a day. ``mailed`` says whether the person has it too."""

    address: str
    mailed: bool


@post("/api/v1/people/{person:uuid}/reset-password", opt=_ADMINISTRATOR, operation_id="ResetPassword", status_code=200)
async def make_reset(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    person: FromPath[UUID],
) -> ResetLink:
    """Make a link by which somebody chooses a new password. It is in this answer and stored nowhere."""
    link, mailed = await resets.make(database, settings, actor, person)
    return ResetLink(address=link.address, mailed=mailed)


@post(
    "/api/v1/people/{person:uuid}/remove-second-factor",
    opt=_ADMINISTRATOR,
    operation_id="RemoveSecondFactor",
    status_code=204,
)
async def remove_second(
    actor: NamedDependency[Actor], database: NamedDependency[Database], person: FromPath[UUID]
) -> None:
    """Remove a second factor that was lost; every session of the person ends."""
    async with database.transaction(actor) as tx:
        await accounts.remove_second(tx, person)


@get("/api/v1/deciders", opt=_ADMINISTRATOR, operation_id="ListDeciders")
async def list_deciders(actor: NamedDependency[Actor], database: NamedDependency[Database]) -> Deciders:
    """Whom each area lists as qualified to decide contacts."""
    async with database.transaction(actor, readonly=True) as tx:
        return Deciders(deciders=await store.deciders(tx.connection, tx.now))


@post("/api/v1/deciders", opt=_ADMINISTRATOR, operation_id="ListDecider", status_code=204)
async def list_decider(
    actor: NamedDependency[Actor], database: NamedDependency[Database], data: JSONBody[Listing]
) -> None:
    """List somebody who holds a role in the area, from now on."""
    async with database.transaction(actor) as tx:
        await service.list_decider(tx, data.area, data.person)


@post("/api/v1/deciders/end", opt=_ADMINISTRATOR, operation_id="EndDecider", status_code=204)
async def end_decider(
    actor: NamedDependency[Actor], database: NamedDependency[Database], data: JSONBody[Listing]
) -> None:
    """Take somebody off an area's list, from now on; what they decided stands."""
    async with database.transaction(actor) as tx:
        await service.end_decider(tx, data.area, data.person)


handlers: list[Any] = [
    list_people,
    add_person,
    give_role,
    end_role,
    disable,
    enable,
    list_deciders,
    list_decider,
    end_decider,
    make_reset,
    remove_second,
    *places.handlers,
    *keeping.handlers,
]
