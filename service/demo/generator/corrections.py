"""A few times were written down wrongly and put right days later."""

from datetime import timedelta
from itertools import pairwise

from msgspec import structs

from service.demo.generator.shapes import SyntheticMilestone
from service.demo.generator.telling import Telling, minutes

#: Share of pathways with one corrected time.
CORRECTED = 0.02
KINDS = frozenset({"contact_decided", "allocated", "child_seen"})
REASONS = ("Time misread from the written sheet.", "Typed the time of writing up.", "Wrong half of the day.")


def with_correction(telling: Telling, told: tuple[SyntheticMilestone, ...]) -> tuple[SyntheticMilestone, ...]:
    """Perhaps one correction more, at the end: to a later time, still before what came next.

    A time is never moved earlier here: that could turn late into in time, which takes a second
    person and is told by hand.
    """
    rng = telling.rng
    if rng.random() > CORRECTED:
        return told
    for index, (wrong, following) in enumerate(pairwise(told)):
        if wrong.kind not in KINDS or wrong.at is None or following.at is None:
            continue
        known = wrong.recorded_at + timedelta(days=1 + rng.randrange(9), minutes=rng.randrange(300))
        room = min((following.at - wrong.at) / minutes(1), 600.0)
        if known > telling.until or room < 60:
            continue
        right = structs.replace(
            wrong,
            at=wrong.at + minutes(room / 2),
            recorded_at=known,
            recorded_by=telling.person("manager2"),
            supersedes=index,
            reason=rng.choice(REASONS),
        )
        return (*told, right)
    return told
