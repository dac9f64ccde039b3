"""The worklist's one statement, held against the rule written plainly: who stands on it, in which order."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import product
from random import Random
from typing import Any, get_args
from uuid import UUID

from schema.vocabulary import Grade
from service.actor import SYSTEM
from service.database import Tx
from service.intake.books import service as books
from service.intake.books.rules import Arrival, ChildSaid, Fact
from service.pathways import service as pathways
from service.pathways.lists import store
from service.pathways.lists.service import Sort, Which, end_of_day
from service.pathways.lists.store import WaitingCounts
from service.pathways.rules import Entry
from tests.fixtures.world import START, World

GRADES: Sequence[Grade | None] = (None, "high", "medium", "standard")
FAR = datetime.max.replace(tzinfo=UTC)


def arrivals(count: int, area: str) -> list[Arrival]:
    return [
        Arrival(
            force="gmp",
            reference=f"06DL/{area}/{number}",
            area=area,
            child=ChildSaid(family_name=f"Lever {number}", given_names="Bo", date_of_birth=date(2015, 1, 1)),
            facts=(Fact(kind="police_attended", at=START - timedelta(hours=number + 1)),),
            source="typed",
        )
        for number in range(count)
    ]


async def any_work(tx: Tx, random: Random) -> None:
    """Give every pathway any state: few different times, so that much stands level, and some work that is over."""
    hours = [timedelta(hours=random.choice((-90, -50, -20, -20, -3, 1, 5, 9, 200))) for _ in range(9)]
    for row in await tx.connection.fetch("select pathway from pathway_state order by pathway"):
        due = random.choice((None, *(tx.now + each for each in hours)))
        await tx.connection.execute(
            "update pathway_state set grade = $2, urgent = $3, waiting_since = $4, next_due_at = $5,"
            " next_due_started_at = $6, holder = $7, stage = $8, allocation_wanted = $9 where pathway = $1",
            row[0],
            random.choice(GRADES),
            random.random() < 0.1,
            random.choice((None, *(tx.now - abs(each) for each in hours))),
            due,
            random.choice((due, due - timedelta(hours=24))) if due else None,
            random.choice(("police", "childrens_social_care", "health")),
            random.choice(("front_door", "convening")),
            random.random() < 0.2,
        )


def stands(row: Any, which: Which, now: datetime) -> bool:
    waits, due = row["waiting_since"] is not None, row["next_due_at"]
    found: dict[Which, bool] = {
        "deciding": waits,
        "late": due is not None and due < now,
        "today": due is not None and now <= due <= end_of_day(now),
        "police": waits and row["holder"] == "police",
        "us": waits and row["holder"] == "childrens_social_care",
        "meeting": row["stage"] == "convening",
        "unallocated": row["allocation_wanted"],
        "everything": True,
    }
    return found[which]


def worst_first(row: Any, now: datetime) -> tuple[Any, ...]:
    due, began = row["next_due_at"], row["next_due_started_at"]
    first = row["urgent"] or row["grade"] in {None, "high"}
    share = 0.0
    if due is not None and due < now:
        share = (now - began) / (due - began) if due > began else float("inf")
    return (not first, -share, due or FAR, row["waiting_since"] or FAR, row["pathway"])


def order(row: Any, sort: Sort, now: datetime) -> tuple[Any, ...]:
    lead = {
        "worst": 0,
        "waited": row["waiting_since"] or FAR,
        "due": row["next_due_at"] or FAR,
        "grade": GRADES.index(row["grade"]),
    }[sort]
    return (lead, *worst_first(row, now))


def oldest(rows: Sequence[Any]) -> set[UUID]:
    """Of each area and grade the child who waits longest."""
    found: dict[tuple[str, str | None], tuple[datetime, UUID]] = {}
    for row in rows:
        if row["waiting_since"] is not None:
            key, mine = (row["area"], row["grade"]), (row["waiting_since"], row["pathway"])
            found[key] = min(found.get(key, mine), mine)
    return {pathway for _, pathway in found.values()}


def counts(rows: Sequence[Any], now: datetime) -> WaitingCounts:
    numbers = {which: sum(stands(row, which, now) for row in rows) for which in get_args(Which)}
    late = sum(stands(row, "deciding", now) and stands(row, "late", now) for row in rows)
    since = [row["waiting_since"] for row in rows if row["waiting_since"] is not None]
    return WaitingCounts(**numbers, deciding_late=late, longest_since=min(since, default=None))


async def test_every_child_stands_once_in_the_order_of_the_rule_and_the_counts_are_theirs(world: World) -> None:
    async with world.database.transaction(SYSTEM) as tx:
        await books.put(tx, [*arrivals(45, "359"), *arrivals(25, "350")])
        await any_work(tx, Random(6))
    size = 8
    said: dict[str, Any] = {}
    async with world.database.transaction(world.coordinator) as tx:
        areas = ["359", "350"]
        everything = await tx.connection.fetch(
            "select * from pathway_state where waiting_since is not null or next_due_at is not null"
        )
        assert {row["area"] for row in everything} == {"359"}, "another area's work stays hidden, whatever is asked"
        for which, grade, sort in product(get_args(Which), (None, "high", "ungraded"), get_args(Sort)):
            rows = [row for row in everything if grade is None or (row["grade"] or "ungraded") == grade]
            chosen = sorted(
                (row for row in rows if stands(row, which, tx.now)), key=lambda row: order(row, sort, tx.now)
            )
            marked = oldest(chosen)
            placed = chosen
            if sort == "worst":
                placed = sorted(chosen, key=lambda row: row["pathway"] not in marked)
            said = {
                "which": which,
                "end_of_today": end_of_day(tx.now),
                "grade": grade,
                "limit": size,
                "sort": sort,
            }
            for offset in range(0, len(chosen) + 1, size):
                told, page = await store.waiting(tx.connection, areas, tx.now, offset=offset, **said)
                assert told == counts(rows, tx.now)
                wanted = {row["pathway"] for row in placed[offset : offset + size]}
                assert [row.pathway for row in page] == [row["pathway"] for row in chosen if row["pathway"] in wanted]
                assert {row.pathway for row in page if row.oldest_of_grade} == wanted & marked
        nowhere, nobody = await store.waiting(tx.connection, [], tx.now, offset=0, **said)
        assert (nowhere, nobody) == (counts([], tx.now), [])


def _entry(pathway: UUID, kind: str, now: datetime) -> Entry:
    return Entry(pathway=pathway, kind=kind, at=now, precision="minute", outcome="health")


async def test_what_was_asked_is_awaited_by_who_has_the_child_now(world: World) -> None:
    async with world.database.transaction(SYSTEM) as tx:
        here, sent = [one.pathway for one in await books.put(tx, arrivals(2, "359")) if one.pathway]
    async with world.database.transaction(world.coordinator) as tx:
        for pathway in (here, sent):
            asked = Entry(
                pathway=pathway, kind="information_requested", at=tx.now, precision="minute", outcome="health"
            )
            await pathways.record(tx, [asked])
    async with world.database.transaction(SYSTEM) as tx:
        await tx.connection.execute(
            "insert into transfer (id, pathway, from_area, to_area, sent_at, accepted_at)"
            " values (gen_random_uuid(), $1, '359', '350', $2, $2)",
            sent,
            tx.now,
        )
        await tx.connection.execute("update pathway set area = '350' where id = $1", sent)
        await tx.connection.execute("update pathway_state set area = '350' where pathway = $1", sent)
    for area, pathway in (("359", here), ("350", sent)):
        async with world.database.transaction(world[f"mash_coordinator.{area}"]) as tx:
            assert [row.pathway for row in await store.asked(tx.connection, ["359", "350"])] == [pathway]
    async with world.database.transaction(world.coordinator) as tx:
        await pathways.record(tx, [_entry(here, "information_returned", tx.now)])
        assert await store.asked(tx.connection, ["359"]) == []
