"""Cases about notices: areas, grades, times that are odd, and what was recorded late or wrongly."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from msgspec import structs

from service.demo.generator.cases.builder import BOLTON, LIAISON, ROCHDALE, Case, Times
from service.demo.generator.days import from_local, to_local
from service.demo.generator.shapes import SyntheticPathway


def two_areas(until: datetime) -> Iterator[SyntheticPathway]:
    """The flat is in Wigan; the half-brother lives in Bolton. Each area has its own notice."""
    times = Times(until, 9)
    case = Case(1, "two-areas-in-one-incident", times)
    here = case.child("Orla", "Markland", date(2016, 4, 2))
    there = case.child("Jude", "Markland-Shaw", date(2013, 9, 21), nth=2, area=BOLTON, sex="M")
    notice = case.notice("high", shared_after_hours=3)
    decided = case.decided(times.at(1, 10, 5), "referral", "Both children heard the assault.")
    after = case.assessed(times.at(1, 10, 5))
    yield case.pathway(here, [*notice, decided, *after], "saw_or_heard")
    later = case.notice("high", shared_after_hours=30, area=BOLTON)[-2:]
    decided = case.decided(times.at(3, 15, 20), "advice", "Lives with his father; was not there.", area=BOLTON)
    yield case.pathway(there, [*notice[:5], *later, decided], "child_of_party_elsewhere")


def declined_then_again(until: datetime) -> Iterator[SyntheticPathway]:
    """Not shared in spring; a further incident within 12 months asks for a second look."""
    times = Times(until, 30)
    case = Case(2, "not-shared-then-further-incident", times)
    child = case.child("Kacper", "Dabrowski", date(2017, 1, 30), sex="M")
    declined = case.fact(
        "notice_not_shared",
        times.at(2, 11, 40),
        "below_threshold",
        by=LIAISON,
        text="Verbal argument; child at his grandmother's; no history.",
        decided_by=LIAISON,
    )
    school = case.fact("school_notified", times.at(1, 8, 15), by=LIAISON)
    notice = case.notice("standard", shared_after_hours=None)
    yield case.pathway(child, [*notice, school, declined], "lives_there_absent")
    times = Times(until, 1)
    again = Case(3, "further-incident-after-not-shared", times)
    yield again.pathway(child, again.notice("medium", shared_after_hours=None), "saw_or_heard")


def regrades(until: datetime) -> Iterator[SyntheticPathway]:
    """Up; down with its rationale in time; down only after the time had passed."""
    times = Times(until, 12)
    case = Case(4, "regraded-up", times)
    up = case.regraded(times.at(1, 9, 0), "high", "Third report in six weeks; strangulation in the first.")
    notice = case.notice("standard", shared_after_hours=15)
    decided = case.decided(times.at(1, 16, 30), "referral", "Escalating.")
    yield case.pathway(
        case.child("Niamh", "Rigby", date(2019, 6, 11)), [*notice, up, decided, *case.assessed(times.at(1, 16, 30))]
    )

    case = Case(5, "regraded-down-in-time", times)
    down = case.regraded(times.at(0, 22, 30), "standard", "Answers misread; no injuries, no fear.")
    notice = case.notice("medium", shared_after_hours=40)
    decided = case.decided(times.at(2, 15, 10), "advice", "Support in place.")
    yield case.pathway(case.child("Elis", "Nuttall", date(2015, 3, 3), sex="M"), [*notice, down, decided])

    case = Case(6, "regraded-down-too-late", times)
    down = case.regraded(times.at(3, 10, 0), "standard", "Regraded on the fourth day, when it was already late.")
    notice = case.notice("medium", shared_after_hours=70)
    decided = case.decided(times.at(6, 11, 0), "advice", "Spoken to; a plan for contact is in place.")
    yield case.pathway(case.child("Anwen", "Kay", date(2012, 8, 8)), [*notice, down, decided])


def urgent_for_child(until: datetime) -> Iterator[SyntheticPathway]:
    """A standard grade for the adult, and a child who was hurt: counts as high."""
    times = Times(until, 8)
    case = Case(7, "urgent-for-child", times, BOLTON)
    urgent = case.fact("urgent_for_child", times.at(0, 21, 0), by=LIAISON, reason="Bruise to the arm.")
    urgent.detail["by"] = "officer"
    notice = case.notice("standard", shared_after_hours=5)
    decided = case.decided(times.at(1, 11, 0), "strategy_discussion", "Injury to a child of three.")
    manager = case.person("manager")
    met = [
        case.fact("threshold_reached", times.at(1, 11, 0), by=manager, manager=manager, reason="Injury."),
        case.fact("strategy_requested", times.at(1, 11, 20), shared=True),
        case.held(times.at(1, 15, 0), "childrens_social_care", "police", "health", starts=False),
        case.fact("strategy_record_issued", times.at(2, 10, 0), shared=True),
    ]
    child = case.child("Betsi", "Haslam", date(2023, 2, 14))
    told = [*notice, urgent, decided, *met, *case.assessed(times.at(1, 11, 0))]
    yield case.pathway(child, told, "saw_or_heard")


def day_precise(until: datetime) -> Iterator[SyntheticPathway]:
    """Paper records: attended, shared and decided on a day, with no time of day."""
    times = Times(until, 20)
    case = Case(8, "day-precise-times", times, ROCHDALE)
    told = [
        case.fact("incident_occurred", times.on(-1), by=LIAISON),
        case.fact("police_attended", times.on(0), by=LIAISON),
        case.graded("risk_graded", times.on(0), "medium", "officer", "Copied from the paper form.", shared=False),
        case.fact("notice_submitted", times.on(0), by=LIAISON),
        case.fact("notice_shared", times.on(2), by=LIAISON),
        case.fact("notice_received", times.on(2)),
        case.decided(times.at(6, 14, 0), "early_help", "Parents ask for help."),
        case.helped(times.at(6, 14, 0)),
    ]
    yield case.pathway(case.child("Idris", "Kay", date(2018, 12, 1), sex="M"), told, "not_recorded")


def ambiguous_hour(until: datetime) -> Iterator[SyntheticPathway]:
    """Attended at 01:30 in the hour that exists twice; the second one, after the call at 01:50."""
    year = to_local(until).year
    change = _last_sunday_of_october(year)
    if from_local(change + timedelta(days=14), 0) > until:
        change = _last_sunday_of_october(year - 1)
    times = Times(until, 0)
    times.day0 = change
    case = Case(9, "attended-in-the-hour-that-exists-twice", times)
    attended = from_local(change, 1, 30, fold=1)
    told = [
        case.fact("police_reported", from_local(change, 1, 50, fold=0), by=LIAISON),
        case.fact("police_attended", attended, by=LIAISON),
        case.graded(
            "risk_graded", attended + timedelta(minutes=30), "high", "officer", "Threats to kill.", shared=False
        ),
        case.fact("notice_submitted", attended + timedelta(minutes=90), by=LIAISON),
        case.fact("notice_shared", attended + timedelta(minutes=239), by=LIAISON),
        case.fact("notice_received", attended + timedelta(minutes=245)),
        case.decided(times.at(1, 10, 0), "referral", "Children hid in the bathroom."),
    ]
    yield case.pathway(
        case.child("Emre", "Walmsley", date(2014, 7, 19), sex="M"),
        told + case.assessed(times.at(1, 10, 0)),
        "saw_or_heard",
    )


def _last_sunday_of_october(year: int) -> date:
    last = date(year, 10, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def late_and_corrected(until: datetime) -> Iterator[SyntheticPathway]:
    """A decision keyed nine days later; a receipt corrected, which turns late into in time; a retraction."""
    times = Times(until, 14)
    case = Case(10, "decision-entered-late", times)
    decided = case.decided(times.at(1, 12, 0), "advice", "Decided by phone.", recorded=times.at(10, 9, 30))
    yield case.pathway(case.child("Mabli", "Ogden", date(2020, 10, 10)), [*case.notice(), decided])

    case = Case(11, "decision-time-corrected-to-in-time", times)
    told = [*case.notice(), case.decided(times.at(6, 9, 0), "early_help", "Family help agreed.")]
    right = case.decided(
        times.at(1, 15, 0),
        "early_help",
        "Family help agreed.",
        recorded=times.at(8, 10, 0),
        supersedes=len(told) - 1,
        because="Keyed with the date of writing up; the decision sheet shows the day after receipt.",
        authorised_by="manager2.wigan",
        evidence="Signed decision sheet",
    )
    yield case.pathway(
        case.child("Rhodri", "Boyle", date(2013, 5, 27), sex="M"), [*told, right, case.helped(times.at(6, 9, 0))]
    )

    case = Case(12, "enquiry-recorded-on-the-wrong-child", times)
    told = [*case.notice(), case.decided(times.at(1, 14, 0), "advice", "Older cousin, visiting.")]
    told.append(case.fact("child_seen", times.at(2, 16, 0), by="worker.wigan"))
    wrong = case.fact(
        "child_seen",
        times.at(2, 16, 0),
        by="manager.wigan",
        recorded=times.at(5, 9, 0),
        supersedes=len(told) - 1,
        retracted=True,
        because="Belongs to another child of the same name.",
    )
    yield case.pathway(case.child("Maja", "Zielińska", date(2016, 11, 5)), [*told, wrong], "child_of_party_elsewhere")


def found_late(until: datetime) -> Iterator[SyntheticPathway]:
    """The second child came to light when the school rang; her notice is timed alone."""
    times = Times(until, 10)
    case = Case(13, "child-found-late", times, BOLTON)
    notice = case.notice("medium", shared_after_hours=14)
    decided = case.decided(times.at(1, 16, 0), "referral", "Assessment needed.")
    yield case.pathway(
        case.child("Harri", "Grundy", date(2011, 1, 9), sex="M"),
        [*notice, decided, *case.assessed(times.at(1, 16, 0))],
        "saw_or_heard",
    )
    known = times.at(6, 9, 20)
    early = [structs.replace(told, recorded_at=known) for told in notice[:4]]
    early.append(case.fact("notice_submitted", times.at(6, 9, 30), by=LIAISON, found_late=True))
    early.append(case.fact("notice_shared", times.at(6, 10, 0), by=LIAISON))
    early.append(case.fact("notice_received", times.at(6, 10, 10)))
    later = case.decided(times.at(6, 15, 0), "referral", "Joined to her brother's assessment.")
    yield case.pathway(
        case.child("Erin", "Grundy", date(2021, 3, 30), nth=2), [*early, later, *case.assessed(times.at(6, 15, 0))]
    )


def childless(until: datetime) -> Iterator[SyntheticPathway]:
    """Incidents that name no child, each for its own reason."""
    for number, reason in ((14, "none_in_household"), (15, "not_asked"), (16, "not_recorded")):
        case = Case(number, f"no-child-{reason.replace('_', '-')}", Times(until, 4), no_child=reason)
        yield case.pathway(None, case.notice("standard", shared_after_hours=None), "not_recorded")


def withdrawn_duplicate(until: datetime) -> Iterator[SyntheticPathway]:
    """Two control rooms made two references; the second is withdrawn, not merged away."""
    times = Times(until, 7)
    case = Case(17, "attended-once-logged-twice", times)
    child = case.child("Ceri", "Seddon", date(2010, 2, 2))
    decided = case.decided(times.at(1, 13, 0), "linked_to_open_case", "Open to the team.", worker="worker2.wigan")
    reviewed = case.fact("worker_reviewed", times.at(2, 10, 0), by="worker2.wigan", text="Contact plan stopped.")
    yield case.pathway(child, [*case.notice(), decided, reviewed], "saw_or_heard")
    twin = Case(18, "withdrawn-duplicate", times)
    gone = twin.fact("withdrawn", times.at(1, 9, 0), "duplicate", by=LIAISON, of=case.incident.reference,
                     reason="Same attendance, logged by both control rooms.")  # fmt: skip
    yield twin.pathway(child, [*twin.notice(shared_after_hours=None), gone], "saw_or_heard")


def out_of_order(until: datetime) -> Iterator[SyntheticPathway]:
    """Typed with the day and the month of the receipt in the wrong order of events: shown, never hidden."""
    times = Times(until, 6)
    case = Case(19, "received-before-shared", times, ROCHDALE)
    told = [*case.notice(received=False), case.fact("notice_received", times.at(0, 20, 30))]
    told.append(case.decided(times.at(1, 12, 0), "no_further_action", "Children were abroad with their aunt."))
    yield case.pathway(case.child("Amal", "Mahmood", date(2015, 9, 9)), told, "lives_there_absent")


AT_THE_POLICE = (
    two_areas, declined_then_again, regrades, urgent_for_child, day_precise, ambiguous_hour, late_and_corrected,
    found_late, childless, withdrawn_duplicate, out_of_order,
)  # fmt: skip
