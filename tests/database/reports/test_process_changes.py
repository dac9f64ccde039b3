"""Changes of the process, attacked as the application's role."""

from datetime import date
from uuid import UUID

import asyncpg
import pytest

from schema.ids import new_id
from service.errors import Forbidden, Refused
from service.reports.board import marking, store
from tests.fixtures.world import START, World

DAY = date(2026, 10, 5)


async def marked(world: World, who: str, area: str) -> list[str]:
    async with world.database.transaction(world[who], readonly=True) as tx:
        return [each.words for each in await marking.changes(tx, [area])]


async def test_an_area_marks_its_own_changes_and_no_other_reads_them(world: World) -> None:
    async with world.database.transaction(world.manager) as tx:
        await marking.mark(tx, "359", DAY, "Triage works on Sundays", new_baseline=True)
        with pytest.raises(Forbidden):
            await marking.mark(tx, "350", DAY, "Not ours", new_baseline=False)
        with pytest.raises(Refused):
            await marking.mark(tx, "359", date(2031, 1, 1), "\x00", new_baseline=False)
    assert await marked(world, "board_member.359", "359") == ["Triage works on Sundays"]
    assert await marked(world, "mash_manager.350", "359") == []
    assert await marked(world, "police_liaison.gmp", "359") == []


async def test_the_database_refuses_a_mark_in_another_area_in_anothers_name_or_altered(world: World) -> None:
    async with world.database.transaction(world.manager) as tx:
        await store.mark(tx, "359", DAY, "Ours", new_baseline=False)
    insert = (
        "insert into process_change (id, area, happened_on, words, new_baseline, recorded_at, recorded_by)"
        " values ($1, $2, $3, 'x', false, $4, $5)"
    )
    other: UUID | None = world["mash_manager.350"].id
    for area, by in (("350", world.manager.id), ("359", other)):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with world.database.transaction(world.manager) as tx:
                await tx.connection.execute(insert, new_id(START), area, DAY, START, by)
    for statement in ("update process_change set words = 'y'", "delete from process_change"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with world.database.transaction(world.manager) as tx:
                await tx.connection.execute(statement)
    owner = await asyncpg.connect(world.urls.owner_url)
    try:
        with pytest.raises(asyncpg.PostgresError, match=r"append-only|refuse"):
            await owner.execute("update process_change set words = 'y'")
    finally:
        await owner.close()
