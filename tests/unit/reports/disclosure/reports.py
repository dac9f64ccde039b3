"""A report of made-up children, with every figure counted from them as the measures would."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Literal

import msgspec

from service.reports.measures.child_time import Bouncing, ChildDays, ChildWeek, Spent, TimeUse
from service.reports.measures.figures import (
    Acted,
    BoardFigures,
    Capacity,
    Completeness,
    Count,
    Curve,
    Estimate,
    Exit,
    FrontDoor,
    Known,
    Month,
    Open,
    Period,
    Police,
    Protection,
    Quality,
    Queue,
    Scope,
    Split,
    StageFigures,
    Tally,
    Week,
    Within,
    Worker,
)
from service.reports.measures.ledgers import Ledger, LedgerDay, Moved, OfAgency, Restated

NOW = datetime(2026, 11, 1, tzinfo=UTC)
OCTOBER = Period(first=date(2026, 10, 1), last=date(2026, 10, 31))
SEPTEMBER = Period(first=date(2026, 9, 1), last=date(2026, 9, 30))
GRADES: tuple[Literal["high", "medium", "standard"], ...] = ("high", "medium", "standard")
DISTRICTS = ("Leigh", "Wigan North", "Wigan South")


class Kid(msgspec.Struct, frozen=True):
    """One child's wait in a stage: left by a cause, or still waiting (None)."""

    incident: int
    grade: int
    district: int
    minutes: int
    cause: Literal["contact_decided", "closed"] | None
    late: bool


def estimate(value: float | None, n: int) -> Estimate:
    return Estimate(value=value, low=value, high=value, n=n)


def middle(minutes: Sequence[int], share: float) -> int | None:
    return sorted(minutes)[min(len(minutes) - 1, int(share * len(minutes)))] if minutes else None


def of(key: str, count: int, whole: int) -> Count:
    return Count(key=key, count=count, of=whole, share=estimate(count / whole if whole else None, whole))


def opened(kids: Sequence[Kid]) -> Open:
    waits = [kid.minutes for kid in kids]
    return Open(
        count=len(kids),
        median=middle(waits, 0.5),
        ninetieth=middle(waits, 0.9),
        oldest=max(waits, default=None),
        past_limit=sum(kid.late for kid in kids),
        without_limit=0,
        approximate=0,
        behind=len({kid.incident for kid in kids}),
    )


def stage(by: Any, group: str, kids: Sequence[Kid]) -> StageFigures:
    waiting, gone = [kid for kid in kids if kid.cause is None], [kid for kid in kids if kid.cause]
    n = len(kids)
    middling = estimate(middle([kid.minutes for kid in kids], 0.5), n)
    causes = Counter(kid.cause for kid in gone)
    met, missed, overdue = (
        sum(not kid.late for kid in gone),
        sum(kid.late for kid in gone),
        sum(kid.late for kid in waiting),
    )
    due = met + missed + overdue
    return StageFigures(
        stage="decision",
        by=by,
        group=group,
        open=opened(waiting),
        entered=n,
        left=len(gone),
        median=middling,
        ninetieth=estimate(middle([kid.minutes for kid in kids], 0.9), n),
        current=estimate(middling.value, len(gone)),
        before=estimate(middling.value, n),
        bounds=(1.0, 2.0),
        horizon=4320,
        curve=Curve(minutes=(0, 10, 20), left=(1.0, 0.5, 0.01), low=(1.0, 0.4, 0.0), high=(1.0, 0.6, 0.02)),
        exits=[
            Exit(cause=str(cause), count=count, median=30.0, incidence=estimate(count / n, n))
            for cause, count in causes.items()
        ],
        within=Within(
            standard="contact_decision",
            met=met,
            missed=missed,
            overdue=overdue,
            cannot_compute=0,
            share=estimate(met / due if due else None, due),
        ),
        cohorts=[],
        completeness=Completeness(all=n, approximate=0),
        behind=len({kid.incident for kid in kids}),
    )


def recorded_since(kids: Sequence[Kid]) -> Restated:
    """What moved: records of some of these children, every third incident's the police's."""
    kinds = {"corrections": (3,), "retractions": (5, 6), "recorded_late": tuple(range(7, 15))}

    def counted(some: Sequence[Kid]) -> dict[str, int]:
        return {kind: sum(kid.incident % 16 in places for kid in some) for kind, places in kinds.items()}

    def agency(name: str, some: Sequence[Kid]) -> OfAgency:
        forgave = sum(kid.late and kid.incident % 16 in (3, 5, 6) for kid in some)
        return OfAgency(agency=name, forgave=forgave, behind_parts={}, **counted(some))

    return Restated(
        figures=[Moved(key="open", reported=12.0, known_now=13.0)],
        **counted(kids),
        pathways=sum(counted(kids).values()),
        agencies=[
            agency("police", [kid for kid in kids if kid.incident % 3 == 0]),
            agency("childrens_social_care", [kid for kid in kids if kid.incident % 3]),
        ],
        behind_parts={},
    )


def tally(kids: Sequence[Kid]) -> Tally:
    return Tally(count=len(kids), behind=len({kid.incident for kid in kids}))


def actions(kids: Sequence[Kid]) -> list[Acted]:
    """One action for each child, of an agency for each grade; those that left by ``closed`` were cancelled."""
    found = []
    for place, agency in enumerate(("education", "health", "police")):
        own = [kid for kid in kids if kid.grade == place]
        due = [kid for kid in own if kid.district]
        done = [kid for kid in due if kid.cause == "contact_decided"]
        in_time, late = [kid for kid in done if not kid.late], [kid for kid in done if kid.late]
        open_ = [kid for kid in due if kid.cause is None]
        of = len(done) + len(open_)
        found.append(
            Acted(
                agency=agency, due=tally(due), in_time=tally(in_time), late=tally(late), not_done=tally(open_),
                cancelled=tally([kid for kid in due if kid.cause == "closed"]),
                share=estimate(len(in_time) / of if of else None, of),
                overdue_now=tally([kid for kid in own if kid.cause is None]),
            )
        )  # fmt: skip
    return found


def report(kids: Sequence[Kid], *, reported: bool = False, area: str = "359") -> BoardFigures:
    stages = [stage("all", "all", kids)]
    stages += [stage("grade", grade, [k for k in kids if k.grade == place]) for place, grade in enumerate(GRADES)]
    stages += [stage("district", d, [k for k in kids if k.district == place]) for place, d in enumerate(DISTRICTS)]
    waiting = [kid for kid in kids if kid.cause is None]
    gone = len(kids) - len(waiting)
    days: dict[str, float] = {
        grade: sum(k.minutes for k in kids if k.grade == place) / 1440 for place, grade in enumerate(GRADES)
    }
    total = sum(days.values())
    outcomes = dict(Counter(str(kid.cause) for kid in kids if kid.cause))
    none = of("none", 0, 0)
    sick = opened([])
    months = [Month(begins=OCTOBER.first, grade="all", decided=gone, referrals=0, share=estimate(0.0, gone))]
    for place, grade in enumerate(GRADES):
        decided = sum(kid.cause is not None and kid.grade == place for kid in kids)
        months.append(
            Month(begins=OCTOBER.first, grade=grade, decided=decided, referrals=0, share=estimate(0.0, decided))
        )
    week = ChildWeek(
        begins=OCTOBER.first, certain=total, more=0, by_holder={"front_door": total}, by_grade=days, complete=True,
        bank_holiday=False,
    )  # fmt: skip
    return BoardFigures(
        scope=Scope(areas=(area,)),
        period=OCTOBER,
        before=SEPTEMBER,
        instant=NOW,
        known=Known(basis="as_reported" if reported else "known_now", instant=NOW, asked=NOW),
        stages=stages,
        child_days=ChildDays(
            total=total,
            more=0,
            by_holder={"front_door": total},
            by_grade=days,
            weeks=[week],
            waiting=len(waiting),
            waiting_by_holder={"front_door": len(waiting)},
            notified=len(kids),
            per_100_notified=None,
            incidents=len({kid.incident for kid in kids}),
            children_per_incident=1.5,
            before=3.0,
        ),
        time_use=TimeUse(
            unassessed=[
                Spent(
                    holder="front_door", stage=grade, total=days[grade], working=days[grade], out_of_hours=0,
                    waiting_on_partner=0, approximate=0, pathways=sum(k.grade == place for k in kids),
                    before=1, change=1, share_of_change=0.1,
                    behind=len({k.incident for k in kids if k.grade == place}),
                )
                for place, grade in enumerate(GRADES)
            ],
            whole=[],
            total=total,
            before=3.0,
        ),
        queues=[
            Queue(
                stage="decision",
                weeks=[
                    Week(
                        begins=OCTOBER.first, arrived=len(kids), left=gone, stock=len(waiting), due=len(kids),
                        met=sum(not kid.late for kid in kids), exits=outcomes, complete=True, settled=True,
                        bank_holiday=False,
                    )
                ],
                days=[OCTOBER.first],
            )
        ],
        bouncing=Bouncing(pathways=0, of=len(kids), ways=[]),
        police=Police(
            estimable=True, incidents=None, late_found=None, batches=[], not_shared={"below_threshold": 2},
            school_in_time=of("school", gone, len(kids)), seen_at_scene=of("seen", len(waiting), len(kids)),
        ),
        front_door=FrontDoor(
            decided_24_hours=of("24", sum(not k.late for k in kids if k.cause), gone),
            decided_working_day=of("day", gone, gone),
            outcomes=outcomes,
            outcomes_by_grade={
                grade: dict(Counter(str(kid.cause) for kid in kids if kid.cause and kid.grade == place))
                for place, grade in enumerate(GRADES)
            },
            months=months,
            stepped_down=0,
            early_help=[],
            returned=[],
            re_referrals=none,
            linked_not_reviewed=sick,
            repeats=[],
            notices_again=[],
            after_three={},
        ),
        protection=Protection(
            requested_to_held=stage("all", "all", []), held=0, children_discussed=0, quorate=none, by_hours=[],
            attendance=[], attendance_out_of_hours=[], school_attended=none, postponements=[], postponed_by_agency=[],
            record_in_time=none, actions=actions(kids), led_to_enquiry=none, enquiries={}, conference_from_enquiry=none,
            conference_in_time=none, conference_days={14: 3}, enquiry_days={}, further=[],
        ),
        capacity=Capacity(
            unallocated=sick, unallocated_bands={}, teams=[],
            workers=[Worker(id="1", team=None, pathways=3, children=2)],
        ),
        fairness=[
            Split(
                characteristic="sex", group=group, children=len(some), behind=len({k.incident for k in some}),
                open=sum(k.cause is None for k in some),
                median=estimate(middle([k.minutes for k in some], 0.5), len(some)),
                within=estimate(0.5, len(some)),
                horizon=10_080,
                left=estimate(sum(k.cause is not None for k in some) / len(some) if some else None, len(some)),
                difference=estimate(0.1 if some else None, len(some)),
                waits="alike",
            )
            for group, some in (
                ("F", [k for k in kids if k.minutes % 2]), ("M", [k for k in kids if not k.minutes % 2]),
            )
        ],
        quality=Quality(
            pathways=len(kids), cannot_compute={}, approximate=0, out_of_order=1, ungraded=0, school_unknown=2,
            not_recorded={}, corrections=[], recorded_after_a_day=none,
        ),
        ledger=Ledger(
            days=[
                LedgerDay(
                    day=OCTOBER.first, opening=0, new=1, reopened=0, moved_in=0, exits={}, closing=1, residual=0
                )
            ],
            opening=0, new=len(kids), reopened=0, moved_in=0, exits=outcomes, closing=len(waiting), live=len(waiting),
            residual=0,
        ),
        restated=recorded_since(kids),
        definitions=[],
    )  # fmt: skip
