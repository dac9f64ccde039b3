"""The discussions behind the latest of the synthetic past: who was asked, who came, what was decided and given to do.

The milestones are there already; what is written here is what a partnership keeps besides them, by the same stores and
services, as the people of the areas and at the times of the past.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

import msgspec

from schema.meetings import (
    ActionSaid,
    Agency,
    Agreed,
    Asked,
    Attendance,
    ChildRecord,
    HistoryConsidered,
    Information,
    InviteeSaid,
    Record,
    SlotSaid,
)
from service.actor import SYSTEM, Actor, Grant
from service.database import Database, Tx
from service.demo import store
from service.demo.discussions import ACTIONS, HEARD, SEEN, SHARED
from service.meetings import rules
from service.meetings import store as meetings
from service.meetings.acting import service as acting
from service.meetings.changing import saved
from service.meetings.holding import service as holding
from service.meetings.holding import store as records
from service.meetings.requesting import store as requests
from service.meetings.structs import Covered, Discussion

#: How far back discussions are written, and how many at most.
_SINCE: Final = timedelta(days=35)
_MOST: Final = 40
_KINDS: Final = (
    "strategy_requested",
    "strategy_scheduled",
    "strategy_postponed",
    "strategy_held",
    "strategy_record_issued",
)
_THREE: Final[tuple[Agency, ...]] = ("childrens_social_care", "police", "health")
_HOUR: Final = timedelta(hours=1)
_SEED: Final = 97


class Told(msgspec.Struct, frozen=True):
    """One fact of the past."""

    kind: str
    record: UUID
    area: str
    at: datetime
    outcome: str | None
    detail: dict[str, Any]
    pathways: tuple[UUID, ...]


class Meeting(msgspec.Struct):
    """The facts of one discussion, in order; ``begun`` is when it was asked for."""

    id: UUID
    area: str
    pathways: tuple[UUID, ...]
    begun: datetime
    facts: list[Told]

    def of(self, kind: str) -> Told | None:
        """The last fact of a kind."""
        return next((fact for fact in reversed(self.facts) if fact.kind == kind), None)


def grouped(told: Sequence[Told]) -> list[Meeting]:
    """Discussions out of facts, which name them: each begins when it is asked for, or an hour after one with no quorum.

    Facts that name none, and those of a discussion that was asked for before all of them, are left out.
    """
    found: dict[UUID, Meeting] = {}
    last: dict[tuple[UUID, ...], Meeting] = {}
    for fact in told:
        if not (named := fact.detail.get("discussion")):
            continue
        known = found.get(identity := UUID(named))
        if known is None:
            before = last.get(fact.pathways)
            held = before.of("strategy_held") if before else None
            if fact.kind != "strategy_requested" and held is None:
                continue
            begun = fact.at if fact.kind == "strategy_requested" or held is None else min(held.at + _HOUR, fact.at)
            known = found[identity] = last[fact.pathways] = Meeting(identity, fact.area, fact.pathways, begun, [])
        if known.pathways == fact.pathways:
            known.facts.append(fact)
    return list(found.values())


async def convene(database: Database, until: datetime) -> int:
    """Write them where there are none yet; how many."""
    async with database.transaction(SYSTEM, readonly=True) as tx:
        if await store.discussions_there(tx.connection):
            return 0
        rows = await store.told_of_discussions(tx.connection, until - _SINCE, _KINDS)
        posts = await store.posts(tx.connection)
    told = [Told(row[0], row[1], row[2], row[3], row[4], row[5], tuple(row[6])) for row in rows]
    rng = Random(_SEED)  # noqa: S311 - the same story every time, no secret
    made = 0
    for meeting in grouped(told)[-_MOST:]:
        who = _Who(posts, meeting.area)
        if who.complete:
            made += await _write(database, meeting, who, rng, until)
    return made


class _Who:
    """The people of one area who take part, by agency."""

    def __init__(self, posts: Sequence[Mapping[str, Any]], area: str) -> None:
        self.manager: Actor | None = None
        self.partners: dict[str, Actor] = {}
        for post in posts:
            grant = Grant(role=post["role"], area=post["area"], force=post["force"], agency=post["agency"])
            actor = Actor(kind="person", id=post["id"], name=post["name"], grants=(grant,))
            if post["role"] == "mash_manager" and post["area"] == area:
                self.manager = self.manager or actor
            elif post["role"] == "police_liaison":
                self.partners.setdefault("police", actor)
            elif post["role"] == "partner" and post["area"] == area:
                self.partners.setdefault(post["agency"], actor)

    @property
    def complete(self) -> bool:
        """Whether there is a manager and somebody of police and health."""
        return self.manager is not None and {"police", "health"} <= self.partners.keys()


async def _write(database: Database, meeting: Meeting, who: _Who, rng: Random, until: datetime) -> int:
    manager = who.manager
    if manager is None or manager.id is None:
        return 0
    async with database.transaction(manager, now=meeting.begun) as tx:
        if len(await requests.pathways(tx.connection, meeting.pathways)) < len(meeting.pathways):
            return 0
        discussion = await _ask(tx, meeting, manager)
    await _answer(database, discussion, who, meeting.begun, rng)
    for fact in meeting.facts:
        async with database.transaction(manager, now=fact.at) as tx:
            row = await _row(tx, discussion)
            await meetings.add_facts(tx.connection, discussion, [(fact.record, fact.kind, fact.area, fact.at)])
            if fact.kind == "strategy_scheduled":
                await _schedule(tx, row)
            elif fact.kind == "strategy_postponed":
                await _postpone(tx, row, fact)
            elif fact.kind == "strategy_held":
                await _hold(tx, row, fact, who, rng)
            elif fact.kind == "strategy_record_issued":
                await _issue(tx, row, fact)
    await _act(database, discussion, who, rng, until)
    return 1


async def _row(tx: Tx, discussion: UUID) -> Discussion:
    row = await meetings.discussion(tx.connection, discussion)
    if row is None:
        raise LookupError(f"discussion {discussion} is not there")
    return row


async def _ask(tx: Tx, meeting: Meeting, manager: Actor) -> UUID:
    first = meeting.of("strategy_requested")
    immediate = bool(first and first.detail.get("immediate"))
    asked = Asked(
        pathways=list(meeting.pathways),
        reason="Reasonable cause to suspect significant harm; discussion with police and health.",
        urgency="immediate" if immediate else "usual",
        form="telephone" if immediate else "video",
    )
    who = (manager.id or UUID(int=0), manager.name)
    begun = meeting.begun
    discussion = await requests.add_discussion(tx, meeting.area, asked, who, begun, begun, identity=meeting.id)
    await requests.cover(tx, discussion, meeting.pathways)
    for agency in _THREE:
        await requests.invite(tx, discussion, InviteeSaid(agency=agency, required=True), meeting.area)
    for starts in _times(meeting):
        await requests.add_slot(tx, discussion, SlotSaid(starts_at=starts, ends_at=starts + _HOUR))
    await meetings.add_change(tx, discussion, 1, "requested", {"reason": [None, asked.reason]})
    return discussion


def _times(meeting: Meeting) -> list[datetime]:
    """The hour it was held, or the next hour after it was asked for, and one two hours later."""
    held = meeting.of("strategy_held")
    first = held.at if held else (meeting.begun + _HOUR).replace(minute=0, second=0)
    return [first, first + 2 * _HOUR]


async def _answer(database: Database, discussion: UUID, who: _Who, begun: datetime, rng: Random) -> None:
    """Police and health answer the first slot within the hour; now and then one of them has not yet."""
    for agency in ("police", "health"):
        if rng.random() < 0.15:
            continue
        at = begun + timedelta(minutes=rng.randrange(5, 55))
        async with database.transaction(who.partners[agency], now=at) as tx:
            slots = await meetings.slots(tx.connection, discussion)
            invitees = {each.agency: each.id for each in await meetings.invitees(tx.connection, discussion)}
            await requests.add_answer(tx, discussion, slots[0].id, invitees[agency], "accept", "", "")


async def _schedule(tx: Tx, row: Discussion) -> None:
    slot = (await meetings.slots(tx.connection, row.id))[0]
    after = msgspec.structs.replace(
        row,
        scheduled_slot=slot.id,
        scheduled_from=slot.starts_at,
        scheduled_until=slot.ends_at,
        sequence=row.sequence + 1,
    )
    await saved(tx, row, after, "scheduled")


async def _postpone(tx: Tx, row: Discussion, fact: Told) -> None:
    agency, note = fact.outcome or "other", str(fact.detail.get("cause", ""))
    times = (row.scheduled_from, None)
    await requests.add_delay(tx, row.id, "postponed", "agency_unavailable", agency, note, times)
    nothing = {"scheduled_slot": None, "scheduled_from": None, "scheduled_until": None, "sequence": row.sequence + 1}
    await saved(tx, row, msgspec.structs.replace(row, **nothing), "postponed", {"agency": [None, agency]})


async def _hold(tx: Tx, row: Discussion, fact: Told, who: _Who, rng: Random) -> None:
    covered = await meetings.covered(tx.connection, row.id)
    record = _record(row, fact, covered, who, rng)
    found = await holding.quorate(tx, row, record)
    after = msgspec.structs.replace(
        row,
        chair=record.chair,
        held_from=fact.at,
        held_until=record.held_until,
        quorate=found.quorate,
        in_hours=await holding.in_hours(tx, fact.at),
        initiates_enquiry=bool(fact.detail.get("initiates_enquiry")),
    )
    await records.add_record(tx, row.id, 1, record)
    await saved(tx, row, after, "held")
    await acting.give_all(tx, after, covered, record.actions)


def _record(row: Discussion, fact: Told, covered: Sequence[Covered], who: _Who, rng: Random) -> Record:
    manager = who.manager.name if who.manager else ""
    present = fact.detail.get("agencies_present") or []
    begins = bool(fact.detail.get("initiates_enquiry"))
    names = {agency: actor.name for agency, actor in who.partners.items()} | {"childrens_social_care": manager}
    attendance = [
        Attendance(
            agency=agency,
            presence="present" if agency in present else "no_response" if agency == "health" else "apologies",
            name=names.get(agency, "Designated safeguarding lead"),
            manager=agency == "childrens_social_care",
        )
        for agency in _agencies(present)
    ]
    children = [
        ChildRecord(
            child=child,
            said=rng.choice(HEARD),
            daily_life=rng.choice(SEEN),
            section_47="yes" if begins else "no",
            enquiry="joint" if begins else None,
            lead="The allocated social worker" if begins else "",
            rationale="Harm from seeing and hearing the violence; the danger is not over."
            if begins
            else "The alleged abuser is out of the home and bailed away from it.",
            decided_by=manager,
            medical=Agreed(needed=False, text="No injury was seen."),
            parents_told="The mother is told by her social worker, alone.",
        )
        for child in dict.fromkeys(each.child for each in covered)
    ]
    actions = [
        ActionSaid(
            what=what, outcome_sought=outcome, owner_agency=agency, due_at=fact.at + timedelta(days=rng.randrange(1, 6))
        )
        for agency, what, outcome in rng.sample(ACTIONS, 2)
    ]
    return Record(
        held_from=fact.at,
        held_until=fact.at + timedelta(minutes=rng.randrange(25, 60)),
        form=row.form,
        chair=manager,
        attendance=attendance,
        information=[
            Information(agency=agency, name=names.get(agency, ""), text=text, may_be_told_to_parents=may)
            for agency, text, may in SHARED
            if agency in present
        ],
        history=HistoryConsidered(
            considered="The notices of the last two years, beside the record.", confirmed_by_chair=rng.random() < 0.9
        ),
        children=children,
        actions=actions,
    )


def _agencies(present: Sequence[str]) -> list[Agency]:
    return [msgspec.convert(agency, Agency) for agency in rules.in_order({*_THREE, *present})]


async def _issue(tx: Tx, row: Discussion, fact: Told) -> None:
    invitees = [each.id for each in await meetings.invitees(tx.connection, row.id)]
    if row.held_from is None:
        return
    await records.add_copies(tx, row.id, invitees, 1, "tracker", fact.at)
    await saved(tx, row, msgspec.structs.replace(row, issued_at=fact.at), "record_sent")


async def _act(database: Database, discussion: UUID, who: _Who, rng: Random, until: datetime) -> None:
    """Owners take most actions on; of those whose time has come most are done, some of them late."""
    async with database.transaction(who.manager or SYSTEM, now=until) as tx:
        given = await acting.of_discussion(tx, discussion)
    for each in given:
        owner = who.partners.get(each.action.owner_agency) or who.manager
        if owner is None or rng.random() < 0.2:
            continue
        taken = each.action.given_at + timedelta(hours=rng.randrange(1, 20))
        done = each.action.due_at + timedelta(hours=rng.choice((-20, -8, -3, -1, 6, 30)))
        if taken > until:
            continue
        async with database.transaction(owner, now=taken) as tx:
            version = await acting.accept(tx, each.action.id, each.action.version)
        if taken < done <= until and rng.random() < 0.85:
            async with database.transaction(owner, now=done) as tx:
                await acting.complete(tx, each.action.id, version, note="Done and fed back to the social worker.")
