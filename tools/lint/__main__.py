"""The project's own rules that no general linter knows; what `make lint` runs: `python -m tools.lint`.

Prints `file:line: what is wrong` for each, exit code 1 when there is any.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from tools.lint.python_rules import check_python
from tools.lint.sql_rules import check_sql
from tools.lint.text_rules import check_text

ROOT = Path(__file__).resolve().parent.parent.parent
CODE = ("schema", "service", "workers", "benchmarks", "tests", "tools")


def findings(root: Path) -> Iterator[str]:
    """Every break of a rule below the folder."""
    for folder in CODE:
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if not path.is_file() or "__pycache__" in name or "/static/build" in name:
                continue
            if path.suffix == ".py":
                source = path.read_text("utf-8")
                yield from check_text(name, source)
                yield from check_python(name, source)
            elif path.suffix == ".sql":
                source = path.read_text("utf-8")
                yield from check_text(name, source)
                yield from check_sql(name, source)


def main() -> int:
    found = list(findings(ROOT))
    for line in found:
        print(line)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
