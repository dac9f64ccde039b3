"""Pure rules of the history file: a row as milestones, milestones as a row, and what a later row changes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import msgspec

from schema.spine import Milestone
from service.children.rules import normal_name
from service.exchange.history import HistoryRow
from service.intake.books.rules import REPEATABLE, UNTIMED, Fact, agrees
from service.intake.files.parse.outcomes import Reason
from service.intake.files.parse.times import Moment

SOURCE: Final = "history_file"
#: A discussion is quorate when these three took part (Working Together).
QUORUM: Final = frozenset({"childrens_social_care", "police", "health"})
#: What a decision needs and the file has no column for.
NOT_RECORDED: Final = {"not_recorded": ["decided_by", "rationale", "history_considered"]}
#: Details of a milestone that are columns of the file; the rest is not compared.
COMPARED: Final = ("agencies_present", "conference_required")

#: The file's columns of times, and the milestone that each is.
KIND_OF: Final[Mapping[str, str]] = {
    "incident_at": "incident_occurred",
    "police_attended_at": "police_attended",
    "notice_submitted_at": "notice_submitted",
    "notice_shared_at": "notice_shared",
    "notice_received_at": "notice_received",
    "notice_not_shared_at": "notice_not_shared",
    "school_notified_at": "school_notified",
    "contact_decided_at": "contact_decided",
    "referral_at": "referral_accepted",
    "allocated_at": "allocated",
    "strategy_requested_at": "strategy_requested",
    "strategy_held_at": "strategy_held",
    "s47_started_at": "enquiry_started",
    "child_seen_at": "child_seen",
    "s47_completed_at": "enquiry_completed",
    "icpc_held_at": "conference_held",
}
#: Columns that are outcomes of the milestone of another column.
OUTCOME_OF: Final[Mapping[str, str]] = {
    "contact_outcome": "contact_decided",
    "s47_type": "enquiry_started",
    "notice_not_shared_reason": "notice_not_shared",
    "risk_grade": "risk_graded",
}
KINDS: Final = (*KIND_OF.values(), "risk_graded")
_TEXT_OF_DISABILITY: Final = {True: "yes", False: "no"}
_NO_DISABILITY: Final = frozenset({"no", "none"})
#: The scene of the grade: where the officer gave it, as far as the file says.
_SCENES: Final = ("police_attended_at", "notice_submitted_at", "incident_at")


class ChildFields(msgspec.Struct, frozen=True, kw_only=True):
    """What the file says of a child; None is not said."""

    local_reference: str | None = None
    family_name: str | None = None
    given_names: str | None = None
    date_of_birth: date | None = None
    expected_date_of_birth: date | None = None
    sex: str | None = None
    ethnicity: str | None = None
    disability: str | None = None

    @property
    def normal_name(self) -> str:
        """Names as identity compares them."""
        return normal_name(self.family_name or "", self.given_names or "")

    def said(self) -> dict[str, Any]:
        """The fields that are said."""
        found = msgspec.structs.asdict(self)
        return {name: value for name, value in found.items() if value is not None}


def child_of(row: HistoryRow) -> ChildFields:
    """What a row says of the child."""
    return ChildFields(
        local_reference=row.child_reference,
        family_name=row.family_name,
        given_names=row.given_names,
        date_of_birth=row.date_of_birth,
        expected_date_of_birth=row.expected_date_of_birth,
        sex=row.sex,
        ethnicity=row.ethnicity,
        disability=None if row.disability is None else _TEXT_OF_DISABILITY[row.disability],
    )


def child_changes(stored: Mapping[str, Any], said: ChildFields) -> dict[str, Any]:
    """Fields whose value is another one now. Blank says nothing, and "sex unknown" neither."""
    changes = {}
    for name, value in said.said().items():
        known = stored.get(name)
        if name == "disability" and known is not None:
            known = _TEXT_OF_DISABILITY[known.casefold() not in _NO_DISABILITY]
        if known != value and not (name == "sex" and value == "U"):
            changes[name] = value
    return changes


def wrong_with(row: HistoryRow) -> list[Reason]:
    """What keeps a readable row from being taken."""
    if row.risk_grade is not None and _scene(row) is None:
        return [
            Reason(
                "risk_grade",
                "risk_grade",
                row.risk_grade,
                "risk_grade is given without any time. Say when police attended.",
            )
        ]
    return []


def facts_of(row: HistoryRow) -> list[Fact]:
    """The milestones that a row tells.

    A decision has no decider and no rationale in the file: it is taken, and says so.
    ``icpc_required`` is kept on the enquiry; "no" ends the wait for a conference when it is completed.
    """
    facts = []
    for column, kind in KIND_OF.items():
        moment: Moment | None = getattr(row, column)
        if moment is not None:
            outcome, detail = _more(kind, row)
            facts.append(_fact(kind, moment, outcome, detail))
    scene = _scene(row)
    if row.risk_grade is not None and scene is not None:
        facts.append(_fact("risk_graded", scene, row.risk_grade, {"by": "officer"}))
    return facts


def _more(kind: str, row: HistoryRow) -> tuple[str | None, dict[str, Any]]:
    if kind == "contact_decided":
        return row.contact_outcome, dict(NOT_RECORDED)
    if kind == "notice_not_shared":
        return row.notice_not_shared_reason, {"not_recorded": ["decided_by", "text"]}
    if kind == "strategy_held":
        detail: dict[str, Any] = {"initiates_enquiry": True} if row.s47_started_at else {}
        if not row.strategy_agencies_present:
            return None, detail
        present = list(row.strategy_agencies_present)
        return "quorate" if set(present) >= QUORUM else "not_quorate", {**detail, "agencies_present": present}
    if kind == "enquiry_started":
        required = {} if row.icpc_required is None else {"conference_required": _yes_no(row.icpc_required)}
        return row.s47_type, required
    return None, {}


def _yes_no(value: object) -> str | None:
    return {True: "yes", False: "no", "yes": "yes", "no": "no"}.get(value) if isinstance(value, bool | str) else None


def _scene(row: HistoryRow) -> Moment | None:
    known: list[Moment] = [moment for column in (*_SCENES, *KIND_OF) if (moment := getattr(row, column)) is not None]
    return known[0] if known else None


def _fact(kind: str, moment: Moment, outcome: str | None, detail: dict[str, Any]) -> Fact:
    on = moment.on if moment.at is None else None
    return Fact(kind=kind, at=moment.at, on=on, precision=moment.precision, outcome=outcome, detail=detail)


class Changed(msgspec.Struct, frozen=True):
    """A milestone that stands, and all that it should say now."""

    old: Milestone
    fact: Fact


def changes(standing: Iterable[Milestone], facts: Sequence[Fact]) -> tuple[list[Fact], list[Changed]]:
    """What is new, and what is another value than the one that stands.

    Of a kind that may stand several times (a second discussion) only what came by a history file
    is corrected; beside what people recorded, another time is another event.
    """
    stands: dict[str, list[Milestone]] = {}
    for milestone in in_order(standing):
        stands.setdefault(milestone.kind, []).append(milestone)
    new: list[Fact] = []
    changed: list[Changed] = []
    for fact in facts:
        known = stands.get(fact.kind, [])
        if any(_says(milestone, fact) for milestone in known):
            continue
        ours = [milestone for milestone in known if milestone.source == SOURCE]
        if not known or (fact.kind in REPEATABLE and not ours and not any(agrees(fact, each) for each in known)):
            new.append(fact)
        else:
            like = [milestone for milestone in known if agrees(fact, milestone)]
            old = (like or ours or known)[0]
            changed.append(Changed(old, _corrected(old, fact)))
    return new, changed


def _corrected(old: Milestone, fact: Fact) -> Fact:
    """What the file says, and of what it does not say what stands."""
    same_time = agrees(msgspec.structs.replace(fact, outcome=None), old)
    kept = same_time and (fact.kind in UNTIMED or fact.at is None or old.at is not None)
    return msgspec.structs.replace(
        fact,
        at=old.at if kept else fact.at,
        on=old.on if kept else fact.on,
        precision=old.precision if kept else fact.precision,
        outcome=fact.outcome if fact.outcome is not None else old.outcome,
        detail=old.detail | {key: value for key, value in fact.detail.items() if key != "not_recorded"},
    )


def _says(milestone: Milestone, fact: Fact) -> bool:
    """Whether a milestone says all that the file does."""
    if not agrees(fact, milestone) or (fact.outcome is not None and milestone.outcome is None):
        return False
    if fact.at is not None and milestone.at is None and fact.kind not in UNTIMED:
        return False
    return all(_same(milestone.detail.get(key), fact.detail[key]) for key in COMPARED if key in fact.detail)


def _same(stored: object, said: object) -> bool:
    return stored == said or (isinstance(stored, bool) and _yes_no(stored) == said)


def in_order(milestones: Iterable[Milestone]) -> list[Milestone]:
    """Milestones in time, those known by the day at its start."""
    return sorted(milestones, key=lambda m: (m.on or (m.at.date() if m.at else date.min), _instant(m), m.id))


def _instant(milestone: Milestone) -> float:
    return milestone.at.timestamp() if milestone.at else 0.0


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """A pathway as the export finds it: the incident, the child, and the current milestones."""

    reference: str
    area: str
    district: str | None
    child: Mapping[str, Any]
    milestones: Sequence[Milestone]


def row_of(stored: Stored) -> HistoryRow:
    """The row of the file that tells a pathway; of a kind that stands several times, the first."""
    first: dict[str, Milestone] = {}
    for milestone in in_order(stored.milestones):
        first.setdefault(milestone.kind, milestone)
    values: dict[str, Any] = {column: _moment(first[kind]) for column, kind in KIND_OF.items() if kind in first}
    values |= {column: first[kind].outcome for column, kind in OUTCOME_OF.items() if kind in first}
    if "strategy_held" in first:
        values["strategy_agencies_present"] = tuple(first["strategy_held"].detail.get("agencies_present") or ())
    enquiry = [first[kind].detail for kind in ("enquiry_started", "enquiry_completed") if kind in first]
    required = next((said for detail in enquiry if (said := _yes_no(detail.get("conference_required")))), None)
    child = stored.child
    return HistoryRow(
        police_reference=stored.reference,
        area_code=stored.area,
        police_district=stored.district,
        child_reference=child["local_reference"],
        family_name=child["family_name"] or None,
        given_names=child["given_names"] or None,
        date_of_birth=child["date_of_birth"],
        expected_date_of_birth=child["expected_date_of_birth"],
        sex=child["sex"],
        icpc_required=None if required is None else required == "yes",
        ethnicity=child["ethnicity"],
        disability=None if child["disability"] is None else child["disability"].casefold() not in _NO_DISABILITY,
        **values,
    )


def _moment(milestone: Milestone) -> Moment:
    if milestone.at is None:
        return Moment(milestone.on or date.min, "day")
    return Moment(milestone.at.date(), "second", milestone.at)


def hours(waits: Iterable[tuple[datetime, datetime | None]], now: datetime) -> str:
    """The hours of these stretches together, to a tenth; blank where there is none."""
    found = [(until or now) - since for since, until in waits]
    return f"{sum(length.total_seconds() for length in found) / 3600:.1f}" if found else ""
