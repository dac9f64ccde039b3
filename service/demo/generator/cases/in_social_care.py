"""Cases about children, decisions, transfers, meetings and conferences."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from service.demo.generator.cases.builder import BOLTON, ROCHDALE, WIGAN, Case, Times
from service.demo.generator.days import ONE_DAY, to_local
from service.demo.generator.shapes import SyntheticMilestone, SyntheticPathway

CORE = ("childrens_social_care", "police", "health")


def unborn(until: datetime) -> Iterator[SyntheticPathway]:
    """One still to be born; and a pregnancy that turned out to be twins, with its history on both."""
    times = Times(until, 5)
    case = Case(30, "unborn-child", times)
    due = to_local(until).date() + timedelta(days=60)
    child = case.child("Unborn", "Crompton", None, sex="U", expected_date_of_birth=due)
    decided = case.decided(times.at(1, 10, 0), "referral", "Assault on a pregnant woman; midwife told.")
    after = case.assessed(times.at(1, 10, 0), seen=False)
    yield case.pathway(child, [*case.notice("high", shared_after_hours=2), decided, *after], "unborn")

    times = Times(until, 40)
    case = Case(31, "multiple-birth", times)
    due = times.on(70)
    born = due - timedelta(days=15)
    first = case.child("Tomos", "Fairclough", born, sex="M", expected_date_of_birth=due)
    second = case.child("Nel", "Fairclough", born, nth=2, expected_date_of_birth=due, born_from=first.reference)
    told = [*case.notice("medium"), case.decided(times.at(1, 15, 0), "referral", "Pre-birth assessment.")]
    told.append(
        case.fact(
            "allocated", times.at(2, 9, 30), by="teammanager.wigan", worker="worker3.wigan", team="assessment.wigan"
        )
    )
    for child in (first, second):
        seen = case.fact("child_seen", times.at(57, 11, 0), by="worker3.wigan")
        yield case.pathway(child, [*told, seen], "unborn")


def apart(until: datetime) -> Iterator[SyntheticPathway]:
    """Three siblings, one notice, three decisions on different days."""
    times = Times(until, 13)
    case = Case(32, "siblings-decided-apart", times)
    notice = case.notice("medium")
    decisions = (
        ("Gwen", date(2009, 12, 24), "no_further_action", "Lives at college; was not there.", 1),
        ("Owain", date(2014, 6, 6), "early_help", "Wants somebody to talk to; parents agree.", 2),
        ("Lowri", date(2022, 8, 17), "referral", "Was in the room and held by the father throughout.", 1),
    )
    for nth, (given, born, outcome, why, day) in enumerate(decisions, 1):
        child = case.child(given, "Parkinson", born, nth=nth, sex="M" if given == "Owain" else "F")
        at = times.at(day, 15, nth)
        after = case.assessed(at) if outcome == "referral" else [case.helped(at)] if outcome == "early_help" else []
        yield case.pathway(child, [*notice, case.decided(times.at(day, 15, nth), outcome, why), *after])


def seen_first(until: datetime) -> Iterator[SyntheticPathway]:
    """The worker happened to visit and saw the child before anybody at the front door decided."""
    times = Times(until, 6)
    case = Case(33, "seen-before-decided", times, ROCHDALE)
    seen = case.fact("child_seen", times.at(2, 14, 0), by="worker.rochdale", seen_alone=True)
    decided = case.decided(times.at(6, 11, 0), "linked_to_open_case", "Seen on Thursday.", worker="worker.rochdale")
    reviewed = case.fact("worker_reviewed", times.at(6, 16, 0), by="worker.rochdale", text="Visits doubled.")
    child = case.child("Zofia", "Łuczak", date(2018, 2, 27))
    yield case.pathway(child, [*case.notice(), seen, decided, reviewed], "saw_or_heard")


def transfers(until: datetime) -> Iterator[SyntheticPathway]:
    """Sent to the right area: accepted and decided there; and sent, with no answer since."""
    times = Times(until, 10)
    case = Case(34, "sent-and-accepted", times)
    told = [
        *case.notice("medium"),
        case.decided(times.at(1, 12, 0), "sent_to_right_area", "Family moved to Bolton in June.", to_area=BOLTON),
        case.fact("sent_to_right_area", times.at(1, 12, 10), by="manager.wigan", to_area=BOLTON),
        case.fact("transfer_accepted", times.at(2, 16, 0), by="manager.bolton", area=BOLTON),
        case.decided(times.at(3, 14, 0), "referral", "Known to Bolton's school team.", area=BOLTON),
    ]
    moved = case.assessed(times.at(3, 14, 0), area=BOLTON)
    yield case.pathway(case.child("Samir", "Hussain", date(2016, 3, 12), sex="M"), told + moved, "saw_or_heard")

    times = Times(until, 2)
    case = Case(35, "sent-and-not-answered", times, BOLTON)
    told = [
        *case.notice("medium"),
        case.decided(times.at(1, 15, 0), "sent_to_right_area", "Lives in Wigan with his aunt.", to_area=WIGAN),
        case.fact("sent_to_right_area", times.at(1, 15, 10), by="manager.bolton", to_area=WIGAN),
    ]
    yield case.pathway(case.child("Kofi", "Mensah", date(2012, 10, 1), sex="M"), told, "lives_there_absent")


def reopened(until: datetime) -> Iterator[SyntheticPathway]:
    """Closed after advice; opened again when the school said more, and decided a second time."""
    times = Times(until, 16)
    case = Case(36, "reopened", times)
    told = [
        *case.notice("standard", shared_after_hours=40),
        case.decided(times.at(3, 11, 0), "advice", "Support in place."),
        case.fact("closed", times.at(3, 11, 30), by="manager.wigan"),
        case.fact("reopened", times.at(17, 10, 0), by="manager.wigan", reason="School: child afraid to go home."),
        case.decided(times.at(22, 15, 0), "referral", "Child's account is new."),
    ]
    yield case.pathway(
        case.child("Efa", "Whittle", date(2013, 4, 18)), told + case.assessed(times.at(22, 15, 0)), "in_the_property"
    )


def help_declined(until: datetime) -> Iterator[SyntheticPathway]:
    """Early help declined by the parents: back at the front door, and nobody has decided since."""
    times = Times(until, 3)
    case = Case(37, "early-help-declined-undecided", times)
    told = [
        *case.notice("medium"),
        case.decided(times.at(1, 16, 0), "early_help", "Arguments over money; parents seemed willing."),
        case.fact("early_help_declined", times.at(7, 10, 0), by="coordinator2.wigan", reason="Parents said no"),
    ]
    yield case.pathway(case.child("Macsen", "Entwistle", date(2017, 7, 7), sex="M"), told, "saw_or_heard")


def _to_enquiry(case: Case, times: Times) -> list[SyntheticMilestone]:
    manager = case.person("manager")
    worker, team = case.person("worker4"), case.person("protection")
    return [
        *case.notice("high", shared_after_hours=2.5),
        case.decided(times.at(1, 9, 30), "strategy_discussion", "Child struck when stepping in."),
        case.fact("threshold_reached", times.at(1, 9, 30), by=manager, manager=manager, reason="Injury."),
        case.fact("strategy_requested", times.at(1, 9, 50), shared=True),
        case.fact("allocated", times.at(1, 11, 0), by=case.person("teammanager2"), worker=worker, team=team),
    ]


def conference_one_day_late(until: datetime) -> Iterator[SyntheticPathway]:
    """Two siblings, one conference, on working day 16 with day 0 the discussion."""
    times = Times(until, 15)
    case = Case(38, "conference-on-working-day-16", times)
    meetings = [case.held(times.at(1, 15, 0), *CORE, "education")]
    meetings.append(case.fact("strategy_record_issued", times.at(2, 12, 0), shared=True))
    begun = [*_to_enquiry(case, times), *meetings]
    done = times.working(13, 1, 16)
    conference = case.fact("conference_held", times.working(16, 1, 10), "plan", shared=True, category="emotional",
                           by=case.person("conference"), late_reason="Chair ill; agreed with the service.")  # fmt: skip
    core = case.fact("core_group_held", times.working(25, 1, 14), shared=True, by=case.person("teammanager2"))
    for nth, (given, born) in enumerate((("Cadi", date(2014, 1, 1)), ("Twm", date(2020, 5, 5))), 1):
        told = [
            *begun,
            case.fact("enquiry_started", times.at(1, 15, 0), "joint", by=case.person("teammanager2")),
            case.fact("child_seen", times.at(2, 13, nth), by=case.person("worker4"), seen_alone=True),
            case.fact("enquiry_completed", done, "substantiated_continuing_risk", by=case.person("teammanager2"),
                      conference_required="yes"),
            conference,
            core,
        ]  # fmt: skip
        yield case.pathway(case.child(given, "Melling", born, nth=nth, sex="FM"[nth - 1]), told, "saw_or_heard")


def conference_not_required(until: datetime) -> Iterator[SyntheticPathway]:
    """Nobody wrote that no conference was needed until the fifteen working days were over."""
    times = Times(until, 17)
    case = Case(39, "conference-not-required-after-day-15", times, BOLTON)
    done = times.working(18, 1, 11)
    by = case.person("teammanager2")
    told = [
        *_to_enquiry(case, times),
        case.held(times.at(1, 14, 0), *CORE),
        case.fact("enquiry_started", times.at(1, 14, 0), "single_agency", by=case.person("teammanager2")),
        case.fact("child_seen", times.at(3, 10, 0), by=case.person("worker4"), seen_alone=False),
        case.fact("enquiry_completed", done, "substantiated_no_continuing_risk", by=by, conference_required="no"),
        case.fact("conference_not_required", done, by=by, decided_by=by),
    ]
    yield case.pathway(case.child("Ilan", "Leyland", date(2019, 8, 23), sex="M"), told, "saw_or_heard")


def quorate_at_last(until: datetime) -> Iterator[SyntheticPathway]:
    """Postponed by the police, held without health, and quorate three working days later."""
    times = Times(until, 9)
    case = Case(40, "not-quorate-then-quorate", times, ROCHDALE)
    by, done = case.person("teammanager2"), times.working(12, 2, 15)
    told = [
        *_to_enquiry(case, times),
        case.fact("strategy_scheduled", times.at(1, 10, 0), shared=True),
        case.fact(
            "strategy_postponed",
            times.at(1, 13, 0),
            "police",
            shared=True,
            agency="police",
            cause="Officer not released",
        ),
        case.held(times.at(2, 11, 0), "childrens_social_care", "police", quorate=False, starts=False),
        case.held(times.working(3, 2, 11), *CORE),
        case.fact("enquiry_started", times.working(3, 2, 11), "joint", by=case.person("teammanager2")),
        case.fact("strategy_record_issued", times.working(4, 2, 10), shared=True),
        case.fact("child_seen", times.working(4, 2, 15), by=case.person("worker4"), seen_alone=True),
        case.fact("enquiry_completed", done, "not_substantiated", by=by, conference_required="no"),
        case.fact("conference_not_required", done, by=by, decided_by=by),
    ]
    yield case.pathway(case.child("Hedd", "Clegg", date(2015, 11, 30)), told, "in_the_property")


def hidden_address(until: datetime) -> Iterator[SyntheticPathway]:
    """Mother and child fled; how to reach them safely, and an address that is shown to nobody."""
    times = Times(until, 2)
    case = Case(41, "confidential-address", times)
    child = case.child("Seren", "Bamber", to_local(until).date() - 5 * 365 * ONE_DAY, confidential_address=True,
                       safe_contact="Through her solicitor only; his sister must not know.")  # fmt: skip
    told = [*case.notice("high", shared_after_hours=2), case.decided(times.at(1, 9, 30), "referral", "In a refuge.")]
    told += case.assessed(times.at(1, 9, 30))
    yield case.pathway(child, told, "saw_or_heard")


IN_SOCIAL_CARE = (
    unborn, apart, seen_first, transfers, reopened, help_declined, conference_one_day_late, conference_not_required,
    quorate_at_last, hidden_address,
)  # fmt: skip
