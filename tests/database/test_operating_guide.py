"""What the operating guide says to type into psql works on a new database."""

import re
from pathlib import Path

import asyncpg

from tests.fixtures.databases import DatabaseUrls

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "operating-guide.md").read_text(encoding="utf-8")


async def test_a_decider_can_be_listed_and_a_person_removed(database_urls: DatabaseUrls) -> None:
    decider, leaving = re.findall(r"```sql\n(.*?)```", GUIDE, re.S)
    owner = await asyncpg.connect(database_urls.owner_url)
    try:
        await owner.execute("insert into area (code, name, partnership) values ('359', 'Wigan', 'Wigan')")
        await owner.execute(
            "insert into person (id, sign_in, name, password_hash, created_at)"
            " values (gen_random_uuid(), 'dana.w', 'Dana Walsh', 'x', now())"
        )
        await owner.execute(decider)
        assert await owner.fetchval("select count(*) from qualified_decider") == 1
        await owner.execute(leaving)
        assert await owner.fetchval("select disabled_at is not null from person")
    finally:
        await owner.close()
