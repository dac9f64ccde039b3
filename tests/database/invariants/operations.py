"""Anything that people, machines and time may do to one family's pathways, drawn at random, through the services."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from hypothesis import strategies as st

from schema.notices import Notice, NoticeChild, When
from schema.vocabulary import CONTACT_OUTCOMES, GRADES, NOT_SHARED_REASONS, PRECISIONS
from service.actor import SYSTEM, Actor
from service.errors import TrackerError
from service.flags.sweep import sweep
from service.intake.books import service as books
from service.intake.books.rules import Arrival, ChildSaid, Fact
from service.intake.decisions import service as decisions
from service.intake.decisions.service import Decision
from service.intake.notices import service as notices
from service.pathways import proposals
from service.pathways import service as pathways
from service.pathways.rules import OUTCOMES, REASONED, RECORDED_BY, Entry
from service.pathways.service import Correction
from tests.fixtures.world import World

#: Who may act; the system records what nobody else may.
ACTORS = ("mash_manager.359", "mash_manager.350", "team_manager.359", "police_liaison.gmp", "conference_service.359")
FILE_FACTS = ("police_attended", "notice_submitted", "notice_shared", "seen_at_scene")
AGENCIES = ("health", "education")


class Family(msgspec.Struct):
    """Two children in two incidents, and what has been done about them."""

    world: World
    data: st.DataObject
    number: int
    log: list[str] = []

    def draw(self, strategy: Any) -> Any:
        """Something at random, remembered with the example."""
        return self.data.draw(strategy)

    def one_of(self, *values: Any) -> Any:
        """One of these."""
        return self.draw(st.sampled_from(values))

    def references(self) -> list[str]:
        """Both incidents' references."""
        return [f"06DA/{self.number}-{each}/26" for each in (1, 2)]

    async def ids(self) -> list[UUID]:
        """The family's pathways, in an order that is the same whenever the same was done."""
        async with self.world.database.transaction(SYSTEM) as tx:
            rows = await tx.connection.fetch(
                "select p.id from pathway as p join incident as i on i.id = p.incident"
                " join child as c on c.id = p.child where i.reference = any($1)"
                " order by i.reference, p.first_seen_at, c.normal_name, c.date_of_birth, p.area, p.id",
                self.references(),
            )
        return [row[0] for row in rows]

    def instant(self) -> datetime:
        """Some minute of the last forty days, often a recent one."""
        minutes = self.draw(st.one_of(st.integers(0, 600), st.integers(0, 40 * 24 * 60)))
        return self.world.timepiece.now().replace(second=0, microsecond=0) - timedelta(minutes=minutes)

    def moment(self) -> dict[str, Any]:
        """A time, or now and then only its day."""
        at = self.instant()
        if self.draw(st.integers(0, 4)) == 0:
            return {"at": None, "on": at.date(), "precision": "day"}
        return {"at": at, "on": None, "precision": self.one_of(*(each for each in PRECISIONS if each != "day"))}

    def actor(self) -> Actor:
        """Somebody."""
        return self.world[self.one_of(*ACTORS)]

    async def step(self) -> str:
        """Do one thing; what was done, or why it was refused."""
        work: Callable[[Family], Awaitable[None]] = self.draw(st.sampled_from(STEPS))
        try:
            await work(self)
            said = _name(work)
        except TrackerError as error:
            said = f"{_name(work)}: {type(error).__name__}"
        self.log.append(said)
        return said


def _name(work: object) -> str:
    return str(getattr(work, "__name__", work))


async def import_rows(family: Family) -> None:
    """Rows of a police file, some of them again, some with more or other values."""
    born = family.one_of(date(2011, 2, 3), None)
    arrivals = []
    for _ in range(family.draw(st.integers(1, 3))):
        chosen = family.draw(st.lists(st.sampled_from(FILE_FACTS), unique=True, max_size=3))
        facts = [Fact(kind=kind, **family.moment(), shared="incident") for kind in chosen]
        if family.draw(st.booleans()):
            graded = Fact(
                kind="risk_graded",
                outcome=family.one_of(*GRADES),
                detail={"by": "officer"},
                shared="incident",
                **family.moment(),
            )
            facts.append(graded)
        said = ChildSaid(
            family_name="Pennington",
            given_names=f"{family.one_of('Ewan', 'Yusuf')} {family.number}",
            date_of_birth=born,
            sex=family.one_of("M", None),
            school_status=family.one_of("at_school", "home_educated", None),
        )
        arrivals.append(
            Arrival(
                force="gmp",
                reference=family.one_of(*family.references()),
                area=family.one_of("359", "359", "350"),
                child=said,
                facts=tuple(facts),
                source="police_file",
            )
        )
    async with family.world.database.transaction(SYSTEM) as tx:
        placed = await books.put(tx, arrivals)
    assert len(placed) == len(arrivals)


async def log_notice(family: Family) -> None:
    """A notice typed by a coordinator or by the force."""
    actor = family.world[family.one_of("mash_coordinator.359", "police_liaison.gmp")]
    notice = Notice(
        reference=family.one_of(*family.references()),
        force="gmp",
        area="359",
        grade=family.one_of("high", "medium", "standard", "ungraded"),
        police_attended=When(at=family.instant()),
        children=[
            NoticeChild(
                family_name="Pennington",
                given_names=f"{family.one_of('Ewan', 'Yusuf')} {family.number}",
                date_of_birth=date(2011, 2, 3),
            )
        ],
        order_confirmed=True,
    )
    async with family.world.database.transaction(actor) as tx:
        await notices.log(tx, notice)


async def record_anything(family: Family) -> None:
    """Any milestone of the vocabulary on any pathway, by somebody who may or may not."""
    ids = await family.ids()
    if not ids:
        return
    kind = family.one_of(*RECORDED_BY)
    outcomes = OUTCOMES.get(kind) or (AGENCIES if kind.startswith("information_") else (None,))
    entry = Entry(
        pathway=family.one_of(*ids),
        kind=kind,
        outcome=family.one_of(*outcomes),
        detail={key: "as told" for key, _ in REASONED.get(kind, ())},
        source="system",
        **family.moment(),
    )
    actor = family.one_of(SYSTEM, SYSTEM, family.actor())
    async with family.world.database.transaction(actor) as tx:
        await pathways.record_one(tx, entry)


async def correct(family: Family) -> None:
    """Another time for some milestone, or that it never happened; a second person agrees where one must."""
    ids = await family.ids()
    async with family.world.database.transaction(SYSTEM) as tx:
        rows = await tx.connection.fetch("select id from milestone where pathway = any($1) order by id", ids)
    if not rows:
        return
    target = family.one_of(*(row[0] for row in rows))
    retract = family.draw(st.integers(0, 3)) == 0
    moment: dict[str, Any] = {} if retract else family.moment()
    change = Correction(reason="The log says otherwise", source="Command log", retract=retract, **moment)
    async with family.world.database.transaction(family.world.coordinator) as tx:
        proposal = await proposals.correct_or_propose(tx, target, change)
    if proposal is not None:
        async with family.world.database.transaction(family.world.manager) as tx:
            await proposals.judge(tx, proposal, agree=family.draw(st.booleans()))


async def share(family: Family) -> None:
    """The liaison shares some."""
    if ids := await family.ids():
        async with family.world.database.transaction(family.world.liaison) as tx:
            await decisions.share(tx, [family.one_of(*ids)])


async def decline(family: Family) -> None:
    """The liaison declines one."""
    if ids := await family.ids():
        async with family.world.database.transaction(family.world.liaison) as tx:
            await decisions.decline(tx, family.one_of(*ids), family.one_of(*NOT_SHARED_REASONS), "As told", "PS 1")


async def decide(family: Family) -> None:
    """A manager decides a contact."""
    if ids := await family.ids():
        actor = family.world[family.one_of("mash_manager.359", "mash_manager.350")]
        decision = Decision(
            pathways=family.draw(st.lists(st.sampled_from(ids), min_size=1, max_size=2, unique=True)),
            outcome=family.one_of(*CONTACT_OUTCOMES),
            rationale="As told",
            history_considered="None",
            decided_by=actor.id,
            to_area=family.one_of("350", "359"),
            named_worker="Sam Lee",
        )
        async with family.world.database.transaction(actor) as tx:
            await decisions.decide(tx, decision)


async def send_and_accept(family: Family) -> None:
    """A manager sends a child to the other area, which accepts it, perhaps."""
    if ids := await family.ids():
        pathway = family.one_of(*ids)
        sender, receiver = family.world["mash_manager.359"], family.world["mash_manager.350"]
        decision = Decision(
            pathways=[pathway],
            outcome="sent_to_right_area",
            rationale="Lives there",
            history_considered="None",
            decided_by=sender.id,
            to_area="350",
        )
        async with family.world.database.transaction(sender) as tx:
            await decisions.decide(tx, decision)
        if family.draw(st.booleans()):
            family.world.timepiece.advance(timedelta(hours=3))
            async with family.world.database.transaction(receiver) as tx:
                await decisions.accept_transfer(tx, pathway, receiver.name)


async def watch(family: Family) -> None:
    """The watcher looks."""
    await sweep(family.world.database)


async def time_passes(family: Family) -> None:
    """Minutes, or days."""
    family.world.timepiece.advance(family.one_of(timedelta(minutes=7), timedelta(hours=5), timedelta(days=3)))


STEPS: tuple[Callable[[Family], Awaitable[None]], ...] = (
    import_rows,
    import_rows,
    log_notice,
    record_anything,
    record_anything,
    record_anything,
    correct,
    correct,
    share,
    decline,
    decide,
    send_and_accept,
    watch,
    time_passes,
)
