"""What changes in the bins when children and incidents are counted again."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from service.reports.measures.rules.records import Key, joined, split

#: What was counted of a child or an incident: its records by bin, sorted.
Facts = Mapping[Key, bytes]
_NOTHING: Facts = {}


class Changes:
    """Records that come into bins and records that leave them. ``broken``: one was to leave that was not there."""

    def __init__(self) -> None:
        self._come: dict[Key, list[bytes]] = {}
        self._go: dict[Key, list[bytes]] = {}
        self.broken = False

    def put(self, now: Facts, before: Facts | None) -> None:
        """Let what is counted now stand for what was counted before."""
        before = before or _NOTHING
        for key, records in now.items():
            if before.get(key) != records:
                self._come.setdefault(key, []).append(records)
        for key, records in before.items():
            if now.get(key) != records:
                self._go.setdefault(key, []).append(records)

    def bins(self) -> list[Key]:
        """The bins in which anything may differ."""
        return list(self._come.keys() | self._go.keys())

    def of(self, stands: Mapping[Key, bytes]) -> Iterator[tuple[Key, bytes]]:
        """Each bin that differs from how it stands, as it becomes."""
        for key in self.bins():
            old = stands.get(key, b"")
            new = self._applied(old, self._come.get(key, ()), self._go.get(key, ()))
            if new != old:
                yield key, new

    def _applied(self, stands: bytes, come: Iterable[bytes], go: Iterable[bytes]) -> bytes:
        added, taken = split(b"".join(come)), split(b"".join(go))
        if not taken:
            return joined([*split(stands), *added])
        held = Counter(split(stands))
        held.update(added)
        held.subtract(taken)
        self.broken = self.broken or min(held.values()) < 0
        return joined(held.elements())
