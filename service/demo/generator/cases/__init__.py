"""Cases told by hand: everything that the samples lack and chance seldom brings."""

from collections.abc import Iterator
from datetime import UTC, datetime

from service.demo.generator.cases.at_the_desk import AT_THE_DESK
from service.demo.generator.cases.at_the_police import AT_THE_POLICE
from service.demo.generator.cases.in_social_care import IN_SOCIAL_CARE
from service.demo.generator.shapes import SyntheticPathway


def written_cases(until: datetime) -> Iterator[SyntheticPathway]:
    """Every hand-written pathway, dated back from ``until``; siblings stand together.

    A pathway's milestones stand in the order they are told in; corrections point back by index.
    """
    until = until.astimezone(UTC).replace(microsecond=0)
    for tell in (*AT_THE_POLICE, *AT_THE_DESK, *IN_SOCIAL_CARE):
        yield from tell(until)
