"""Fills a site's database for browser tests: notices pushed through the same service as everybody's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from schema.notices import Notice
from service.actor import SYSTEM
from service.database import connect
from service.intake.books import service as books
from service.intake.notices import rules
from service.pathways import rulebook
from service.timepiece import SystemTimepiece
from tests.browser.conftest import Site


async def ship(site: Site) -> None:
    """Record the standards and the calendar, as an installation has them from the start."""
    await put(site)


async def put(site: Site, *said: dict[str, Any]) -> None:
    """Put notices on the books as a police file would; ``days`` ago police attended."""
    database = await connect(site.settings.database_url, SystemTimepiece(), size=1)
    try:
        now = database.timepiece.now().replace(microsecond=0)
        async with database.transaction(SYSTEM, now=now - timedelta(days=60)) as tx:
            await rulebook.ship(tx)
        async with database.transaction(SYSTEM, now=now) as tx:
            for each in said:
                await books.put(tx, rules.arrivals(notice(now, **each), "police_file"))
    finally:
        await database.close()


def notice(now: datetime, *, reference: str, names: tuple[str, ...], days: float, **more: Any) -> Notice:
    """A notice of Wigan with children of these given names."""
    children = [
        {"family_name": "Sutton", "given_names": name, "date_of_birth": f"2014-05-{number + 1:02}"}
        for number, name in enumerate(names)
    ]
    attended = {"at": (now - timedelta(days=days)).isoformat()}
    body = {"reference": reference, "force": "gmp", "area": "359", "district": "Leigh", "grade": "medium"}
    return msgspec.convert({**body, "police_attended": attended, "children": children, **more}, Notice)
