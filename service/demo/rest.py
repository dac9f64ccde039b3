"""`python -m service.demo.rest`: load what is left of the synthetic past into DATABASE_URL, beside people at work.

The demonstration runs it after its first page is there, and again if it was cut short.
"""

import asyncio
import os
import sys
from typing import Final

from service.collecting import collect_seldom
from service.demo import discussing, loading, promising
from service.demo.seeding import filling
from service.settings import from_environment

#: Whoever waits for a page comes first.
_AFTER_OTHERS: Final = 10


async def load() -> int:
    """Load it, and make what was promised of it; how much it was."""
    async with filling(from_environment().database_url) as database:
        loaded = await loading.load_the_rest(database, lambda _done, _total, _what: None)
        await promising.promise(database, database.timepiece.now())
        await discussing.convene(database, database.timepiece.now())
        return loaded


def main() -> int:
    os.nice(_AFTER_OTHERS)
    collect_seldom()
    sys.stdout.write(f"loaded {asyncio.run(load())}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
