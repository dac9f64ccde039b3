"""Whatever adds up in a report is known to what protects it: looked for in many reports, not read from the code."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

import msgspec
import pytest

from service.reports.disclosure import THRESHOLD, apply, is_hidden
from service.reports.disclosure.collecting import Collected
from service.reports.measures.figures import Completeness, Queue
from tests.unit.reports.disclosure.lives_of_many import AFTER, AREA, DURING, families, report, some
from tests.unit.reports.disclosure.relations import Declared, Relation, holds, in_words, relations, told
from tests.unit.reports.disclosure.reports import Kid, estimate
from tests.unit.reports.disclosure.reports import report as of_kids

#: Counts that made-up lives, which all go by the same few steps, bring together by chance: of single weeks and months,
#: by one way out, of those past a limit long after it, of the few who are found late or have just been accepted. From
#: end to end most ways begin as waiting does.
_BY_CHANCE = frozenset(
    {
        *("queues", "months", "past_limit", "without_limit", "within", "exits", "outcomes_by_grade", "notices_again"),
        *("late_found", "unallocated_bands"),
        "whole",
    }
)


def _by_chance(relation: Relation) -> bool:
    # Of those who wait now hardly anybody is known to the day alone.
    return all(path[-2:] == ("open", "approximate") for path in relation) or any(
        _BY_CHANCE & {piece for part in path for piece in part.split("/")} for path in relation
    )


def _undeclared(seed: int, size: int, reports: int, areas: Sequence[str | None] = (AREA,)) -> list[str]:
    """What adds up in many reports of some families, and of others, and is not declared to."""
    random, of = Random(seed), families(seed, size)
    asked = [((AFTER, DURING)[number % 2], areas[number % len(areas)]) for number in range(reports)]
    figures = [report(some(random, of), instant, area) for instant, area in asked]
    numbers = [told(each) for each in figures]
    found = [each for each in relations(numbers) if not _by_chance(each)]
    # What enters the first stage is new or reopened; what a median rests on stands beside every other number of it.
    assert len(found) > 100
    collected = Collected(max(figures, key=lambda each: each.ledger.new), THRESHOLD)
    noughts = {key for key in numbers[0] if not any(each.get(key) for each in numbers)}
    declared = Declared(collected.cells, collected.sums, noughts)
    unknown = [each for each in found if not declared.follows(each)]
    # What holds by chance does not hold of other children.
    others = families(1_000 + seed, size // 2) if unknown else []
    further = [told(report(some(random, others), *each)) for each in asked[: reports // 2 if unknown else 0]]
    return sorted({in_words(each) for each in unknown if all(holds(each, of) for of in further)})


def test_counts_that_add_up_in_every_report_are_declared_to_add_up() -> None:
    assert _undeclared(1, 220, 12) == []


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(11, 23))
def test_counts_that_add_up_in_every_report_of_many_worlds_are_declared_to_add_up(seed: int) -> None:
    assert _undeclared(seed, 260, 20, (AREA, AREA, None)) == []


def test_all_who_left_by_the_one_way_that_is_told_are_all_who_left() -> None:
    found = of_kids([*_kids(40), *_kids(30, waiting=True)])
    whole, *others = found.stages
    (way,) = whole.exits
    few = msgspec.structs.replace(whole, exits=[msgspec.structs.replace(way, behind=2)])
    shown = apply(msgspec.structs.replace(found, stages=[few, *others])).stages[0]
    assert (str(shown.exits[0].count), str(shown.left)) == ("6 or more", "6 or more")


def test_who_fell_due_a_week_after_coming_does_not_tell_who_came() -> None:
    """Of a limit in whole weeks all who came in one fall due together: two of a week are not told by what is due."""
    found = of_kids(_kids(60))
    (queue,) = found.queues
    came, begins = [40, 9, 30, 40], queue.weeks[0].begins
    weeks = [
        msgspec.structs.replace(
            queue.weeks[0],
            begins=begins + timedelta(weeks=number),
            arrived=arrived,
            left=arrived,
            stock=0,
            due=due,
            met=0,
        )
        for number, (arrived, due) in enumerate(zip(came, [0, *came], strict=False))
    ]
    stood = {f"queues/decision/weeks/{weeks[1].begins}/arrived": 2}
    shown = apply(
        msgspec.structs.replace(found, queues=[Queue(stage="decision", weeks=weeks, days=[])], behind_parts=stood)
    )
    assert [str(each.arrived) for each in shown.queues[0].weeks][1] == "6 or more"
    assert [str(each.due) for each in shown.queues[0].weeks][2] == "6 or more"


def _kids(number: int, *, waiting: bool = False) -> list[Kid]:
    return [
        Kid(incident=place, grade=1, district=0, minutes=600, cause=None if waiting else "contact_decided", late=False)
        for place in range(number)
    ]


def test_the_first_stage_does_not_tell_what_the_ledger_hides() -> None:
    """A hidden 3 was the ways out that the stage tells less those that the ledger tells."""
    found = of_kids([*_kids(40), *_kids(30, waiting=True)])
    stages = [msgspec.structs.replace(each, stage="unassessed") for each in found.stages]
    ledger = msgspec.structs.replace(found.ledger, new=67, reopened=3)
    shown = apply(msgspec.structs.replace(found, stages=stages, ledger=ledger))
    assert (str(shown.ledger.reopened), shown.stages[0].open.count) == ("1 to 5", 30)
    assert is_hidden(shown.ledger.new) or is_hidden(shown.stages[0].entered)
    # How long those children waited tells nothing of it.
    assert shown.stages[0].median.value == 600


def test_how_many_a_median_rests_on_does_not_tell_of_how_many_only_the_day_is_known() -> None:
    found = of_kids(_kids(60))
    whole, *others = found.stages
    rests_on = msgspec.structs.replace(whole.median, n=57)
    vague = msgspec.structs.replace(
        whole, median=rests_on, ninetieth=estimate(600, 57), completeness=Completeness(all=60, approximate=3)
    )
    shown = apply(msgspec.structs.replace(found, stages=[vague, *others])).stages[0]
    assert (str(shown.completeness.approximate), is_hidden(shown.median.n)) == ("1 to 5", True)
    # Their median is no number of children: whoever is counted on both sides of it is many.
    assert (shown.entered, shown.median.value) == (60, 600)
