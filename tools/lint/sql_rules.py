"""Rules for SQL files.

* Columns are named: `select *` breaks prepared statements when a column is added. (`unnest` of parameters and a part of
  the same query, `with part as (...)`, name their own.)
* A query never reads the server's clock: the instant that counts as now is an argument, the same for a whole
  transaction. (Migrations may: `written_at` is the database's own time on purpose.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

EVERY_COLUMN = re.compile(
    r"\b(?:select|returning)\s+(?:\w+\.)?\*(?:[\s,]*\$\d+(?:::\w+)?)*(?:\s+from\s+(?P<source>\w+))?", re.I
)
SERVER_CLOCK = re.compile(
    r"\b(?:now\s*\(|current_timestamp\b|current_date\b|localtimestamp\b|(?:clock|statement|transaction)_timestamp\s*\()",
    re.IGNORECASE,
)
COMMENT = re.compile(r"--(?! name:).*")


def check_sql(name: str, source: str) -> Iterator[str]:
    """What is wrong with one file, as `file:line: what`."""
    code = COMMENT.sub("", source)
    for found in EVERY_COLUMN.finditer(code):
        if not _names_its_own(code, found):
            yield f"{name}:{_line(code, found)}: select * (name the columns)"
    if "/migrations/" not in name:
        for found in SERVER_CLOCK.finditer(code):
            yield f"{name}:{_line(code, found)}: the server's clock in a query (pass the instant)"


def _names_its_own(code: str, found: re.Match[str]) -> bool:
    """Whether what is selected from has its columns written out in the same query."""
    table = found["source"]
    if table is None:
        return False
    query = code[code.rfind("-- name:", 0, found.start()) + 1 : found.start()]
    return table.lower() == "unnest" or re.search(rf"\b{table}\s+as\s+(?:materialized\s+)?\(", query, re.I) is not None


def _line(code: str, found: re.Match[str]) -> int:
    return code.count("\n", 0, found.start()) + 1
