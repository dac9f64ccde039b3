"""Add and rename places. Nothing is deleted: records point at them. Every change leaves a row in the audit."""

from uuid import UUID

import msgspec

from schema.ids import new_id
from service.access import audit
from service.administration.places import rules, store
from service.administration.places.rules import NewPlace, Renamed
from service.administration.places.store import Places
from service.database import Tx
from service.errors import Conflict, Refused, Wrong
from service.intake.files.parse.profile import profile_names


async def everything(tx: Tx) -> Places:
    """Everything that is configured."""
    return await store.places(tx.connection)


async def add(tx: Tx, new: NewPlace) -> None:
    """Add a place.

    Raises:
        Refused: every field that is wrong.
        Conflict: it is there already.
    """
    new = msgspec.structs.replace(new, name=new.name.strip(), code=new.code.strip())
    known = await store.places(tx.connection)
    areas, forces = frozenset(each.code for each in known.areas), frozenset(each.code for each in known.forces)
    if wrong := rules.wrong_with(new, areas, forces, profiles()):
        raise Refused(wrong)
    if not await store.add(tx.connection, new_id(tx.now), new):
        raise Conflict(f"There is such a {new.kind} already.")
    if new.kind == "district":
        await store.send_to(tx.connection, new.force, new.area)
    await audit.viewed(tx, "place_added", "set up the partnership", detail={"kind": new.kind, "name": new.name})


async def rename(tx: Tx, kind: Renamed, key: str, name: str) -> None:
    """Give a place another name: what is recorded points at its code or id, and follows.

    Raises:
        Refused: the name cannot be taken, or there is no such place.
        Conflict: another has that name.
    """
    if not rules.named(name) or len(name) > rules.LONGEST:
        raise Refused([Wrong("name", name[:40] or "nothing", "a name", "Enter a name in letters that can be printed.")])
    identity: str | UUID = key
    if kind in {"team", "school"}:
        try:
            identity = UUID(key)
        except ValueError as error:
            raise Refused([Wrong("key", key[:40], f"the id of a {kind}", "Choose one from the list.")]) from error
    if not await store.rename(tx.connection, kind, identity, name.strip()):
        raise Conflict(f"There is no such {kind}, or another has this name.")
    await audit.viewed(tx, "place_renamed", "set up the partnership", detail={"kind": kind, "key": key, "name": name})


def profiles() -> frozenset[str]:
    """Names of the profiles of files that ship."""
    return frozenset(profile_names())
