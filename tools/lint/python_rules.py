"""Rules for Python files.

* SQL stands in `queries.sql` files beside a store, nowhere else in the product.
* Nothing but the timepiece reads the machine's clock: time is an argument.
* httpx calls are bounded by httpx's own timeouts: cancelling one from outside leaks its place in the pool.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

SQL = re.compile(
    r"\b(select\b.+\bfrom\b|insert\s+into\b|update\s+\w+\s+set\b|delete\s+from\b|merge\s+into\b|create\s+(table|index|role)\b)",
    re.IGNORECASE | re.DOTALL,
)
EVERY_COLUMN = re.compile(r"\bselect\s+(\w+\.)?\*", re.IGNORECASE)
MAY_HOLD_SQL = (
    "service/migrations.py",  # its journal must exist before any migration
    "service/database.py",  # tells the database who acts
    "service/embedded/",  # bootstraps a cluster
    "tests/",
    "benchmarks/",
    "tools/lint/",
)
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}
MAY_READ_THE_CLOCK = ("service/timepiece.py", "tests/", "benchmarks/", "tools/")


def check_python(name: str, source: str) -> Iterator[str]:
    """What is wrong with one file, as `file:line: what`."""
    tree = ast.parse(source, name)
    uses_httpx = any(_imports(node, "httpx") for node in ast.walk(tree))
    prose = _docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in prose:
            yield from _sql(name, node, node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield from _call(name, node.func, uses_httpx=uses_httpx)


def _sql(name: str, node: ast.Constant, text: str) -> Iterator[str]:
    if not name.startswith(MAY_HOLD_SQL) and SQL.search(text):
        yield f"{name}:{node.lineno}: SQL outside a queries.sql"
    # Benchmarks copy whole tables, whatever columns they have, once and over a connection of their own.
    if not name.startswith(("tools/lint/", "tests/", "benchmarks/")) and EVERY_COLUMN.search(text):
        yield f"{name}:{node.lineno}: select * (name the columns: a prepared statement breaks when one is added)"


def _call(name: str, function: ast.Attribute, *, uses_httpx: bool) -> Iterator[str]:
    owner = function.value
    owned_by = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
    if (owned_by, function.attr) in CLOCKS and not name.startswith(MAY_READ_THE_CLOCK):
        yield f"{name}:{function.lineno}: {owned_by}.{function.attr}() (time is an argument; ask the timepiece)"
    if uses_httpx and owned_by == "asyncio" and function.attr in {"wait_for", "timeout"}:
        yield f"{name}:{function.lineno}: asyncio.{function.attr} beside httpx (use httpx.Timeout)"


def _imports(node: ast.AST, module: str) -> bool:
    if isinstance(node, ast.Import):
        return any(alias.name.split(".")[0] == module for alias in node.names)
    return isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == module


def _docstrings(tree: ast.Module) -> set[ast.Constant]:
    """Strings that stand alone as a statement: documentation, in which the word select is innocent."""
    return {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
