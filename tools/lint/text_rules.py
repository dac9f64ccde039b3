"""Rules for any source file: small, finished, and about the project alone.

* No file is longer than 500 lines.
* Nothing is left to do later in a comment.
* No path of somebody's machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST = 500
UNFINISHED = re.compile(r"(?:#|--).*\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX)\b")
SOMEBODYS = re.compile(r"(?<![\w.])/(?:ho" + r"me|ro" + r"ot|Users|wo" + r"rk)/\w")


def check_text(name: str, source: str) -> Iterator[str]:
    """What is wrong with one file, as `file:line: what`."""
    lines = source.splitlines()
    if len(lines) > LONGEST:
        yield f"{name}:{LONGEST + 1}: {len(lines)} lines; split the file by what its parts are about"
    for number, line in enumerate(lines, 1):
        if UNFINISHED.search(line):
            yield f"{name}:{number}: something left to do"
        if SOMEBODYS.search(line):
            yield f"{name}:{number}: a path of one machine"
