"""What an actor may see is worked out once in a transaction, and again as soon as it may have changed."""

from service.actor import Actor
from service.database import Tx
from tests.database.access.test_row_level_security import one_child
from tests.fixtures.world import World


async def seen(tx: Tx) -> int:
    count: int = await tx.connection.fetchval("select count(*) from pathway")
    return count


async def become(tx: Tx, actor: Actor) -> None:
    await tx.connection.execute("select set_config('app.actor_id', $1, true)", str(actor.id))


async def test_another_actor_of_the_same_transaction_sees_their_own(world: World) -> None:
    await one_child(world)
    async with world.database.transaction(world.coordinator) as tx:
        assert await seen(tx) == 1
        await become(tx, world["mash_coordinator.350"])
        assert await seen(tx) == 0
        await become(tx, world.coordinator)
        assert await seen(tx) == 1


async def test_a_role_that_ends_is_over_for_the_rest_of_the_transaction(world: World) -> None:
    await one_child(world)
    async with world.database.transaction(world.coordinator) as tx:
        assert await seen(tx) == 1
        await tx.connection.execute("update person_role set until = $2 where person = $1", world.coordinator.id, tx.now)
        assert await seen(tx) == 0


async def test_a_record_restricted_meanwhile_is_hidden_in_the_same_transaction(world: World) -> None:
    pathway = await one_child(world)
    async with world.database.transaction(world.coordinator) as tx:
        assert await seen(tx) == 1
        await become(tx, world.manager)
        await tx.connection.execute("update pathway set restricted = true where id = $1", pathway)
        assert await seen(tx) == 1
        await become(tx, world.coordinator)
        assert await seen(tx) == 0


async def test_nothing_is_remembered_from_one_transaction_to_the_next(world: World) -> None:
    await one_child(world)
    async with world.database.pool.acquire() as connection:
        async with connection.transaction():
            await connection.execute(
                "select set_config('app.actor_kind', 'person', true), set_config('app.actor_id', $1, true)",
                str(world.coordinator.id),
            )
            assert await connection.fetchval("select count(*) from pathway") == 1
        assert await connection.fetchval("select count(*) from pathway") == 0
