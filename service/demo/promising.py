"""What the boards of the synthetic partnership were promised, and the changes of the process that its people marked.

Made through the same services as everybody's, as managers of the areas, once the past that the figures are of is there.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from service.actor import SYSTEM, Actor, Grant
from service.clocks.local_time import local_day
from service.database import Database, Tx
from service.demo import store
from service.demo.generator.trends import RECORDING_CHANGED, THRESHOLD_RETURNS
from service.errors import Refused
from service.reports.board import marking
from service.reports.plans import service as plans
from service.reports.plans.rules import Answer, NewPromise
from service.reports.plans.store import Owner


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """One promise: made and due so many days before now (due later where negative), and how it ended."""

    what: str
    figure: str
    group: str = "all/all"
    agency: str
    made: int
    due: int
    done: str = ""
    """What was said when it was done; still open without."""


PROMISES: Final = (
    Planned(
        what="A second officer shares medium-risk notices at weekends",
        figure="police_share.median",
        group="grade/medium",
        agency="police",
        made=63,
        due=14,
    ),
    Planned(
        what="Contacts of the night are decided before ten in the morning",
        figure="contact_decision.within",
        agency="childrens_social_care",
        made=42,
        due=-21,
    ),
    Planned(
        what="Records of discussions are sent by the minute-taker the same day",
        figure="protection.record_in_time",
        agency="childrens_social_care",
        made=91,
        due=35,
        done="Every record of the last month went out on the day.",
    ),
)
CHANGES: Final = (
    (RECORDING_CHANGED, "Officers ask about children at every domestic-abuse incident"),
    (THRESHOLD_RETURNS, "Managers look again at every contact that becomes a referral"),
)


async def promise(database: Database, until: datetime) -> int:
    """Make them where there are none yet; how many."""
    async with database.transaction(SYSTEM, readonly=True) as tx:
        if await store.promises_there(tx.connection):
            return 0
        managers = await store.managers(tx.connection)
    made = 0
    for area, person, name in managers:
        actor = Actor(kind="person", id=person, name=name, grants=(Grant(role="mash_manager", area=area),))
        for days, words in CHANGES:
            async with database.transaction(actor, now=until - timedelta(days=days - 1)) as tx:
                await marking.mark(tx, area, local_day(until - timedelta(days=days)), words, new_baseline=False)
        for planned in PROMISES:
            made += await _make(database, actor, area, planned, until)
    return made


async def _make(database: Database, actor: Actor, area: str, planned: Planned, until: datetime) -> bool:
    try:
        async with database.transaction(actor, snapshot=True, now=until - timedelta(days=planned.made)) as tx:
            owner = _owner(await plans.owners(tx, area), planned.agency, actor)
            new = NewPromise(
                area=area,
                what=planned.what,
                figure=planned.figure,
                group=planned.group,
                owner=owner,
                agency=planned.agency,
                due_on=local_day(until - timedelta(days=planned.due)),
            )
            kept = await plans.make(tx, new)
    except Refused:
        # A small partnership has no such figure.
        return False
    if planned.done:
        async with database.transaction(actor, snapshot=True, now=until - timedelta(days=planned.due)) as tx:
            await _end(tx, kept.id, kept.version, planned.done)
    return True


async def _end(tx: Tx, promise_id: UUID, version: int, said: str) -> None:
    await plans.answer(tx, promise_id, version, Answer(kind="done", text=said))


def _owner(owners: Sequence[Owner], agency: str, actor: Actor) -> UUID | None:
    """Somebody of the agency; the manager where there is nobody."""
    if agency == "police":
        return next((each.id for each in owners if "police_liaison" in each.roles), actor.id)
    return actor.id
