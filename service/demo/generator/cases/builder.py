"""A small language for cases told by hand: who, when, what, in the order of recording."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from schema.vocabulary import Precision
from service.demo.generator.days import add_working_days, from_local, next_school_start, to_local
from service.demo.generator.partnership import AREA_KEY, AREAS, AT_SCHOOL, FORCE_CODE, SCHOOLS, TOO_YOUNG
from service.demo.generator.shapes import SyntheticChild, SyntheticIncident, SyntheticMilestone, SyntheticPathway
from service.demo.generator.telling import Discussions

LIAISON = "liaison.gmp"
WIGAN, BOLTON, ROCHDALE = (area.code for area in AREAS)
_DISTRICTS = {area.code: area.districts[0] for area in AREAS}


#: Years from which a child of a hand-written case goes to school.
FIRST_SCHOOL_AGE = 5.2
#: How long after it happened a fact is recorded.
_WRITTEN_DOWN = timedelta(minutes=5)
_NO_SCHOOL_WORD = ("school_notified", "withdrawn")


class Times:
    """Instants of a case, counted from its day 0 and told in local time.

    Day 0 is an ordinary Tuesday some ``weeks_ago`` before the end, so that a case reads the same
    whenever the demo is made.
    """

    def __init__(self, until: datetime, weeks_ago: int) -> None:
        today = to_local(until).date()
        self.until = until
        self.day0 = today - timedelta(days=today.weekday() - 1 + 7 * weeks_ago)

    def at(self, day: int, hour: int, minute: int = 0) -> datetime:
        """Wall clock on a calendar day after day 0."""
        return from_local(self.day0 + timedelta(days=day), hour, minute)

    def on(self, day: int) -> date:
        return self.day0 + timedelta(days=day)

    def working(self, days: int, after: int, hour: int, minute: int = 0) -> datetime:
        """Wall clock on the ``days``-th working day after the calendar day ``after``."""
        return from_local(add_working_days(self.on(after), days), hour, minute)


class Case:
    """One incident told by hand; its children and their milestones are added one by one."""

    def __init__(self, number: int, slug: str, times: Times, area: str = WIGAN, no_child: str | None = None) -> None:
        self.slug = slug
        self.times = times
        self.area = area
        self._number = number
        self.incident = SyntheticIncident(
            force=FORCE_CODE,
            reference=f"06DA/{90_000 + number:06d}/{times.day0.year % 100:02d}",
            area=area,
            district=_DISTRICTS[area],
            no_child_reason=no_child,
        )
        self._facts = 0
        self._discussions = Discussions(self.incident.reference)

    def person(self, stem: str, area: str | None = None) -> str:
        return f"{stem}.{AREA_KEY[area or self.area]}"

    def child(self, given: str, family: str, born: date | None, *, nth: int = 1, **more: Any) -> SyntheticChild:
        """A child of this case's household. ``nth`` numbers siblings."""
        more = {"sex": "F", "area": self.area, **more}
        years = (self.times.day0 - born).days / 365.25 if born else 0.0
        if years < FIRST_SCHOOL_AGE:
            more["school_status"] = TOO_YOUNG
        else:
            more["school_status"] = AT_SCHOOL
            more["school"] = SCHOOLS[more["area"], "primary" if years < 11.4 else "secondary"][0]
        return SyntheticChild(
            reference=f"{more['area']}-{900_000 + self._number * 10 + nth}",
            family_name=family,
            given_names=given,
            household=f"case-{self._number}",
            date_of_birth=born,
            **more,
        )

    def fact(
        self,
        kind: str,
        when: datetime | date,
        outcome: str | None = None,
        *,
        by: str | None = None,
        shared: bool = False,
        recorded: datetime | None = None,
        precision: Precision = "minute",
        **more: Any,
    ) -> SyntheticMilestone:
        """One milestone. A plain date is day-precise; ``shared``: one fact for all the siblings.

        ``more`` is its detail, except for ``supersedes``, ``retracted``, ``authorised_by`` and
        ``because`` (the reason of a correction).
        """
        self._facts += 1
        exact = when if isinstance(when, datetime) else None
        on = None if isinstance(when, datetime) else when
        told = exact or from_local(on or self.times.day0, 17, 0)
        fields: dict[str, Any] = {
            key: more.pop(key) for key in ("supersedes", "retracted", "authorised_by") if key in more
        }
        fields["reason"] = more.pop("because", None)
        return SyntheticMilestone(
            kind=kind,
            at=exact.astimezone(UTC) if exact else None,
            on=on,
            precision="day" if on is not None else precision,
            outcome=outcome,
            detail=more | self._discussions.detail(kind),
            recorded_at=recorded or told + _WRITTEN_DOWN,
            recorded_by=by or self.person("coordinator"),
            record=f"{self.incident.reference}/{self._facts}" if shared else None,
            **fields,
        )

    def notice(
        self,
        grade: str | None = "medium",
        *,
        attended: tuple[int, int] = (20, 10),
        shared_after_hours: float | None = 12,
        received: bool = True,
        area: str | None = None,
    ) -> list[SyntheticMilestone]:
        """The usual beginning on day 0, one record each for all the siblings of an area."""
        at = self.times.at(0, *attended)
        beginning = [
            self.fact("incident_occurred", at - timedelta(minutes=45), by=LIAISON, shared=True),
            self.fact("police_reported", at - timedelta(minutes=25), by=LIAISON, shared=True),
            self.fact("police_attended", at, by=LIAISON, shared=True),
        ]
        if grade is not None:
            graded = at + timedelta(minutes=40)
            beginning.append(self.graded("risk_graded", graded, grade, "officer", "As found at the scene."))
        beginning.append(self.fact("notice_submitted", at + timedelta(minutes=100), by=LIAISON, shared=True))
        if shared_after_hours is not None:
            sent = at + timedelta(minutes=round(shared_after_hours * 60))
            beginning.append(self.fact("notice_shared", sent, by=LIAISON, shared=True))
            if received:
                by = self.person("coordinator", area)
                beginning.append(self.fact("notice_received", sent + timedelta(minutes=10), by=by, shared=True))
        return beginning

    def graded(
        self, kind: str, when: datetime | date, grade: str, who: str, rationale: str, *, shared: bool = True
    ) -> SyntheticMilestone:
        """A grade by the ``officer`` or by ``triage`` (``risk_regraded``), with its rationale."""
        told = self.fact(kind, when, grade, by=LIAISON, shared=shared, rationale=rationale)
        told.detail["by"] = who
        return told

    def regraded(self, at: datetime, grade: str, rationale: str) -> SyntheticMilestone:
        return self.graded("risk_regraded", at, grade, "triage", rationale)

    def decided(
        self, at: datetime, outcome: str, rationale: str, area: str | None = None, **more: Any
    ) -> SyntheticMilestone:
        """A complete contact decision by the area's manager."""
        by = self.person("manager", area)
        said = {"rationale": rationale, "history_considered": "Earlier notices read.", "decided_by": by, **more}
        return self.fact("contact_decided", at, outcome, by=by, **said)

    def assessed(self, decided: datetime, area: str | None = None, *, seen: bool = True) -> list[SyntheticMilestone]:
        """What an accepted referral leads to: a worker, a visit and, after 30 working days, an end."""
        worker, by = self.person("worker", area), self.person("teammanager", area)
        team = self.person("assessment", area)
        day = to_local(decided).date()
        told = [
            self.fact("referral_accepted", decided, by=self.person("manager", area)),
            self.fact("allocated", from_local(add_working_days(day, 1), 9, 40), by=by, worker=worker, team=team),
        ]
        if seen:
            told.append(self.fact("child_seen", from_local(add_working_days(day, 3), 16, 10), by=worker))
        end = from_local(add_working_days(day, 30), 14, 0)
        if end + timedelta(days=1) < self.times.until:
            told.append(self.fact("assessment_authorised", end, "no_further_action", by=by, worker=worker))
            told.append(self.fact("closed", end + timedelta(hours=1), by=by))
        return told

    def helped(self, decided: datetime) -> SyntheticMilestone:
        """Early help took the family on three working days after the decision."""
        at = from_local(add_working_days(to_local(decided).date(), 3), 11, 15)
        return self.fact("early_help_accepted", at, consent=True)

    def held(self, at: datetime, *present: str, quorate: bool = True, starts: bool = True) -> SyntheticMilestone:
        """A strategy discussion that took place."""
        outcome = "quorate" if quorate else "not_quorate"
        by = self.person("manager")
        return self.fact(
            "strategy_held",
            at,
            outcome,
            by=by,
            shared=True,
            agencies_present=list(present),
            initiates_enquiry=starts,
            chair=by,
            form="video",
        )

    def pathway(
        self,
        child: SyntheticChild | None,
        milestones: Sequence[SyntheticMilestone],
        involvement: str = "in_the_property",
    ) -> SyntheticPathway:
        """The finished pathway of one child; the school was told on the next school morning."""
        told = list(milestones)
        if child is not None and child.school and all(row.kind not in _NO_SCHOOL_WORD for row in told):
            known = next(row for row in told if row.kind == "notice_submitted").at or self.times.at(0, 17)
            at = next_school_start(known) - timedelta(minutes=55)
            # In the holidays nobody has been told yet.
            if at + _WRITTEN_DOWN <= self.times.until:
                told.append(self.fact("school_notified", at, by=LIAISON))
        return SyntheticPathway(
            incident=self.incident,
            child=child,
            area=child.area if child else self.area,
            involvement=involvement,
            milestones=tuple(told),
            case=self.slug,
        )
