"""Where live cases stand at the end, so that every page has somebody on it.

Two means: cases placed at every step in every area, and quotas that hold a part of the drawn ones.
"""

from datetime import datetime, timedelta
from random import Random

from service.demo.generator.days import ONE_DAY
from service.demo.generator.outline import LIVE_DAYS, Outline
from service.demo.generator.partnership import AREAS

#: Incidents not yet shared at the end, at scale 1, and children waiting per area.
UNSHARED = {"high": 4, "medium": 41, "standard": 17}
WAITING = {"359": 90, "350": 78, "354": 68}
#: Share of the notices held at the front door that wait for another agency's information.
CHECKS_AWAITED = 0.25

#: Attended how many hours ago, grade, step it waits for, outcome. In every area.
_EVERYWHERE: tuple[tuple[float, str | None, str, str | None], ...] = (
    (3.2, "high", "transit", None),
    (9.0, "medium", "transit", None),
    (26.0, "high", "decision", None),
    (31.0, "high", "checks", None),
    (54.0, "medium", "checks", None),
    (76.0, "high", "decision", None),
    (140.0, None, "decision", None),
    (165.0, "standard", "decision", None),
    (220.0, "standard", "checks", None),
    (170.0, "medium", "allocation", "referral"),
    (260.0, "high", "allocation", "referral"),
    (190.0, "medium", "seeing", "referral"),
    (330.0, "standard", "early_help", "early_help"),
    (175.0, "medium", "early_help", "early_help"),
    (180.0, "medium", "linked", "linked_to_open_case"),
    (300.0, "high", "linked", "linked_to_open_case"),
    (150.0, "high", "strategy", "strategy_discussion"),
    (200.0, "high", "postponed", "strategy_discussion"),
    (290.0, "medium", "postponed", "strategy_discussion"),
    (245.0, "high", "quorum", "strategy_discussion"),
    (250.0, "high", "record", "strategy_discussion"),
    (310.0, "high", "enquiry", "strategy_discussion"),
    (700.0, "medium", "enquiry", "strategy_discussion"),
    (520.0, "high", "conference", "strategy_discussion"),
    (760.0, "high", "conference", "strategy_discussion"),
    (900.0, "high", "core_group", "strategy_discussion"),
    (1300.0, "medium", "assessment", "referral"),
    (1700.0, "high", "assessment", "referral"),
)
#: Held by the force: the same, for one area each in turn.
_AT_THE_FORCE: tuple[tuple[float, str | None], ...] = (
    (0.6, "high"),
    (3.6, "high"),
    (6.4, "high"),
    (19 * 24 + 5.0, "medium"),
    (17 * 24 + 2.0, "medium"),
    (21.5, "medium"),
    (23.2, "medium"),
    (68.0, "standard"),
    (118.0, "standard"),
    (40.0, None),
)


def placed(until: datetime) -> list[Outline]:
    """One live case at every step in every area, and a few at the force at telling ages."""
    outlines = []
    for place, area in enumerate(AREAS):
        for hours, grade, hold, fate in _EVERYWHERE:
            outlines.append(_outline(until, hours + 0.35 * place, area.code, grade, hold, fate))
    for turn, (hours, grade) in enumerate(_AT_THE_FORCE):
        outlines.append(_outline(until, hours, AREAS[turn % len(AREAS)].code, grade, "notice", None))
    return outlines


def _outline(until: datetime, hours: float, area: str, grade: str | None, hold: str, fate: str | None) -> Outline:
    attended = (until - timedelta(minutes=round(hours * 60))).replace(second=0, microsecond=0)
    found = next(known for known in AREAS if known.code == area)
    return Outline(attended, (until - attended) / ONE_DAY, found, grade, hold=hold, fate=fate)


def hold_back(rng: Random, outlines: list[Outline], scale: float) -> None:
    """Fill the quotas from drawn cases, the youngest likelier than the old."""
    recent = [outline for outline in outlines if outline.age < LIVE_DAYS and outline.no_child_reason is None]
    free = sorted((outline for outline in recent if outline.hold is None), key=lambda o: o.age * (0.2 + rng.random()))
    for grade, quota in UNSHARED.items():
        wanted = round(quota * scale) - sum(o.hold == "notice" and o.grade == grade for o in recent)
        # The oldest medium one is placed at just over 19 days and so is not among the recent.
        wanted -= grade == "medium"
        reach = 1.2 if grade == "high" else 5.5 if grade == "standard" else LIVE_DAYS
        for outline in [o for o in free if o.grade == grade and o.age < reach][: max(0, wanted)]:
            outline.hold = "notice"
    for area, quota in WAITING.items():
        waiting = sum(_children(o) for o in outlines if o.area.code == area and o.hold in _BEFORE_DECISION)
        for outline in free:
            if waiting >= quota * scale:
                break
            if outline.area.code == area and outline.hold is None and 0.15 < outline.age < 11:
                outline.hold = "checks" if rng.random() < CHECKS_AWAITED else "decision"
                waiting += _children(outline)


_BEFORE_DECISION = ("notice", "transit", "decision", "checks")


def _children(outline: Outline) -> int:
    return len(outline.household.children) if outline.household else 0
