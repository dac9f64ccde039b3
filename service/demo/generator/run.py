"""Two years of a partnership, told one pathway at a time."""

from collections.abc import Iterator
from datetime import UTC, datetime

from service.demo.generator.chance import Fortune
from service.demo.generator.corrections import with_correction
from service.demo.generator.course.front_door import tell_front_door
from service.demo.generator.course.police import LIAISON, Notice, tell_of_child, tell_police
from service.demo.generator.days import to_local
from service.demo.generator.live import hold_back, placed
from service.demo.generator.outline import Outline, drawn, with_families
from service.demo.generator.partnership import FORCE_CODE
from service.demo.generator.shapes import SyntheticChild, SyntheticIncident, SyntheticMilestone, SyntheticPathway
from service.demo.generator.telling import Telling, in_order, minutes

#: Siblings who are decided apart; notices the police decline for a child.
APART = 0.07
NOT_SHARED = {"standard": 0.06, "medium": 0.012}
#: How a child stood to the incident, with the running total of its chance.
_INVOLVED = (
    (0.46, "saw_or_heard"),
    (0.76, "in_the_property"),
    (0.88, "lives_there_absent"),
    (0.95, "child_of_party_elsewhere"),
    (1.00, "not_recorded"),
)


def generate(seed: int, until: datetime, scale: float = 1.0) -> Iterator[SyntheticPathway]:
    """Every pathway of the two years before ``until``, by the time police attended.

    The same arguments give the same pathways. ``scale`` 1.0 is about 3,000 incidents and 5,500
    children; nothing in the result happens, or is recorded, after ``until`` (an aware instant).
    """
    until = until.astimezone(UTC).replace(microsecond=0)
    fortune = Fortune(seed)
    outlines = drawn(fortune.rng, until, scale) + placed(until)
    with_families(fortune.rng, outlines, until)
    hold_back(fortune.rng, outlines, scale)
    for outline in outlines:
        yield from _tell(fortune, outline, until)


def _tell(fortune: Fortune, outline: Outline, until: datetime) -> Iterator[SyntheticPathway]:
    area = outline.area.code
    district = outline.household.district if outline.household else fortune.rng.choice(outline.area.districts)
    incident = SyntheticIncident(
        force=FORCE_CODE,
        reference=outline.reference,
        area=area,
        district=district,
        no_child_reason=outline.no_child_reason,
    )
    scene = Telling(fortune, until, area, outline.reference, 1)
    notice = tell_police(scene, outline)
    facts = scene.rows[0]
    if outline.household is None:
        yield SyntheticPathway(
            incident=incident, child=None, area=area, involvement="not_recorded", milestones=in_order(facts)
        )
        return
    for number, children in enumerate(_groups(fortune, outline)):
        telling = Telling(fortune, until, area, outline.reference, len(children), number + 1)
        _tell_group(telling, outline, children, facts, notice)
        for child, rows in zip(children, telling.rows, strict=True):
            yield SyntheticPathway(
                incident=incident,
                child=child,
                area=area,
                involvement=_involvement(fortune, outline, child),
                milestones=with_correction(telling, in_order(rows)),
            )


def _groups(fortune: Fortune, outline: Outline) -> list[tuple[SyntheticChild, ...]]:
    """The family's children as they are decided: mostly all together."""
    children = outline.household.children if outline.household else ()
    if len(children) > 1 and outline.hold is None and fortune.rng.random() < APART:
        return [children[:1], children[1:]]
    return [children]


def _tell_group(
    telling: Telling,
    outline: Outline,
    children: tuple[SyntheticChild, ...],
    facts: list[SyntheticMilestone],
    notice: Notice,
) -> None:
    rng, known = telling.rng, facts[0].recorded_at
    declined = outline.hold is None and rng.random() < NOT_SHARED.get(outline.grade or "", 0.0)
    if declined and notice.shared is not None:
        telling.take([fact for fact in facts if fact.kind not in ("notice_shared", "notice_received")])
        detail = {"text": "Children not present or affected; no earlier notice in the year.", "decided_by": LIAISON}
        reason = "below_threshold" if rng.random() < 0.8 else "no_child_affected"
        telling.tell(
            "notice_not_shared", notice.shared, LIAISON, reason, detail=detail, recorded_at=notice.shared + minutes(1)
        )
    else:
        telling.take(facts)
    for only, child in enumerate(children):
        tell_of_child(telling, outline, child, only, known)
    if not declined and notice.received is not None:
        tell_front_door(telling, outline, notice.received)


def _involvement(fortune: Fortune, outline: Outline, child: SyntheticChild) -> str:
    on = to_local(outline.attended).date()
    if child.date_of_birth is None or on < child.date_of_birth:
        return "unborn"
    u = fortune.rng.random()
    if (on - child.date_of_birth).days > 16 * 365.25 and u < 0.3:
        return "party_to_incident"
    u = fortune.rng.random()
    return next(involved for upto, involved in _INVOLVED if u <= upto)
