"""A reader who looks at all tables of a page: what one of them hides no other tells, nor does what they add up to.

The sums are those that a board member knows from what the figures mean; they are written down here again, apart from
the code that protects them.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Literal

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import inspect

from service.reports.disclosure import Hidden, apply
from service.reports.measures.figures import BoardFigures, Count, Month, Queue, Week
from tests.unit.reports.board.test_every_measure import Filler, numbers
from tests.unit.reports.disclosure.reports import GRADES, OCTOBER, Kid, estimate, of, report, stage

#: What counts nobody: days of a horizon, the ledger's proof, changes that are not in the figures yet.
NOBODY = {"horizon", "residual", "uncounted"}
MONTHLY: tuple[Literal["all", "high", "medium", "standard"], ...] = ("all", *GRADES)
KIDS = st.builds(
    Kid,
    incident=st.integers(1, 90),
    grade=st.sampled_from([0, 1, 1, 2, 2, 2]),
    district=st.integers(0, 2),
    minutes=st.integers(1, 40_000),
    cause=st.sampled_from(["contact_decided", "contact_decided", "closed", None]),
    late=st.booleans(),
)


class Few(Filler):
    """Three of everything, for less than half a day."""

    def number(self) -> int:
        return 3

    def _plain(self, kind: inspect.Type, path: str) -> Any:
        return 0.4 if isinstance(kind, inspect.FloatType) else super()._plain(kind, path)


def test_no_field_of_a_report_tells_a_number_that_few_stand_behind() -> None:
    told = apply(Few().of(inspect.type_info(BoardFigures), "figures"))
    named = ((path.split("."), number) for path, number in numbers(told))
    assert [".".join(path) for path, _ in named if path[-1] not in NOBODY | {"least", "most"}] == []


def several(kids: Sequence[Kid]) -> BoardFigures:
    """The report of these children with two months, three weeks, and discussions about each of them."""
    found = report(kids)
    whole = msgspec.structs.replace(stage("all", "all", kids), stage="police_share")
    gone = [kid for kid in kids if kid.cause]
    weeks, stock = [], 7
    for number in range(3):
        came = [kid for kid in kids if kid.minutes % 3 == number]
        left = [kid for kid in came if kid.cause]
        stock += len(came) - len(left)
        weeks.append(
            Week(
                begins=OCTOBER.first + timedelta(weeks=number), arrived=len(came), left=len(left), stock=stock,
                due=len(came), met=sum(not kid.late for kid in came), exits={}, complete=True, settled=True,
                bank_holiday=False,
            )
        )  # fmt: skip
    months = []
    for number, begins in enumerate((date(2026, 10, 1), date(2026, 11, 1))):
        for grade in MONTHLY:
            some = [k for k in gone if k.minutes % 2 == number and grade in ("all", GRADES[k.grade])]
            months.append(
                Month(begins=begins, grade=grade, decided=len(some), referrals=0, share=estimate(0.0, len(some)))
            )
    causes = [of(name, sum(k.grade == place for k in kids), len(kids)) for place, name in enumerate(GRADES)]
    again = [of(name, sum(k.minutes < 8_000 * (place + 1) for k in kids), len(kids))
             for place, name in enumerate(("3 months", "6 months"))]  # fmt: skip
    inside = [k for k in kids if k.minutes % 4]
    outside = [k for k in kids if not k.minutes % 4]
    quorate = [of(name, sum(not k.late for k in some), len(some))
               for name, some in (("in_hours", inside), ("out_of_hours", outside), ("quorate", kids))]  # fmt: skip
    return msgspec.structs.replace(
        found,
        stages=[*found.stages, whole, *(
            msgspec.structs.replace(each, stage="unassessed") for each in found.stages
        )],
        queues=[Queue(stage="decision", weeks=weeks, days=[])],
        police=msgspec.structs.replace(found.police, incidents=whole),
        front_door=msgspec.structs.replace(found.front_door, months=months, notices_again=again),
        protection=msgspec.structs.replace(
            found.protection, postponements=causes, by_hours=quorate[:2], quorate=quorate[2]
        ),
    )  # fmt: skip


def book(found: BoardFigures) -> Iterator[tuple[Any, list[Any]]]:
    """What adds up to what, of whatever is told."""
    for before, week in zip(found.queues[0].weeks, found.queues[0].weeks[1:], strict=False):
        # Who stood there and who came are those who left and who stand there.
        yield (before.stock, week.arrived), [week.left, week.stock]
    for grade in MONTHLY:
        outcomes = found.front_door.outcomes if grade == "all" else found.front_door.outcomes_by_grade[grade]
        decided = tuple(each.decided for each in found.front_door.months if each.grade == grade)
        yield decided, list(outcomes.values())
    (unassessed,) = (each for each in found.stages if (each.stage, each.by) == ("unassessed", "all"))
    for way in unassessed.exits:
        yield (way.count,), [found.ledger.exits[way.cause]]
    (shared,) = (each for each in found.stages if each.stage == "police_share")
    assert found.police.incidents is not None
    for one, other in zip(counts(shared), counts(found.police.incidents), strict=True):
        yield (one,), [other]
    some: list[Count] = found.protection.postponements
    yield (some[0].of,), [each.count for each in some]
    for name in ("count", "of"):
        yield (
            (getattr(found.protection.quorate, name),),
            [getattr(each, name) for each in found.protection.by_hours],
        )
    for week in found.queues[0].weeks:
        yield (week.due,), [week.met, None]
    since = found.restated
    assert since is not None
    for kind in ("corrections", "retractions", "recorded_late"):
        yield (getattr(since, kind),), [getattr(each, kind) for each in since.agencies]
    for each in since.agencies:
        yield (each.corrections, each.retractions), [each.forgave, None]
    sooner, later = found.front_door.notices_again
    yield (later.count,), [sooner.count, None]


def counts(found: Any) -> list[Any]:
    return [found.entered, found.left, found.open.count, *(each.count for each in found.exits)]


@settings(max_examples=6, deadline=None, derandomize=True)
@given(st.lists(KIDS, min_size=20, max_size=160))
def test_what_one_table_hides_is_not_what_others_leave(kids: list[Kid]) -> None:
    measured = several(kids)
    for total, parts in book(apply(measured)):
        sides = [*total, *parts]
        unknown = [each for each in sides if each is None or isinstance(each, Hidden)]
        if len(unknown) != 1:
            continue
        known = sum(each for each in total if isinstance(each, int)) - sum(e for e in parts if isinstance(e, int))
        assert not 0 < abs(known) <= 5, (total, parts)


def gone(cause: Literal["contact_decided", "closed"], number: int) -> list[Kid]:
    grade = 1 + (cause == "closed")
    return [
        Kid(incident=100 * grade + place, grade=grade, district=place % 3, minutes=600, cause=cause, late=False)
        for place in range(number)
    ]


def stages_of(waited: Sequence[Kid], decided: Sequence[Kid]) -> BoardFigures:
    """The report of some children's first waits, and of the decisions about some."""
    waits, found = report(waited), report(decided)
    stages = (("unassessed", waits), ("contact_decision", found))
    return msgspec.structs.replace(
        found,
        stages=[msgspec.structs.replace(each, stage=name) for name, of_it in stages for each in of_it.stages],
        ledger=waits.ledger,
    )


def ways_out(found: BoardFigures, group: str, cause: str) -> list[str]:
    """What is told of one way out of a group, in one table after the other."""
    told = [way.count for each in found.stages if each.group == group for way in each.exits if way.cause == cause]
    door = found.front_door.outcomes if group == "all" else found.front_door.outcomes_by_grade[group]
    return [str(each) for each in (*told, door[cause])]


def test_by_how_few_decisions_and_ends_of_first_waits_differ_is_not_told() -> None:
    every = [*gone("contact_decided", 40), *gone("closed", 50)]
    assert ways_out(apply(stages_of(every, every)), "all", "contact_decided") == ["40", "40", "40"]
    assert ways_out(apply(stages_of(every[9:], every)), "all", "contact_decided") == ["31", "40", "40"]
    for group in ("all", "medium"):
        told = ways_out(apply(stages_of(every[3:], every)), group, "contact_decided")
        assert len({each for each in told if each.isdigit()}) < 2, told


def test_a_way_out_that_one_table_hides_is_hidden_where_it_is_nearly_the_same() -> None:
    decided = gone("contact_decided", 40)
    for fewer in (0, 2):
        # Two who waited were closed, so that by one table all others are known who left.
        told = apply(stages_of([*decided[fewer:], *gone("closed", 2)], decided))
        for group in ("all", "medium"):
            shown = [each.isdigit() for each in ways_out(told, group, "contact_decided")]
            assert len(set(shown)) == 1, (fewer, group)
