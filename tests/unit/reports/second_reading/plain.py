"""What the reports should say of a world, counted one by one from what happened, without regard to speed.

Written from the design, the domain's list of measures and docs/measures.md. It shares the first oracle's reading of
what happened and of clocks, and nothing with `service/reports`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from schema.vocabulary import CONTACT_OUTCOMES
from tests.fixtures.oracle.counting import DAY, at_work, day_end, is_working_day, wall
from tests.fixtures.oracle.happenings import Happening
from tests.fixtures.oracle.reading import Told
from tests.unit.reports.second_reading.making import World
from tests.unit.reports.second_reading.ways import REFERRED, Way, cause

BANDS = (
    ("under 1 day", DAY), ("1 to 3 days", 3 * DAY), ("3 to 7 days", 7 * DAY), ("7 to 14 days", 14 * DAY),
    ("14 to 28 days", 28 * DAY), ("over 28 days", 10_000 * DAY),
)  # fmt: skip
OF_POLICE = (
    "incident_occurred", "police_reported", "police_attended", "seen_at_scene", "risk_graded", "risk_regraded",
    "notice_submitted", "notice_shared", "notice_not_shared", "school_notified",
)  # fmt: skip
QUORUM = {"childrens_social_care", "police", "health"}


class Reading:
    """All figures of a world, or of one area of it."""

    def __init__(self, world: World, area: str | None = None) -> None:
        self.world, self.area = world, area
        self.ways = [way for way in map(Way, world.parts) if way.found]
        self.days = [world.first + n * DAY for n in range((world.last - world.first).days + 1)]

    def here(self, way: Way, at: datetime) -> bool:
        return self.area is None or way.area(at) == self.area

    def inside(self, h: Happening | None) -> bool:
        return h is not None and self.world.first <= h.day <= self.world.last

    def each(self, *kinds: str, when: Callable[[Happening], bool] = lambda _: True) -> list[tuple[Way, Happening]]:
        """What happened in the period, here."""
        return [
            (way, h) for way in self.ways for h in way.of(*kinds) if self.inside(h) and when(h) and self.here(way, h.at)
        ]

    # The ledger

    def ledger(self) -> dict[str, Any]:
        rows = [self._day(each) for each in self.days]
        exits: Counter[str] = Counter()
        for row in rows:
            exits.update(row["exits"])
        return {
            "opening": rows[0]["opening"],
            "new": sum(row["new"] for row in rows),
            "reopened": sum(row["reopened"] for row in rows),
            "moved_in": sum(row["moved_in"] for row in rows),
            "exits": dict(exits),
            "closing": rows[-1]["closing"],
            "days": rows,
        }

    def _waiting(self, at_end_of: date) -> int:
        """A plain count: who waits here at the midnight that ends a day."""
        count = 0
        for way in self.ways:
            for wait in way.waits:
                begun = wait.start.day <= at_end_of
                ended = wait.end is not None and max(wait.end.day, wait.start.day) <= at_end_of
                count += begun and not ended and self.area in (None, way.area_by_end_of(at_end_of))
        return count

    def _day(self, each: date) -> dict[str, Any]:
        row: dict[str, Any] = {"day": each, "new": 0, "reopened": 0, "moved_in": 0, "exits": Counter()}
        for way in self.ways:
            for wait in way.waits:
                end = None if wait.end is None else max(wait.end.day, wait.start.day)
                if wait.start.day == each and self.here(way, wait.start.at):
                    row["reopened" if wait.again else "new"] += 1
                if wait.end is not None and end == each and self.area in (None, way.area_of(wait)):
                    row["exits"][cause(wait.end)] += 1
                for move in way.of("transfer_accepted"):
                    held = wait.start.at < move.at and (wait.end is None or wait.end.at > move.at)
                    before, after = way.area(move.at - timedelta(seconds=1)), way.area(move.at)
                    if held and before != after and move.day == each:
                        if self.area in (None, before):
                            row["exits"]["moved"] += 1
                        if self.area in (None, after):
                            row["moved_in"] += 1
        row["opening"], row["closing"] = self._waiting(each - DAY), self._waiting(each)
        row["exits"] = dict(row["exits"])
        return row

    # The police

    def police(self) -> dict[str, Any]:
        declined = self.each("notice_not_shared", when=lambda h: h.outcome is not None)
        seen = self.each("seen_at_scene")
        school = self._owed("school_notified")
        return {
            "not_shared": dict(Counter(str(h.outcome) for way, h in declined if not way.withdrawn)),
            "seen_at_scene": (sum(h.outcome == "yes" for _, h in seen), len(seen)),
            "school_in_time": (sum(done for _, _, done in school), len(school)),
        }

    def _owed(self, standard: str) -> list[tuple[Way, Told, bool]]:
        """Clocks of a standard whose limit fell in the period and has passed, and whether what was owed was done."""
        found = []
        for way in self.ways:
            for clock in way.clock(standard):
                start = next(h for h in way.found if h.row.root == clock.episode)
                # Done before it was asked for, and that counts: not where it was done before a move or an opening.
                before = clock.stop == start.at and any(
                    h.kind == standard and way.found.index(h) < way.found.index(start) for h in way.found
                )
                if clock.standing != "ok" or clock.due is None or before:
                    continue
                if not self.here(way, clock.due if clock.stop is None else min(clock.due, clock.stop)):
                    continue
                if _begin(self.world.first) <= clock.due < min(day_end(self.world.last), self.world.now):
                    found.append((way, clock, clock.stop is not None and clock.stop <= clock.due))
        return found

    # The front door

    def decisions(self, *kinds: str) -> list[tuple[Way, Happening]]:
        """What was decided in the period of pathways that stand."""
        return [(way, h) for way, h in self.each(*kinds) if not way.withdrawn]

    def front_door(self) -> dict[str, Any]:
        decided = [(way, h) for way, h in self.decisions("contact_decided") if h.outcome != "sent_to_right_area"]
        notices = [(way, h) for way in self._told_of() for h in [way.waits[0].start] if self.inside(h)]
        notices = [(way, h) for way, h in notices if self.here(way, h.at)]
        months: dict[tuple[date, str], list[int]] = {}
        for way, h in decided:
            for grade in ("all", way.grade):
                row = months.setdefault((h.day.replace(day=1), grade), [0, 0])
                row[0] += 1
                row[1] += h.outcome in REFERRED
        by_grade: dict[str, Counter[str]] = {}
        for way, h in decided:
            by_grade.setdefault(way.grade, Counter())[str(h.outcome)] += 1
        return {
            "outcomes": dict(Counter(str(h.outcome) for _, h in decided)),
            "outcomes_by_grade": {grade: dict(said) for grade, said in by_grade.items()},
            "months": months,
            "stepped_down": len(self.decisions("stepped_down")),
            "re_referrals": self._re_referrals(),
            "repeats": {
                way: self._came_again(way)
                for way in ("no_further_action", "advice", "stepped_down", "notice_not_shared")
            },
            "returned": {
                way: self._came_again(way) for way in ("early_help_accepted", "early_help_declined", "stepped_down")
            },
            "notices_again": {
                name: (sum(self._before(way, h, days) for way, h in notices), len(notices))
                for name, days in (("3 months", 91), ("6 months", 183), ("12 months", 365))
            },
            "after_three": self._after_three(decided),
            "early_help": self._early_help(),
            "linked_not_reviewed": sum(
                end is None and self.here(way, self.world.now)
                for way in self.ways
                for _, end in way.asked(lambda h: h.outcome == "linked_to_open_case", "worker_reviewed")
            ),
            "in_24_hours": self._in_24_hours(),
            "in_a_working_day": self._in_a_working_day(),
        }

    def _told_of(self) -> list[Way]:
        return [way for way in self.ways if way.waits and not way.withdrawn]

    def _before(self, way: Way, h: Happening, days: int) -> bool:
        """Whether the child came to notice in so many days before; at one instant the one recorded first is first."""
        others = [
            other.waits[0].start.at
            for other in self._told_of()
            if other.part.child == way.part.child and other is not way
            and (other.waits[0].start.at, other.part.pathway) < (h.at, way.part.pathway)
        ]  # fmt: skip
        return any(h.at - at <= days * DAY for at in others)

    def _came_again(self, decision: str) -> tuple[int, int]:
        """Of decisions whose 90 days ended in the period: the child was in a further incident within them."""
        count = of = 0
        for way in self.ways:
            for h in way.of("contact_decided", "notice_not_shared", "stepped_down", "early_help_accepted",
                            "early_help_declined"):  # fmt: skip
                ripe = h.at + 90 * DAY
                if cause(h) != decision or way.withdrawn or not self.here(way, h.at):
                    continue
                if not _begin(self.world.first) <= ripe < min(day_end(self.world.last), self.world.now):
                    continue
                of += 1
                count += any(
                    other.part.child == way.part.child
                    and other.part.incident != way.part.incident
                    and h.at < other.waits[0].start.at <= ripe
                    for other in self._told_of()
                )
        return count, of

    def _re_referrals(self) -> tuple[int, int]:
        """Of referrals, one for a child, an incident and a day: another one in the 365 days before."""
        count = of = 0
        for child in {way.part.child for way in self.ways}:
            told_of = sorted(
                (h.at, number, h, way)
                for number, way in enumerate(self.ways)
                if way.part.child == child and not way.withdrawn
                for h in way.of("contact_decided")[:]
                if h.outcome in REFERRED and h is next(e for e in way.of("contact_decided") if e.outcome in REFERRED)
            )
            earlier: list[Happening] = []
            for at, _, h, way in told_of:
                if any(other.day == h.day for other in earlier):
                    continue
                if self.inside(h) and self.here(way, at):
                    of += 1
                    count += any(at - other.at <= 365 * DAY for other in earlier)
                earlier.append(h)
        return count, of

    def _after_three(self, decided: list[tuple[Way, Happening]]) -> dict[str, int]:
        """The highest decision of the period of each child with three notices or more graded standard or medium."""
        highest: dict[UUID, str] = {}
        for way, h in decided:
            before = [
                other for other in self._told_of()
                if other.part.child == way.part.child and other.waits[0].start.at <= h.at
                and other.grade in ("medium", "standard")
            ]  # fmt: skip
            if len(before) >= 3:
                said = str(h.outcome)
                known = highest.get(way.part.child, said)
                highest[way.part.child] = max(said, known, key=CONTACT_OUTCOMES.index)
        return dict(Counter(highest.values()))

    def _early_help(self) -> dict[str, tuple[int, int]]:
        """Of offers that came to an end in the period: how many were taken up, and how many were not."""
        ended = [
            end.kind
            for way in self.ways
            for start, end in way.asked(
                lambda h: h.outcome == "early_help", "early_help_accepted", "early_help_declined"
            )
            if end is not None and self.inside(max((start, end), key=_place))
            and self.area in (None, way.area_when(end)) and end.kind != "withdrawn"
        ]  # fmt: skip
        return {way: (ended.count(way), len(ended)) for way in ("early_help_accepted", "early_help_declined")}

    def _in_24_hours(self) -> tuple[int, int]:
        """Of contacts whose 24 hours ended in the period: decided by then. Exact times alone have hours.

        Of one closed over it is known that it was not decided, at whatever hour it was closed. Who had moved on by then
        is not counted here, and nobody is whose record was made in error.
        """
        asked = []
        for way in self.ways:
            for start, end in way.contacts():
                answered = end is not None and end.kind in ("contact_decided", "transfer_accepted")
                in_error = way.withdrawn or any(h.kind == "withdrawn" for h in way.found[way.found.index(start) :])
                if not (in_error or _vague(start) or (answered and _vague(end))) and self.here(way, start.at):
                    asked.append((start.at + DAY, end))
        return self._decided_by(asked)

    def _in_a_working_day(self) -> tuple[int, int]:
        """Of contacts whose limit fell in the period: decided by then, before anybody closed the case over them."""
        asked = []
        for way in self.ways:
            limits = {clock.episode: clock.due for clock in way.clock("contact_decision") if clock.standing == "ok"}
            for start, end in way.contacts():
                limit = limits.get(start.row.root)
                if not way.withdrawn and limit is not None and self.here(way, start.at):
                    asked.append((limit, end))
        return self._decided_by(asked)

    def _decided_by(self, asked: Iterable[tuple[datetime, Happening | None]]) -> tuple[int, int]:
        """Of those whose limit fell in the period, each with what ended it: how many were decided by then. Whom another
        area had accepted by then is that area's to decide on.
        """
        count = of = 0
        for limit, end in asked:
            if not _begin(self.world.first) <= limit < min(day_end(self.world.last), self.world.now):
                continue
            by_then = end.kind if end is not None and end.at <= limit else None
            of += by_then != "transfer_accepted"
            count += by_then == "contact_decided"
        return count, of

    # Strategy discussions, enquiries, conferences

    def discussions(self) -> dict[str, Any]:
        held: dict[UUID, list[tuple[Way, Happening]]] = {}
        for way, h in self.each("strategy_held"):
            held.setdefault(h.row.record, []).append((way, h))
        hours = [each for each in held.values() if each[0][1].on is None and each[0][1].row.precision != "estimated"]
        inside = [each for each in hours if at_work(each[0][1].at)]
        outside = [each for each in hours if not at_work(each[0][1].at)]
        said = [each for each in held.values() if each[0][1].detail.get("agencies_present")]
        of_school = [each for each in said if any(way.part.facts.school_status == "at_school" for way, _ in each)]
        first = [each for each in held.values() if each[0][1].detail.get("review") is not True]
        put_off: dict[UUID, Happening] = {}
        for _, h in self.each("strategy_postponed", "strategy_cancelled"):
            put_off.setdefault(h.row.record, h)
        deciding = [h for h in put_off.values() if h.detail.get("review") is not True]
        return {
            "held": len(held),
            "children_discussed": sum(len(each) for each in held.values()),
            "quorate": sum(_quorate(each) for each in held.values()),
            "in_hours": (sum(map(_quorate, inside)), len(inside)),
            "out_of_hours": (sum(map(_quorate, outside)), len(outside)),
            "attendance": {
                agency: (sum(agency in _present(each) for each in said), len(said)) for agency in ("police", "health")
            },
            "quorum": (sum(_present(each) >= QUORUM for each in said), len(said)),
            "school_attended": (sum("education" in _present(each) for each in of_school), len(of_school)),
            "led_to_enquiry": (
                sum(any(h.detail.get("initiates_enquiry") is True for _, h in each) for each in first), len(first),
            ),
            "postponed": dict(Counter(str(h.detail.get("cause") or "other") for h in deciding)),
            "postponed_by_agency": dict(Counter(str(h.outcome) for h in deciding)),
            "review_postponed": len(put_off) - len(deciding),
        }  # fmt: skip

    def conferences(self) -> dict[str, Any]:
        """Conferences by child, in the area that held them: how many working days after the discussion (day 0)."""
        took: Counter[int] = Counter()
        for way in self.ways:
            asked = way.asked(lambda h: h.kind == "enquiry_initiated", "conference_held", "conference_not_required")
            for day_0, h in asked:
                if h is None or h.kind != "conference_held":
                    continue
                if self.inside(h) and self.area in (None, way.area_when(h)):
                    took[min(60, _working_days(day_0.day, h.day))] += 1
        return {"conference_days": dict(took)}

    # Capacity, fairness, what the data cannot tell

    def capacity(self) -> dict[str, Any]:
        """Who was accepted and has no named worker now, by how long.

        Nothing where work goes on upon a record that was withdrawn as one made in error.
        """
        bands = Counter[str]()
        if any(way.accepted_though_withdrawn() for way in self.ways):
            return {}
        for way in self.ways:
            since = way.without_a_worker()
            if since is not None and self.here(way, self.world.now):
                age = self.world.now - since.at
                bands[next(name for name, below in BANDS if age < below)] += 1
        return {"unallocated": bands.total(), "bands": dict(bands)}

    def fairness(self) -> dict[str, Any]:
        """Who began to wait in the period and who waits now, by group."""
        found: dict[tuple[str, str], list[int]] = {}
        for way in self.ways:
            for wait in way.waits:
                for group in (("ethnicity", _ethnicity(way.part.ethnicity)), ("sex", _sex(way.part.sex))):
                    row = found.setdefault(group, [0, 0])
                    row[0] += self.inside(wait.start) and self.here(way, wait.start.at)
                    row[1] += wait.end is None and self.here(way, self.world.now)
        return {"groups": {group: row for group, row in found.items() if any(row)}}

    def quality(self) -> dict[str, Any]:
        begun = [way for way in self.ways if self.inside(way.found[0]) and self.here(way, way.found[0].at)]
        typed = [
            row for way in begun for row in way.part.rows
            if row.supersedes is None and row.source not in ("history_file", "police_file")
        ]  # fmt: skip
        late = [row for row in typed if row.at is not None and row.recorded_at - row.at > DAY]
        return {
            "pathways": len(begun),
            "ethnicity": sum(_ethnicity(way.part.ethnicity) == "not recorded" for way in begun),
            "disability": sum(not (way.part.disability or "").strip() for way in begun),
            "sex": sum(_sex(way.part.sex) == "not recorded" for way in begun),
            "recorded_after_a_day": (len(late), len(typed)),
            "corrections": self._corrections(),
        }

    def _corrections(self) -> dict[str, int]:
        """What was put right in the period, by whose time it is."""
        found = Counter[str]()
        for part in self.world.parts:
            for row in part.rows:
                inside = self.world.first <= wall(row.recorded_at).date() <= self.world.last
                if row.supersedes is not None and inside and self.here(Way(part), row.recorded_at):
                    found["police" if row.kind in OF_POLICE else "childrens_social_care"] += 1
        return dict(found)

    # Whom social care was told of, and how many children an incident has

    def notices(self) -> dict[str, Any]:
        children = set()
        for way in self.ways:
            h = next(iter([*way.of("notice_received"), *way.of("notice_shared")]), None)
            if h is not None and not way.withdrawn and self.inside(h) and self.here(way, h.at):
                children.add(way.part.child)
        sizes = []
        for (_, area), ways in self._incidents().items():
            if self.area in (None, area) and self.inside(min((way.waits[0].start for way in ways), key=_place)):
                sizes.append(len(ways))
        of_each = round(sum(sizes) / len(sizes), 2) if sizes else None
        return {"notified": len(children), "incidents": len(sizes), "children_per_incident": of_each}

    def _incidents(self) -> dict[tuple[UUID, str], list[Way]]:
        """Incidents, once for each area that had a child of it when the police knew."""
        found: dict[tuple[UUID, str], list[Way]] = {}
        for way in self._told_of():
            found.setdefault((way.part.incident, way.area(way.waits[0].start.at)), []).append(way)
        return found

    # The way out of the police

    def timeliness(self) -> dict[str, Any]:
        """Incidents, once for each area, and children found late: who came, who left in the period, who is held now."""
        found = {"incidents": [0, 0, 0], "late_found": [0, 0, 0]}
        for (_, area), ways in self._incidents().items():
            if self.area not in (None, area):
                continue
            complete = [h.at for way in ways for h in way.of("notice_submitted")[:1]]
            seen = {way.part.pathway: min(row.recorded_at for row in way.part.rows) for way in ways}
            late = [
                way for way in ways
                if complete and seen[way.part.pathway] > min(complete)
                and seen[way.part.pathway] - min(seen.values()) > timedelta(hours=1)
            ]  # fmt: skip
            known = [way for way in ways if way not in late]
            lots = [("incidents", known)] if known else []
            for key, lot in [*lots, *(("late_found", [way]) for way in late)]:
                began = min((way.waits[0].start for way in lot), key=_place)
                if key == "late_found":
                    began = next(iter(lot[0].of("notice_submitted")), began)
                left = [
                    next(iter(way.of("notice_shared", "notice_received", "notice_not_shared")), None) for way in lot
                ]
                gone = max((h for h in left if h is not None), key=_place, default=None)
                row = found[key]
                row[0] += self.inside(began)
                row[1] += None not in left and gone is not None and self.inside(max((began, gone), key=_place))
                row[2] += None in left
        return {key: tuple(row) for key, row in found.items()}


def _place(h: Happening) -> tuple[datetime, date]:
    """When it happened; a day without an hour is over before the midnight at which it stands."""
    return h.at, h.day


def _vague(h: Happening | None) -> bool:
    """Whether it is no point of a figure of hours."""
    return h is not None and (h.on is not None or h.row.precision == "estimated")


def _ethnicity(code: str | None) -> str:
    if not code or code in ("NOBT", "REFU"):
        return "not recorded"
    return {"W": "White", "A": "Asian", "M": "Mixed", "B": "Black", "C": "Asian"}.get(code[0], "Other")


def _sex(code: str) -> str:
    return code if code in ("F", "M") else "not recorded"


def _working_days(first: date, last: date) -> int:
    return sum(is_working_day(first + n * DAY) for n in range(1, (last - first).days + 1))


def _quorate(each: list[tuple[Way, Happening]]) -> bool:
    return each[0][1].outcome == "quorate"


def _present(each: list[tuple[Way, Happening]]) -> set[str]:
    return set(each[0][1].detail.get("agencies_present") or ())


def _begin(first: date) -> datetime:
    return day_end(first - DAY)
