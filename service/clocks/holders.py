"""The table of holders, looked up by milestone and outcome."""

from collections.abc import Iterable

from schema.holders import HolderRow


class HolderTable:
    """Which row of the table a milestone falls under; a kind or outcome without a row changes nothing."""

    def __init__(self, rows: Iterable[HolderRow]) -> None:
        self._exact: dict[tuple[str, str | None], HolderRow] = {}
        self._other: dict[str, HolderRow] = {}
        for row in rows:
            if row.outcomes is None:
                self._other[row.kind] = row
            else:
                for outcome in row.outcomes:
                    self._exact[(row.kind, outcome)] = row

    def row(self, kind: str, outcome: str | None) -> HolderRow | None:
        """The row for a milestone, or None."""
        return self._exact.get((kind, outcome)) or self._other.get(kind)

    def has_row(self, kind: str, outcome: str | None) -> bool:
        """Whether this very outcome has a row of its own (``None``: the row for any other outcome)."""
        return kind in self._other if outcome is None else (kind, outcome) in self._exact
