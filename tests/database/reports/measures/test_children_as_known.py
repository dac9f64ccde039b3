"""What is known of a child besides its milestones counts in "as reported" as it was known then."""

from datetime import date, datetime, timedelta

from service.actor import SYSTEM
from service.reports.measures import folding, service
from service.reports.measures.figures import BoardFigures, Period, Scope
from tests.fixtures.arrivals import put_child
from tests.fixtures.world import START, World

NOVEMBER = Period(first=date(2026, 11, 1), last=date(2026, 11, 30))


async def read(world: World, as_of: datetime | None = None) -> BoardFigures:
    async with world.database.transaction(SYSTEM, snapshot=True) as tx:
        return await service.board(tx, Scope(), NOVEMBER, as_of)


def groups(found: BoardFigures) -> dict[str, str]:
    return {each.characteristic: each.group for each in found.fairness}


async def test_a_childs_groups_are_those_known_then_and_those_known_now(world: World) -> None:
    pathway = await put_child(world, attended=START - timedelta(hours=2))
    world.timepiece.set(START + timedelta(days=1))
    async with world.database.transaction(SYSTEM) as tx:
        child = await tx.connection.fetchval("select child from pathway where id = $1", pathway)
        for change in ("sex = 'F', ethnicity = 'APKN'", "ethnicity = 'WBRI', date_of_birth = '2024-02-03'"):
            await tx.connection.execute(f"update child set {change} where id = $1", child)
    while await folding.fold(world.database):
        pass
    now, then = await read(world), await read(world, START + timedelta(hours=1))
    assert groups(now) == {"ethnicity": "White", "disability": "not recorded", "age": "1 to 4", "sex": "F"}
    assert groups(then) == {
        "ethnicity": "not recorded", "disability": "not recorded", "age": "11 to 15", "sex": "not recorded",
    }  # fmt: skip
    assert (then.child_days.waiting, then.ledger.closing) == (1, 1)


async def test_a_school_that_is_told_of_later_was_not_known_then(world: World) -> None:
    pathway = await put_child(world, attended=START - timedelta(hours=2))
    world.timepiece.set(START + timedelta(days=1))
    async with world.database.transaction(SYSTEM) as tx:
        await tx.connection.execute(
            "update child set school_status = 'at_school', sex = 'F'"
            " where id = (select child from pathway where id = $1)",
            pathway,
        )
    while await folding.fold(world.database):
        pass
    now, then = await read(world), await read(world, START + timedelta(hours=1))
    assert (now.quality.school_unknown, then.quality.school_unknown) == (0, 1)
