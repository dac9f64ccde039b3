"""What tests of the database share."""

from datetime import timedelta

import pytest

from service.actor import SYSTEM
from tests.fixtures.world import START, World


@pytest.fixture
async def ready(world: World) -> World:
    """Both areas list their manager as qualified to decide."""
    async with world.database.transaction(SYSTEM) as tx:
        for area in ("359", "350"):
            await tx.connection.execute(
                "insert into qualified_decider (area, person, since) values ($1, $2, $3)",
                area,
                world[f"mash_manager.{area}"].id,
                START - timedelta(days=900),
            )
    return world
