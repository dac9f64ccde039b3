"""Whatever adds up in a report is known to what protects it: looked for in many reports, not read from the code."""

from random import Random

import msgspec

from service.reports.disclosure import THRESHOLD, apply, is_hidden
from service.reports.disclosure.collecting import Collected
from service.reports.measures.figures import Completeness
from tests.unit.reports.disclosure.lives_of_many import AFTER, DURING, families, report, some
from tests.unit.reports.disclosure.relations import Declared, Relation, holds, in_words, relations, told
from tests.unit.reports.disclosure.reports import Kid, estimate
from tests.unit.reports.disclosure.reports import report as of_kids

#: Counts that made-up lives, which all go by the same few steps, bring together by chance: of single weeks and months,
#: by one way out, of those past a limit long after it. From end to end most ways begin as waiting does.
_BY_CHANCE = frozenset(
    {
        *("queues", "months", "past_limit", "without_limit", "within", "exits", "outcomes_by_grade", "notices_again"),
        "whole",
    }
)


def _by_chance(relation: Relation) -> bool:
    return any(_BY_CHANCE & {piece for part in path for piece in part.split("/")} for path in relation)


def test_counts_that_add_up_in_every_report_are_declared_to_add_up() -> None:
    random, of = Random(5), families(1, 220)
    figures = [report(some(random, of), (AFTER, DURING)[number % 2]) for number in range(12)]
    found = [each for each in relations([told(each) for each in figures]) if not _by_chance(each)]
    # What enters the first stage is new or reopened; what a median rests on stands beside every other number of it.
    assert len(found) > 100
    collected = Collected(max(figures, key=lambda each: each.ledger.new), THRESHOLD)
    declared = Declared(collected.cells, collected.sums)
    unknown = [each for each in found if not declared.follows(each)]
    # What holds by chance does not hold of other children.
    others = families(2, 120) if unknown else []
    further = [told(report(some(random, others), AFTER)) for _ in range(6 if unknown else 0)]
    assert sorted({in_words(each) for each in unknown if all(holds(each, of) for of in further)}) == []


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
