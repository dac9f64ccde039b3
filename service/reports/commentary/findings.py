"""What a commentary is made of."""

from typing import Literal

import msgspec

#: ``not_tested``: it is a level and not a change, or there are too few weeks; then ``no signal`` is never claimed.
Status = Literal["signal", "no_signal", "not_tested"]
Direction = Literal["worse", "better", "neither"]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One finding, part by part; ``words`` is all of it.

    ``figure``: what it is about, by stage and kind (``contact_decision:share``), so that a promise can name the figure
    it is to move. ``agency``: whom the question is put to, by its code.
    """

    figure: str
    status: Status
    direction: Direction
    says: str
    sure: str
    contributor: str
    caveat: str
    question: str
    agency: str

    @property
    def words(self) -> str:
        """All of it, in the order in which it is read."""
        return " ".join(part for part in (self.says, self.sure, self.contributor, self.caveat, self.question) if part)


class Commentary(msgspec.Struct, frozen=True, kw_only=True):
    """The findings of a report, and one sentence over them. No findings: there is nothing to report.

    ``untold``: weeks may not be told to this reader, so that a change may be there and not be found.
    """

    summary: str
    findings: tuple[Finding, ...] = ()
    cautions: tuple[str, ...] = ()
    untold: bool = False

    @property
    def signals(self) -> int:
        """How many findings claim a change."""
        return sum(finding.status == "signal" for finding in self.findings)
