"""One child's part in one incident as the second reading reads it: what happened, when it waited, which area had it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from schema.spine import History
from tests.fixtures.oracle.happenings import Grades, Happening, happened, with_derived
from tests.fixtures.oracle.reading import Told, told
from tests.unit.reports.second_reading.making import Part

#: What comes afterwards is asked anew.
_ANEW = ("reopened", "transfer_accepted", "withdrawn")
_OVER = ("closed", "stepped_down", "withdrawn")
REFERRED = ("referral", "strategy_discussion", "immediate_protection")


@dataclass
class Wait:
    """One stretch of unassessed risk; ``again``: after reopening, or a declined notice sent after all."""

    start: Happening
    again: bool
    end: Happening | None = None


class Way:
    """One child's part in one incident as the second reading reads it."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.found = with_derived(happened(part.rows))
        self.grade = Grades(self.found).first or "ungraded"
        self.clocks: list[Told] = told(History(pathway=part.facts, milestones=tuple(part.rows)))
        self.waits = list(self._waits())
        last = next((h.kind for h in reversed(self.found) if h.kind in ("withdrawn", "reopened")), None)
        self.withdrawn = last == "withdrawn"

    def area(self, at: datetime) -> str:
        """The area that had it at an instant: each accepted transfer says which one it came from."""
        moves = self.of("transfer_accepted")
        for h in moves:
            if at < h.at:
                return str(h.detail.get("from_area") or self.part.area)
        return self.part.area

    def area_by_end_of(self, day: date) -> str:
        """The area that had it when a local day ended: a move of which the day alone is known was made by then."""
        for h in self.of("transfer_accepted"):
            if h.day > day:
                return str(h.detail.get("from_area") or self.part.area)
        return self.part.area

    def area_of(self, wait: Wait) -> str:
        """The area that had it when a wait ended."""
        return self.area_when(wait.start if wait.end is None or wait.end.at < wait.start.at else wait.end)

    def area_when(self, h: Happening) -> str:
        """The area that had it when something happened: at one instant by the order of what happened."""
        later = [e for e in self.found[self.found.index(h) :] if e.kind == "transfer_accepted"]
        return str(later[0].detail.get("from_area") or self.part.area) if later else self.part.area

    def of(self, *kinds: str) -> list[Happening]:
        return [h for h in self.found if h.kind in kinds]

    def contacts(self) -> Iterator[tuple[Happening, Happening | None]]:
        """What the front door was asked to decide, from when until when, as docs/measures.md lists it.

        Whoever closes over an undecided one ends it undecided, and its clock runs on: until somebody decides or another
        area accepts the child, whatever arrives and however often the case is opened again, it is the same contact.
        """
        asked: Happening | None = None
        decided = sent = owed = False
        for place, h in enumerate(self.found):
            anew = h.kind in _ANEW
            decision = h.kind == "contact_decided" and h.outcome != "sent_to_right_area"
            if asked is not None and (decision or h.kind in ("transfer_accepted", "closed", "withdrawn")):
                yield asked, h
                asked, owed = None, h.kind == "closed"
            owed = owed and not decision and h.kind not in ("transfer_accepted", "withdrawn")
            decided = decision or (decided and not anew and h.kind != "early_help_declined")
            asks = (
                h.kind == "notice_received"
                or (h.kind in ("notice_shared", "transfer_accepted") and not self._receipt_about(place))
                or (h.kind == "reopened" and sent)
                or h.kind == "early_help_declined"
            )
            if asked is None and asks and not decided and not owed:
                asked = h
            sent = sent or h.kind in ("notice_shared", "notice_received")
        if asked is not None:
            yield asked, None

    def _receipt_about(self, place: int) -> bool:
        """Whether a receipt is known between the last opening, move or withdrawal up to here and the next."""
        cuts = [n for n, h in enumerate(self.found) if h.kind in _ANEW]
        since = max((n for n in cuts if n <= place), default=0)
        until = min((n for n in cuts if n > place), default=len(self.found))
        return any(h.kind == "notice_received" for h in self.found[since:until])

    def without_a_worker(self) -> Happening | None:
        """Since when it has been accepted without a named worker, now.

        What begins after the case was closed begins anew; but who leaves a closed case leaves nobody without a worker.
        """
        since: Happening | None = None
        done = over = False
        for h in self.found:
            if h.kind in ("closed", "stepped_down", "withdrawn"):
                since, done, over = None, False, True
            elif h.kind in ("reopened", "transfer_accepted"):
                done = over = False
            elif h.kind == "allocated":
                since, done, over = None, True, False
            elif h.kind == "allocation_ended":
                since = since or (None if over else h)
                done = done and over
            elif not done and (h.kind == "referral_accepted" or h.outcome in REFERRED):
                since = since or h
        return since

    def accepted_though_withdrawn(self) -> bool:
        gone = False
        for h in self.found:
            gone = h.kind == "withdrawn" or (gone and h.kind != "reopened")
            if gone and (h.kind in ("referral_accepted", "allocation_ended") or h.outcome in REFERRED):
                return True
        return False

    def asked(self, begins: Callable[[Happening], bool], *answers: str) -> Iterator[tuple[Happening, Happening | None]]:
        """Since when something was asked for that may be asked for again, and what ended that: an answer or a closing.

        An answer before the first asking is that one's; asked again after an answer, or after the case was closed,
        opened again or moved, it is asked anew.
        """
        start: Happening | None = None
        begun = done = owed = False
        for h in self.found:
            if start is not None and h.kind in (*_OVER, *answers):
                yield start, h
            if h.kind in ("closed", "stepped_down"):
                owed = owed or start is not None
                begun = done = False
            elif h.kind in _ANEW:
                begun = done = False
            elif h.kind in answers:
                begun, done, owed = begun or owed or start is not None, True, False
            if h.kind in (*_OVER, *answers):
                start = None
            elif start is None and begins(h):
                start = h if begun or not done else None
                begun = True
        if start is not None:
            yield start, None

    def clock(self, *standards: str) -> list[Told]:
        return [clock for clock in self.clocks if clock.standard in standards and clock.rules]

    def _waits(self) -> Iterator[Wait]:
        running: Wait | None = None
        last, early = None, [h for h in self.found if _ends_waiting(h)]
        for h in self.found:
            begins = (
                (h.kind == "police_aware" and last is None)
                or (h.kind == "reopened" and last is not None)
                or (h.kind == "notice_shared" and last is not None and last.end is not None
                    and last.end.kind == "notice_not_shared")
            )  # fmt: skip
            if running is None and begins:
                running = last = Wait(h, again=last is not None)
                before = [e for e in early if self.found.index(e) < self.found.index(h)]
                if not running.again and before:
                    running.end = before[-1]
            elif running is not None and _ends_waiting(h):
                running.end = h
            if running is not None and running.end is not None:
                yield running
                running = None
        if running is not None:
            yield running


def _ends_waiting(h: Happening) -> bool:
    if h.kind == "contact_decided":
        return h.outcome != "sent_to_right_area"
    return h.kind in ("strategy_held", "child_seen", "notice_not_shared", "withdrawn")


def cause(h: Happening) -> str:
    return h.outcome or h.kind if h.kind == "contact_decided" else h.kind
