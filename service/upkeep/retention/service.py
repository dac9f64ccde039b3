"""What is due by the rules of retention, and the deliberate act of doing it.

Nothing happens by itself. Names, references and words about a child go; milestones, clocks, flags and the audit stay,
so that every figure stands. What was written at meetings and in enquiries goes with the last child it is about; what
people wrote into milestones is part of them and stays.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from schema.ids import new_id
from service.access import audit
from service.actor import SYSTEM
from service.database import Database, Tx
from service.errors import Conflict, Forbidden, NotFound, Refused, Wrong
from service.pathways.links import store as links
from service.pathways.rebuild import recompute
from service.upkeep.retention import store
from service.upkeep.retention.store import DueChild, DueFile, Hold, Rule

#: Shown and done at one time.
AT_MOST: Final = 5_000
_PART: Final = 200
LONGEST: Final = 2_000
_ENTITIES: Final = ("child", "police_file")


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """What is due now, by which rules, and what is held back."""

    rules: list[Rule]
    children: list[DueChild]
    files: list[DueFile]

    @property
    def count(self) -> int:
        """Records and files together: what has to be typed to have it done."""
        return len(self.children) + len(self.files)


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What was done."""

    children: int
    files: int


async def due(tx: Tx) -> Due:
    """What the rules say is due now; nothing is changed."""
    rules = await store.rules(tx.connection)
    child, file = rules["child"], rules["police_file"]
    return Due(
        rules=[rules[entity] for entity in _ENTITIES],
        children=await store.due_children(
            tx.connection, earlier(tx.now, child.years), earlier(tx.now, child.age or child.years).date(), AT_MOST
        ),
        files=await store.due_files(tx.connection, earlier(tx.now, file.years), AT_MOST),
    )


def earlier(now: datetime, years: int) -> datetime:
    """So many years ago; 29 February is the 28th where there is none."""
    try:
        return now.replace(year=now.year - years)
    except ValueError:
        return now.replace(year=now.year - years, day=28)


async def preview(database: Database) -> Due:
    """What is due, for pages and the command; runs as the system and shows no name."""
    async with database.transaction(SYSTEM, readonly=True) as tx:
        return await due(tx)


async def apply(database: Database, count: int, by: str) -> Done:
    """Do what is due, if it is as much as was expected.

    Args:
        database: where; runs as the system.
        count: how much the person saw to be due.
        by: who ordered it, for the audit.

    Raises:
        Conflict: another number is due now; nothing was done.
        Refused: nobody is named.
    """
    if not by.strip():
        raise Refused([Wrong("by", "nobody", "who ordered it", "Name who ordered it and where that is written.")])
    found = await preview(database)
    if found.count != count:
        raise Conflict(f"{found.count} are due now, not {count}. Look again; nothing was done.")
    children = 0
    ids = [each.id for each in found.children]
    for start in range(0, len(ids), _PART):
        part = ids[start : start + _PART]
        async with database.transaction(SYSTEM) as tx:
            children += await store.pseudonymise(tx, part)
            pathways = await store.pathways_of(tx.connection, part)
            # The day of birth has gone: what follows from it is worked out again, once and for all.
            await recompute(tx, pathways)
            detail = {"by": by, "children": [str(each) for each in part]}
            await audit.viewed(tx, "children_pseudonymised", "retention", pathways, detail)
    for file in found.files:
        async with database.transaction(SYSTEM) as tx:
            await store.empty_file(tx.connection, file.id)
            await audit.viewed(tx, "file_emptied", "retention", detail={"by": by, "file": str(file.id)})
    return Done(children=children, files=len(found.files))


async def change_rule(tx: Tx, rule: Rule) -> None:
    """Let a rule be another from now on.

    Raises:
        Refused: every field that is wrong.
    """
    wrong = []
    if rule.entity not in _ENTITIES:
        wrong.append(Wrong("entity", rule.entity, " or ".join(_ENTITIES), "Choose what the rule is about."))
    if not 1 <= rule.years <= 100:
        wrong.append(Wrong("years", str(rule.years), "1 to 100", "Enter a number of years from 1 to 100."))
    if rule.entity == "child" and (rule.age is None or not 18 <= rule.age <= 100):
        wrong.append(Wrong("age", str(rule.age), "18 to 100", "Enter an age from 18 to 100."))
    if not rule.basis.strip() or "\x00" in rule.basis or len(rule.basis) > LONGEST:
        wrong.append(
            Wrong("basis", rule.basis[:40], "where it is written", "Say on whose word, and where it is written.")
        )
    if wrong:
        raise Refused(wrong)
    age = rule.age if rule.entity == "child" else None
    await store.change_rule(tx.connection, msgspec.structs.replace(rule, age=age, basis=rule.basis.strip()))


async def holds(tx: Tx, child: UUID) -> list[Hold]:
    """Holds on a child's record that stand."""
    return await store.holds(tx.connection, child)


async def place_hold(tx: Tx, child: UUID, reason: str) -> UUID:
    """Keep a child's record whatever the rules say; the hold's id.

    Raises:
        NotFound: there is no such record for this actor.
        Forbidden: the actor is no manager of the area.
        Refused: no reason is given.
    """
    _worded("reason", reason)
    record = (await links.records(tx.connection, [child])).get(child)
    if record is None:
        raise NotFound("There is no such record of a child.")
    _manages(tx, record.area)
    identity = new_id(tx.now)
    await store.place_hold(tx, identity, child, reason.strip())
    await audit.viewed(tx, "hold_placed", "keep a record", detail={"hold": str(identity), "child": str(child)})
    return identity


async def lift_hold(tx: Tx, hold: UUID, why: str) -> None:
    """Let the rules hold again for a record.

    Raises:
        NotFound, Forbidden, Refused: as `place_hold`.
        Conflict: it was lifted already.
    """
    _worded("why", why)
    found = await store.hold(tx.connection, hold)
    if found is None:
        raise NotFound("There is no such hold.")
    _manages(tx, found[0])
    if found[1] is not None:
        raise Conflict("This hold was lifted already.")
    await store.lift_hold(tx, hold, why.strip())


def _manages(tx: Tx, area: str) -> None:
    if not tx.actor.holds("mash_manager", area=area):
        raise Forbidden("Only a manager of this area keeps records on hold.")


def _worded(field: str, text: str) -> None:
    if not text.strip() or "\x00" in text or len(text) > LONGEST:
        raise Refused([Wrong(field, text[:50], f"1 to {LONGEST} characters", "Say why, and where it is written.")])
