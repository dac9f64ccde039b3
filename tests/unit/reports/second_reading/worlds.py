"""Random small partnerships: children, incidents they share, plausible courses, disturbed as records are in fact."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import msgspec

from schema.spine import PathwayFacts
from schema.vocabulary import AGENCIES, CONFERENCE_DELAY_REASONS, CONTACT_OUTCOMES, GRADES, NOT_SHARED_REASONS
from service.pathways.store import Subject
from service.reports.measures.counting import Books
from service.reports.measures.rules import records
from service.reports.measures.rules.records import Key
from service.reports.measures.store import Described
from tests.fixtures.histories import shipped
from tests.fixtures.oracle.counting import day_end, wall
from tests.unit.reports.second_reading.making import AREAS, DAY, HOUR, MINUTE, Maker, Part, World

_ETHNICITIES = ("WBRI", "APKN", "MWBC", "BCRB", "OOTH", "CHNE", "NOBT", "REFU", "", None)
_DISABILITIES = ("yes", "no", "MOB", "", None)


def world(random: Random) -> World:
    """One partnership and one question."""
    now = datetime(2026, 11, 22, 12, tzinfo=UTC) - random.choice((0, 1, 9, 40, 100)) * DAY
    now -= random.randrange(0, 1440) * MINUTE
    if random.random() < 0.1:
        now = day_end(wall(now).date())
    maker = Maker(random, now)
    children = [_child(maker) for _ in range(random.choice((1, 2, 3, 5)))]
    parts: list[Part] = []
    for _ in range(random.choice((1, 2, 3, 6))):
        parts += _incident(maker, children)
    for part in parts:
        part.rows = sorted(
            (row for row in part.rows if row.recorded_at <= now), key=lambda row: (row.recorded_at, row.id)
        )
    today = wall(now).date()
    last = today - random.choice((0, 0, 1, 7, 30)) * DAY
    first = last - random.choice((0, 6, 30, 91, 200)) * DAY
    return World([part for part in parts if part.rows], now, first, last)


def _child(maker: Maker) -> dict[str, Any]:
    random = maker.random
    born = random.choice(
        (None, date(2026, 8, 1), date(2024, 3, 2), date(2018, 9, 9), date(2012, 1, 1), date(2009, 6, 1))
    )
    return {
        "child": maker.id(),
        "born": born,
        "expected": date(2027, 1, 5) if born is None and maker.chance(0.5) else None,
        "sex": random.choice(("F", "M", "U")),
        "ethnicity": random.choice(_ETHNICITIES),
        "disability": random.choice(_DISABILITIES),
        "school": random.choice(("at_school", "at_school", "home_educated", "unknown", "not_of_school_age")),
    }


def _incident(maker: Maker, children: list[dict[str, Any]]) -> list[Part]:
    random = maker.random
    incident, district = maker.id(), random.choice(("Wigan", "Leigh", ""))
    coverage = "all_notices" if maker.chance(0.97) else "shared_only"
    parts = []
    for said in random.sample(children, random.randint(1, min(3, len(children)))):
        identity, area = maker.id(), AREAS[maker.chance(0.15)]
        facts = PathwayFacts(
            id=identity,
            area=area,
            force="06",
            involvement="unborn" if said["expected"] else "in_the_property",
            date_of_birth=said["born"],
            expected_date_of_birth=said["expected"],
            school_status=said["school"],
            coverage=coverage,
        )
        parts.append(
            Part(
                identity,
                said["child"],
                incident,
                area,
                district,
                coverage,
                said["sex"],
                said["ethnicity"],
                said["disability"],
                facts,
            )
        )
    at = maker.now - random.randrange(0, 190 * 1440) * MINUTE
    named = parts if maker.chance(0.85) else parts[:1]
    _police(maker, named, at)
    for part in parts:
        if part not in named:
            _police(maker, [part], at, submitted=maker.later(maker.later(at)))
    _decide(maker, parts)
    for part in parts:
        for _ in range(random.choice((0, 0, 0, 1, 3))):
            maker.correct(parts, part)
        for _ in range(random.choice((0, 0, 0, 0, 1, 2))):
            _disturb(maker, part)
        if maker.chance(0.08):
            _open_again(maker, part)
    if maker.chance(0.06):
        _import(maker, parts)
    if maker.chance(0.06):
        parts.append(_written_down_twice(maker, random.choice(parts)))
    return parts


def _open_again(maker: Maker, part: Part) -> None:
    """Closed in the midst of it, and opened again, perhaps at once."""
    for _ in range(maker.random.choice((1, 1, 2))):
        if part.rows:
            at = maker.later(maker.random.choice(part.rows).recorded_at.replace(second=0))
            maker.tell([part], maker.random.choice(("closed", "stepped_down")), at)
            maker.tell([part], "reopened", maker.later(at))


def _import(maker: Maker, parts: list[Part]) -> None:
    """All of it from a file, on one day: old discussions have no record of their own."""
    told = [row.recorded_at for part in parts for row in part.rows]
    for part in parts:
        part.rows = [
            msgspec.structs.replace(
                row,
                source="history_file",
                recorded_at=max(told),
                detail={name: said for name, said in row.detail.items() if name != "discussion"},
            )
            for row in part.rows
            if row.supersedes is None
        ]


def _written_down_twice(maker: Maker, part: Part) -> Part:
    """The same child in the same incident by another record, which was withdrawn before the two were put together."""
    identity = maker.id()
    facts = msgspec.structs.replace(part.facts, id=identity)
    copy = replace(part, pathway=identity, facts=facts, rows=[])
    for row in part.rows[: maker.random.randint(1, 6)]:
        if row.kind != "transfer_accepted" and row.supersedes is None:
            number = maker.id()
            copy.rows.append(msgspec.structs.replace(row, id=number, root=number))
    if copy.rows:
        maker.tell([copy], "withdrawn", maker.later(max(row.recorded_at for row in copy.rows).replace(second=0)))
    return copy


def _police(maker: Maker, parts: list[Part], at: datetime, submitted: datetime | None = None) -> None:
    if maker.chance(0.96):
        maker.tell(parts, "police_attended", at)
    if maker.chance(0.1):
        maker.tell(parts, "police_reported", at - 20 * MINUTE)
    if maker.chance(0.4):
        maker.tell(parts, "seen_at_scene", at + 5 * MINUTE, maker.random.choice(("yes", "no")))
    if maker.chance(0.9):
        maker.tell(parts, "risk_graded", at + 10 * MINUTE, maker.random.choice(GRADES), by="officer")
    if maker.chance(0.1):
        maker.tell(parts, "risk_regraded", maker.later(at), maker.random.choice(GRADES), by="triage", rationale="read")
    if maker.chance(0.9):
        maker.tell(parts, "notice_submitted", submitted or maker.later(at))
    if maker.chance(0.5):
        maker.tell(parts, "school_notified", maker.later(at))


def _decide(maker: Maker, parts: list[Part]) -> None:
    """What each child's notice comes to; siblings are often decided and discussed together."""
    together: dict[str, list[tuple[Part, datetime]]] = {}
    for part in parts:
        if not part.rows:
            continue
        at = maker.later(max(row.recorded_at for row in part.rows).replace(second=0))
        if maker.chance(0.15):
            maker.tell([part], "notice_not_shared", at, maker.random.choice(NOT_SHARED_REASONS))
            if maker.chance(0.75):
                continue
            at = maker.later(at)
        elif maker.chance(0.15):
            continue
        maker.tell([part], "notice_shared", at)
        if maker.chance(0.9):
            at = at if maker.chance(0.5) else maker.later(at)
            maker.tell([part], "notice_received", at)
        if maker.chance(0.15):
            agency = maker.random.choice(AGENCIES[2:4])
            maker.tell([part], "information_requested", at + HOUR, agency)
        if maker.chance(0.15):
            continue
        at = maker.later(at)
        outcome = maker.random.choice(CONTACT_OUTCOMES)
        detail = {"draft": True} if maker.chance(0.05) else {}
        maker.tell([part], "contact_decided", at, outcome, **detail)
        together.setdefault(outcome, []).append((part, at))
    for outcome, told in together.items():
        for group in [told] if maker.chance(0.6) else [[each] for each in told]:
            _after(maker, outcome, [part for part, _ in group], max(at for _, at in group))


def _after(maker: Maker, outcome: str, parts: list[Part], at: datetime) -> None:
    if outcome in ("referral", "strategy_discussion", "immediate_protection"):
        _work(maker, parts, at)
        if outcome != "referral" or maker.chance(0.3):
            _discuss(maker, parts, at)
    elif outcome == "early_help" and maker.chance(0.8):
        at = maker.later(at)
        accepted = maker.chance(0.6)
        maker.tell(parts, "early_help_accepted" if accepted else "early_help_declined", at)
        if not accepted and maker.chance(0.6):
            again = maker.random.choice(("advice", "referral"))
            at = maker.later(at)
            maker.tell(parts, "contact_decided", at, again)
            _after(maker, again, parts, at)
    elif outcome == "linked_to_open_case" and maker.chance(0.7):
        maker.tell(parts, "worker_reviewed", maker.later(at))
    elif outcome == "sent_to_right_area":
        _send_on(maker, parts, at)
    if maker.chance(0.4):
        at = maker.later(maker.later(maker.later(at)))
        maker.tell(parts, maker.random.choice(("closed", "stepped_down", "closed", "withdrawn")), at)
        if maker.chance(0.25):
            at = maker.later(at)
            maker.tell(parts, "reopened", at)
            if maker.chance(0.6):
                maker.tell(parts, "contact_decided", maker.later(at), maker.random.choice(("advice", "referral")))


def _send_on(maker: Maker, parts: list[Part], at: datetime) -> None:
    if maker.chance(0.5):
        maker.tell(parts, "sent_to_right_area", at)
    if maker.chance(0.6):
        at = maker.later(at)
        for part in parts:
            old, new = part.area, AREAS[part.area == AREAS[0]]
            maker.tell([part], "transfer_accepted", at, from_area=old)
            if part.rows[-1].recorded_at <= maker.now:
                part.area = new
                part.facts = msgspec.structs.replace(part.facts, area=new)
        if maker.chance(0.2):
            _send_on(maker, parts, at if maker.chance(0.2) else maker.later(at))
        elif maker.chance(0.6):
            maker.tell(parts, "contact_decided", maker.later(at), maker.random.choice(("advice", "referral")))


def _work(maker: Maker, parts: list[Part], at: datetime) -> None:
    for part in parts:
        own = at
        if maker.chance(0.4):
            maker.tell([part], "referral_accepted", maker.later(own))
        if maker.chance(0.75):
            own = maker.later(own)
            maker.tell([part], "allocated", own, worker="w", team="t")
            if maker.chance(0.15):
                maker.tell([part], "allocation_ended", maker.later(own))
        if maker.chance(0.6):
            maker.tell([part], "child_seen", maker.later(own))
        if maker.chance(0.5):
            own = maker.later(own)
            maker.tell([part], "assessment_started", own)
            if maker.chance(0.6):
                maker.tell([part], "assessment_authorised", own + maker.random.randrange(5, 70) * DAY)


def _held(maker: Maker, *, review: bool) -> dict[str, Any]:
    present = [agency for agency in AGENCIES[:5] if maker.chance(0.75)]
    detail: dict[str, Any] = {"review": review} if review or maker.chance(0.5) else {}
    if maker.chance(0.8):
        detail |= {"agencies_present": present}
    if maker.chance(0.5):
        detail |= {"in_hours": maker.chance(0.7)}
    return detail


def _discuss(maker: Maker, parts: list[Part], at: datetime) -> None:
    name = {"discussion": str(maker.id())} if maker.chance(0.8) else {}
    if maker.chance(0.4):
        maker.tell(parts, "threshold_reached", at)
    if maker.chance(0.85):
        maker.tell(parts, "strategy_requested", maker.later(at), **name)
    while maker.chance(0.25):
        agency, cause = maker.random.choice(AGENCIES[:3]), maker.random.choice(("agency_unavailable", "other"))
        at = maker.later(at)
        kind = "strategy_postponed" if maker.chance(0.7) else "strategy_cancelled"
        maker.tell(parts, kind, at, agency, cause=cause, agency=agency, **name)
    if maker.chance(0.15):
        return
    at = maker.later(at)
    begins = maker.chance(0.6)
    detail = _held(maker, review=False)
    quorate = {"childrens_social_care", "police", "health"} <= set(detail.get("agencies_present", AGENCIES))
    maker.tell(
        parts, "strategy_held", at, "quorate" if quorate else "not_quorate", initiates_enquiry=begins, **name, **detail
    )
    if maker.chance(0.75):
        maker.tell(parts, "strategy_record_issued", maker.later(at), **name)
    if begins:
        _enquire(maker, parts, at)
    if maker.chance(0.2):
        name = {"discussion": str(maker.id())} if name else {}
        if maker.chance(0.4):
            maker.tell(parts, "strategy_postponed", maker.later(at), "health", cause="other", review=True, **name)
        again = maker.later(maker.later(at))
        maker.tell(parts, "strategy_held", again, "quorate", **name, **_held(maker, review=True))
        if maker.chance(0.5):
            maker.tell(parts, "strategy_record_issued", maker.later(again), **name)


def _enquire(maker: Maker, parts: list[Part], at: datetime) -> None:
    if maker.chance(0.9):
        maker.tell(parts, "enquiry_started", at + maker.random.choice((0, 60)) * MINUTE, "joint")
    if maker.chance(0.7):
        maker.tell(parts, "child_seen", maker.later(at))
    required = maker.random.choice(("yes", "yes", "no", None))
    if maker.chance(0.75):
        outcome = maker.random.choice(("not_substantiated", "substantiated_continuing_risk"))
        detail = {} if required is None else {"conference_required": required}
        maker.tell(parts, "enquiry_completed", at + maker.random.randrange(1, 30) * DAY, outcome, **detail)
    if maker.chance(0.15):
        reason, agency = maker.random.choice(CONFERENCE_DELAY_REASONS), maker.random.choice(AGENCIES[:3])
        maker.tell(parts, "conference_delay_agreed", at + 20 * DAY, reason, agency=agency)
    if required == "no":
        return
    if maker.chance(0.7):
        at += maker.random.randrange(10, 32) * DAY
        plan = maker.chance(0.7)
        maker.tell(parts, "conference_held", at, "plan" if plan else "no_plan")
        if plan and maker.chance(0.6):
            maker.tell(parts, "core_group_held", at + maker.random.randrange(3, 25) * DAY)
        if plan and maker.chance(0.5):
            outcome = maker.random.choice(("plan_continues", "plan_ended"))
            maker.tell(parts, "review_held", at + maker.random.randrange(40, 110) * DAY, outcome)
    elif maker.chance(0.3):
        maker.tell(parts, "conference_not_required", at + maker.random.randrange(5, 30) * DAY)


def _disturb(maker: Maker, part: Part) -> None:
    if not part.rows:
        return
    at = maker.later(maker.random.choice(part.rows).recorded_at.replace(second=0))
    kind = maker.random.choice(
        (
            "closed",
            "reopened",
            "withdrawn",
            "stepped_down",
            "child_seen",
            "strategy_held",
            "notice_shared",
            "notice_received",
            "allocated",
            "worker_reviewed",
            "early_help_declined",
            "enquiry_started",
            "urgent_for_child",
            "transfer_in_notified",
            "transfer_in_conference_held",
            "conference_held",
            "core_group_held",
            "notice_not_shared",
        )
    )
    outcomes = {
        "strategy_held": "quorate",
        "urgent_for_child": "yes",
        "conference_held": "no_plan",
        "transfer_in_conference_held": "no_plan",
        "notice_not_shared": "other",
    }
    maker.tell([part], kind, at, outcomes.get(kind))


def counted(told: World, known: Any = None) -> dict[Key, bytes]:
    """The bins of a world, counted as the product counts its books."""
    parts = told.parts
    books = Books(
        children=list(dict.fromkeys(part.child for part in parts)),
        incidents=list(dict.fromkeys(part.incident for part in parts)),
        described=[
            Described(
                part.pathway,
                part.incident,
                part.child,
                part.district,
                part.coverage,
                part.sex,
                part.ethnicity,
                part.disability,
            )
            for part in parts
        ],
        subjects={part.pathway: Subject(part.facts, part.incident, part.child) for part in parts},
        milestones={part.pathway: part.rows for part in parts},
        authorised=frozenset(),
    )
    units = asyncio.run(books.count(shipped(), known=known))
    bins: dict[Key, list[bytes]] = {}
    for unit in units:
        for key, data in unit.facts.items():
            bins.setdefault(key, []).extend(records.split(data))
    return {key: records.joined(rows) for key, rows in bins.items()}
