"""Which program it is that works something out."""

from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Final

import service

_ROOT: Final = Path(str(service.__file__)).parents[1]
_SOURCES: Final = frozenset({".py", ".sql", ".toml"})


@cache
def digest(*parts: str) -> str:
    """A digest of some parts of the program: what it was otherwise when something was worked out, it no longer is.

    A number that somebody has to raise with every rule that changes would be forgotten.

    Args:
        parts: folders and files, from where the packages are.
    """
    found = blake2b(digest_size=16)
    for path in (path for part in parts for path in _sources(_ROOT / part)):
        found.update(f"{path.relative_to(_ROOT).as_posix()}\0".encode())
        found.update(path.read_bytes())
    return found.hexdigest()


def _sources(part: Path) -> Iterator[Path]:
    found = sorted(part.rglob("*")) if part.is_dir() else [part]
    yield from (path for path in found if path.suffix in _SOURCES)
