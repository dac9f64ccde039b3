"""Pure rules of a notice: what is wrong with it, and what it says as arrivals."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from schema.notices import Notice, NoticeChild, When
from schema.spine import ClockRow
from schema.vocabulary import Precision
from service.errors import Wrong
from service.intake.books.rules import Arrival, ChildSaid, Fact
from service.pathways.rules import OLDEST
from service.timepiece import minute_of

_LONDON: Final = ZoneInfo("Europe/London")
_FUTURE: Final = timedelta(minutes=5)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
#: The moments of a notice in the order in which they happen.
MOMENTS: Final = (
    "incident_occurred",
    "police_reported",
    "police_attended",
    "notice_submitted",
    "notice_shared",
    "notice_received",
)
NAMES: Final = {
    "incident_occurred": "the incident",
    "police_reported": "the report to police",
    "police_attended": "police attending",
    "notice_submitted": "the officer's record",
    "notice_shared": "sharing with social care",
    "notice_received": "receipt",
}
#: Nothing on our books is older: an earlier year is a slip of the keyboard.
_OLDEST: Final = timedelta(days=366 * 20)
#: Nobody is expected to be born later than this.
_UNBORN: Final = timedelta(days=366)


def reference_of(notice: Notice) -> str:
    """The police reference as identity knows it, with single spaces: the same typed, pushed and in a file."""
    return " ".join(notice.reference.split())


def wrong_with(notice: Notice, now: datetime, areas: dict[str, str], forces: dict[str, str]) -> list[Wrong]:
    """Everything that is wrong with a notice, field by field; empty when it can be logged.

    Args:
        notice: as decoded.
        now: the present instant.
        areas: codes and names of the areas that the actor may log for.
        forces: codes and names of the forces known.
    """
    found = []
    if not reference_of(notice):
        found.append(Wrong("reference", "nothing", "the police reference", "Enter the police reference."))
    found.extend(_control_characters(notice))
    if notice.force not in forces:
        found.append(Wrong("force", notice.force, " or ".join(sorted(forces)), "Choose one of the forces."))
    if notice.area not in areas:
        expected = ", ".join(f"{code} ({name})" for code, name in sorted(areas.items()))
        found.append(Wrong("area", notice.area, expected, "Choose one of your areas."))
    for moment in MOMENTS:
        when: When | None = getattr(notice, moment)
        if when is not None:
            found.extend(_wrong_time(moment, when, now))
    if notice.police_attended is None and notice.police_reported is None:
        found.append(
            Wrong(
                "police_attended",
                "nothing",
                "when police attended, or when it was reported to them",
                "Enter when police attended.",
            )
        )
    found.extend(_wrong_children(notice, now))
    if not found and not notice.order_confirmed:
        found.extend(_out_of_order(notice))
    return found


def _control_characters(notice: Notice) -> list[Wrong]:
    return [
        Wrong(field, ascii(text)[:80], "text without control characters", "Type it again.")
        for field, text in _texts(msgspec.to_builtins(notice))
        if _CONTROL.search(text)
    ]


def _texts(value: object, at: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a body, with where it stands."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _texts(each, f"{at}.{name}" if at else name)
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _texts(each, f"{at}[{number}]")


def _wrong_time(field: str, when: When, now: datetime) -> list[Wrong]:
    if (when.at is None) == (when.on is None):
        got = "both a time and a day" if when.at else "neither"
        return [Wrong(field, got, "a time (`at`) or a day (`on`)", "Give one of them.")]
    if when.at is not None and when.precision == "day":
        return [Wrong(f"{field}.precision", "day", "a day in `on`", "Give the day without a time.")]
    if when.on is not None and when.precision not in (None, "day"):
        return [Wrong(f"{field}.precision", str(when.precision), "day", "A day has day precision.")]
    got = (when.at.isoformat() if when.at else None) or str(when.on)
    if (when.at and when.at > now + _FUTURE) or (when.on and when.on > now.astimezone(_LONDON).date()):
        return [Wrong(field, got, "a time that has passed", f"Check when {NAMES[field]} was: this lies ahead.")]
    oldest = now - _OLDEST
    if (when.at and when.at < oldest) or (when.on and when.on < oldest.date()):
        return [Wrong(field, got, "a time of the last 20 years", "Check the year.")]
    return []


def _wrong_children(notice: Notice, now: datetime) -> list[Wrong]:
    if not notice.children:
        if notice.no_child_reason is None:
            return [
                Wrong(
                    "children",
                    "none",
                    "at least one child, or why none is named",
                    "Add a child, or say why no child is named.",
                )
            ]
        return []
    found = []
    if notice.no_child_reason is not None:
        found.append(Wrong("no_child_reason", notice.no_child_reason, "nothing", "Children are named."))
    seen: dict[object, int] = {}
    for number, child in enumerate(notice.children):
        field = f"children[{number}]"
        unborn = child.involvement == "unborn" or child.expected_date_of_birth is not None
        if not (child.family_name.strip() or child.given_names.strip()) and child.child is None:
            found.append(Wrong(f"{field}.family_name", "nothing", "a name", "Enter the child's name."))
        if unborn and child.date_of_birth is not None:
            found.append(
                Wrong(
                    f"{field}.date_of_birth",
                    str(child.date_of_birth),
                    "no date of birth for an unborn child",
                    "Use the expected date of birth.",
                )
            )
        day = child.date_of_birth or child.expected_date_of_birth
        if day and not OLDEST.date() < day < (now + _UNBORN).date():
            name = "date_of_birth" if child.date_of_birth else "expected_date_of_birth"
            found.append(Wrong(f"{field}.{name}", str(day), "a day of this time", "Check the year."))
        elif child.date_of_birth and child.date_of_birth > now.astimezone(_LONDON).date():
            found.append(
                Wrong(
                    f"{field}.date_of_birth",
                    str(child.date_of_birth),
                    "a day that has passed",
                    "For an unborn child use the expected date of birth.",
                )
            )
        said = child_said(child)
        key = (said.normal_name, child.date_of_birth, child.child)
        if key in seen and not unborn:
            found.append(
                Wrong(
                    f"{field}.given_names",
                    child.given_names,
                    "each child once",
                    f"This is the same child as number {seen[key] + 1}.",
                )
            )
        seen.setdefault(key, number)
    return found


def _out_of_order(notice: Notice) -> list[Wrong]:
    """Times in an impossible order are asked about, not refused: `order_confirmed` lets them in."""
    found = []
    before: list[tuple[str, When]] = []
    for moment in MOMENTS:
        when: When | None = getattr(notice, moment)
        if when is None or (when.at is None and when.on is None):
            continue
        later = next((each for each in reversed(before) if _is_before(when, each[1])), None)
        if later is None:
            before.append((moment, when))
            continue
        found.append(
            Wrong(
                moment,
                _shown(when),
                f"not before {NAMES[later[0]]} ({_shown(later[1])})",
                "Correct the time, or confirm that both are right (`order_confirmed`).",
            )
        )
    return found


def _is_before(when: When, other: When) -> bool:
    """Whether ``when`` is certainly the earlier: a day is before another day, a minute before another minute."""
    if when.at is not None and other.at is not None:
        return when.at < (minute_of(other.at) if when.precision == "minute" else other.at)
    return _day(when) < _day(other)


def _day(when: When) -> date:
    return when.on or (when.at.astimezone(_LONDON).date() if when.at else date.max)


def _shown(when: When) -> str:
    return (when.at or _day(when)).isoformat()


def child_said(child: NoticeChild) -> ChildSaid:
    """A notice's child as the books know children."""
    return ChildSaid(
        family_name=child.family_name.strip(),
        given_names=child.given_names.strip(),
        date_of_birth=child.date_of_birth,
        expected_date_of_birth=child.expected_date_of_birth,
        sex=child.sex,
        ethnicity=child.ethnicity,
        disability=child.disability,
        local_reference=child.local_reference,
        school=child.school,
        school_status=child.school_status or ("at_school" if child.school else None),
        confidential_address=child.confidential_address,
        safe_contact=child.safe_contact,
    )


def _fact(kind: str, when: When, *, shared: str | None) -> Fact:
    precision: Precision = when.precision or ("day" if when.on else "minute")
    at = when.at.replace(microsecond=0) if when.at else None
    return Fact(kind=kind, at=at, on=when.on, precision=precision, shared=shared)


def arrivals(notice: Notice, source: str) -> list[Arrival]:
    """What a notice says, child by child.

    A notice without a time of receipt that a coordinator types was received by the time it is
    typed; that is the caller's to say, not this function's. Grades and what was seen at the scene
    happened when police attended, or when it was reported to them.
    """
    scene = notice.police_attended or notice.police_reported
    if scene is None:
        raise ValueError("a notice without police awareness is refused before it gets here")
    whole = [
        _fact(moment, when, shared="incident" if moment != "notice_received" else None)
        for moment in MOMENTS
        if (when := getattr(notice, moment)) is not None
    ]
    if notice.grade != "ungraded":
        whole.append(
            _at_scene(
                scene,
                "risk_graded",
                notice.grade,
                {"by": "officer", "rationale": notice.grade_rationale},
            )
        )
    if notice.urgent_for_child is not None:
        whole.append(
            _at_scene(
                scene,
                "urgent_for_child",
                None,
                {"reason": notice.urgent_for_child.reason, "by": notice.urgent_for_child.by},
            )
        )
    return [
        Arrival(
            force=notice.force,
            reference=reference_of(notice),
            area=notice.area,
            district=notice.district,
            summary=notice.summary or None,
            child=child_said(child),
            facts=(*whole, *_seen(child, scene)),
            source=source,
            involvement=child.involvement,
            known_child=child.child,
        )
        for child in notice.children
    ]


def _at_scene(when: When, kind: str, outcome: str | None, detail: dict[str, str]) -> Fact:
    base = _fact(kind, when, shared="incident")
    return Fact(
        kind=kind,
        at=base.at,
        on=base.on,
        precision=base.precision,
        outcome=outcome,
        detail={key: value for key, value in detail.items() if value},
        shared="incident",
    )


def _seen(child: NoticeChild, scene: When) -> list[Fact]:
    if child.seen_at_scene is None and not child.said_or_showed:
        return []
    detail = {"why_not": child.not_seen_because, "said_or_showed": child.said_or_showed}
    fact = _at_scene(scene, "seen_at_scene", child.seen_at_scene, detail)
    return [
        Fact(
            kind=fact.kind,
            at=fact.at,
            on=fact.on,
            precision=fact.precision,
            outcome=fact.outcome,
            detail=fact.detail,
        )
    ]


def next_due(clocks: Iterable[ClockRow]) -> tuple[str, datetime, bool] | None:
    """The earliest open due time, as `pathways.store.next_due` reads it: standard, instant, whether it ends a day."""
    open_ones = (
        (clock.due_at, clock.standard, clock.end_of_day)
        for clock in clocks
        if clock.standing == "ok" and clock.rules and clock.stopped_at is None and clock.due_at is not None
    )
    due, standard, end_of_day = min(open_ones, default=(None, "", False))
    return None if due is None else (standard, due, end_of_day)
