"""Pure: what a promise must say, when it is overdue, and whether its figure has moved."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from schema.vocabulary import AGENCIES
from service.errors import Wrong
from service.reports.plans.figures import ALL

#: Who makes promises, and who comments besides.
MAKERS: Final = ("senior_leader", "mash_manager")
COMMENTERS: Final = ("board_member", *MAKERS)
#: Who may own a promise: they see and answer theirs.
OWNERS: Final = (*MAKERS, "team_manager", "conference_service", "out_of_hours", "partner", "police_liaison")
LONGEST: Final = 2_000
#: A promise is for the next meetings of a board, not for somebody's successor.
MOST_DAYS: Final = 730
Status = Literal["open", "done", "withdrawn"]
Kind = Literal["note", "done", "withdrawn", "reopened"]
Text = Annotated[str, Meta(max_length=LONGEST)]
_Short = Annotated[str, Meta(max_length=120)]


class NewPromise(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be done, which figure it should move, who does it, for which agency, by when: all of it required.

    ``finding`` is what in the report it answers, if anything. ``figure`` and ``group`` name a figure of the report.
    """

    area: _Short = ""
    what: Text = ""
    figure: _Short = ""
    group: _Short = ALL
    owner: UUID | None = None
    agency: _Short = ""
    due_on: date | None = None
    finding: Text = ""


class Change(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another day, owner or agency; what is left out stays. ``reason`` is kept with it."""

    due_on: date | None = None
    owner: UUID | None = None
    agency: _Short | None = None
    reason: Text = ""


class Answer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A note on progress, or the end of a promise: done, or withdrawn with the reason."""

    kind: Kind
    text: Text = ""


class NewComment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody's own words on the report of a period, or on one figure of it."""

    area: _Short = ""
    first_day: date
    last_day: date
    text: Text = ""
    figure: _Short | None = None


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """A promise as it stands, with its figure as it was when it was made.

    ``said_then`` is exact, ``told_then`` what somebody may read who sees figures and no child.
    """

    id: UUID
    area: str
    what: str
    finding: str
    figure: str
    figure_group: str
    value_then: float | None
    said_then: str
    told_then: str
    first_day: date
    last_day: date
    then_at: datetime
    owner: UUID
    owner_name: str
    agency: str
    due_on: date
    status: Status
    ended_at: datetime | None
    version: int
    created_at: datetime
    created_by: UUID
    created_by_name: str

    def overdue(self, today: date) -> bool:
        """Whether its last day has passed and it is still open."""
        return self.status == "open" and self.due_on < today


def order(promises: Sequence[Promise], today: date) -> list[Promise]:
    """Overdue ones first, the longest first; then open ones by their day; then what is over, the newest first."""
    going = sorted((each for each in promises if each.status == "open"), key=lambda each: (each.due_on, each.id))
    over = sorted((each for each in promises if each.status != "open"), key=lambda each: each.ended_at or each.then_at)
    late = [each for each in going if each.overdue(today)]
    return [*late, *(each for each in going if each not in late), *reversed(over)]


def wrong_with(new: NewPromise, today: date) -> list[Wrong]:
    """Every field of a promise that is missing or cannot be."""
    found = _text("what", new.what, "Say what will be done.")
    if not new.figure:
        found.append(Wrong("figure", "nothing", "a figure of the report", "Choose the figure that it should move."))
    if new.owner is None:
        found.append(Wrong("owner", "nothing", "a person", "Choose who will do it."))
    return [*found, *_agency(new.agency), *_due(new.due_on, today), *_plain("finding", new.finding)]


def wrong_with_change(change: Change, today: date) -> list[Wrong]:
    """Every field of a change that is missing or cannot be."""
    found = _text("reason", change.reason, "Say why it changes.")
    if change.due_on is None and change.owner is None and change.agency is None:
        found.append(Wrong("due_on", "nothing", "something that changes", "Give another day, owner or agency."))
    if change.agency is not None:
        found.extend(_agency(change.agency))
    return [*found, *(_due(change.due_on, today) if change.due_on is not None else [])]


def wrong_with_answer(answer: Answer) -> list[Wrong]:
    """Every answer needs words: a board reads them."""
    helps = {
        "note": "Say how far it is.",
        "done": "Say what was done.",
        "withdrawn": "Say why it is withdrawn.",
        "reopened": "Say why it is open again.",
    }
    return _text("text", answer.text, helps[answer.kind])


def wrong_with_comment(comment: NewComment) -> list[Wrong]:
    """Every field of a comment that is missing or cannot be."""
    found = [*_text("text", comment.text, "Write your comment."), *_plain("figure", comment.figure or "")]
    if comment.last_day < comment.first_day:
        expected = f"a day not before {comment.first_day.isoformat()}"
        found.append(Wrong("last_day", comment.last_day.isoformat(), expected, "Give the report's period."))
    return found


def moved(then: float | None, now: float | None, *, fewer: bool) -> Literal["better", "worse", "same", "not known"]:
    """Whether a figure has moved the way it should. It says nothing about chance."""
    if then is None or now is None:
        return "not known"
    if then == now:
        return "same"
    return "better" if (now < then) == fewer else "worse"


def _text(field: str, text: str, help_: str) -> list[Wrong]:
    if not text.strip():
        return [Wrong(field, "nothing", "some words", help_)]
    return _plain(field, text)


def _plain(field: str, text: str) -> list[Wrong]:
    if any(not each.isprintable() and each not in "\t\r\n" for each in text):
        return [Wrong(field, "characters that cannot be shown", "plain text", "Type it again.")]
    return []


def _agency(agency: str) -> list[Wrong]:
    if agency in AGENCIES:
        return []
    return [Wrong("agency", agency or "nothing", " or ".join(AGENCIES), "Choose the agency that answers for it.")]


def _due(day: date | None, today: date) -> list[Wrong]:
    if day is None:
        return [Wrong("due_on", "nothing", "a day", "Give the day by which it will be done.")]
    if day < today or (day - today).days > MOST_DAYS:
        return [Wrong("due_on", day.isoformat(), "a day from today, within two years", "Give a day that is to come.")]
    return []
