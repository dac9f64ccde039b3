"""Rules for SQL files.

* Columns are named: `select *` breaks prepared statements when a column is added.
  (`unnest` of parameters names its own.)
* A query never reads the server's clock: the instant that counts as now is an argument, the same for a whole
  transaction. (Migrations may: `written_at` is the database's own time on purpose.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

EVERY_COLUMN = re.compile(
    r"\b(?:select|returning)\s+(?:\w+\.)?\*(?!(?:\s*,\s*\$\d+(?:::\w+)?)*\s+from\s+(?:rows\s+from\s*\(\s*)?unnest\b)",
    re.IGNORECASE,
)
SERVER_CLOCK = re.compile(
    r"\b(?:now\s*\(|current_timestamp\b|current_date\b|localtimestamp\b|(?:clock|statement|transaction)_timestamp\s*\()",
    re.IGNORECASE,
)
COMMENT = re.compile(r"--.*")


def check_sql(name: str, source: str) -> Iterator[str]:
    """What is wrong with one file, as `file:line: what`."""
    code = COMMENT.sub("", source)
    for found in EVERY_COLUMN.finditer(code):
        yield f"{name}:{_line(code, found)}: select * (name the columns)"
    if "/migrations/" not in name:
        for found in SERVER_CLOCK.finditer(code):
            yield f"{name}:{_line(code, found)}: the server's clock in a query (pass the instant)"


def _line(code: str, found: re.Match[str]) -> int:
    return code.count("\n", 0, found.start()) + 1
