"""Cases of the force's triage desk: what was shared all at once, and a child whose notice was forgotten."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from msgspec import structs

from service.demo.generator.cases.builder import LIAISON, Case, Times
from service.demo.generator.shapes import SyntheticPathway

#: Family, given name, birthday, grade, and the hour of Tuesday evening at which police attended.
_BATCH = (
    ("Hesketh", "Alys", date(2012, 3, 18), "medium", 17),
    ("Pendlebury", "Callum", date(2017, 9, 4), "medium", 18),
    ("Qureshi", "Hana", date(2014, 12, 12), "standard", 19),
    ("Bradshaw", "Lily", date(2019, 5, 23), "medium", 20),
    ("Nowak", "Oskar", date(2010, 8, 30), "standard", 21),
    ("Unsworth", "Seren", date(2016, 1, 9), "medium", 22),
)


def shared_in_a_batch(until: datetime) -> Iterator[SyntheticPathway]:
    """Six notices of one Tuesday evening that left together on Friday afternoon, when somebody sat down to them."""
    times = Times(until, 2)
    for nth, (family, given, born, grade, hour) in enumerate(_BATCH):
        case = Case(20 + nth, "shared-in-a-batch", times)
        waited = times.at(3, 14, 12 + 5 * nth) - times.at(0, hour, 10)
        notice = case.notice(grade, attended=(hour, 10), shared_after_hours=waited / timedelta(hours=1))
        decided = case.decided(times.at(6, 10, 5 * nth), "advice", "Parents have separated; support is in place.")
        child = case.child(given, family, born, sex="M" if given in ("Callum", "Oskar") else "F")
        yield case.pathway(child, [*notice, decided])


def found_late_and_waiting(until: datetime) -> Iterator[SyntheticPathway]:
    """The school named a little brother two days later; his sister's notice has left, his own has not."""
    times = Times(until, 1)
    case = Case(26, "child-found-late-and-waiting", times)
    notice = case.notice("medium", shared_after_hours=15)
    decided = case.decided(times.at(1, 16, 20), "advice", "Mother has moved to her parents.")
    sister = case.child("Elin", "Molyneux", date(2014, 10, 2))
    yield case.pathway(sister, [*notice, decided], "saw_or_heard")
    known = times.at(2, 11, 40)
    later = [structs.replace(told, recorded_at=known) for told in notice[:4]]
    later.append(case.fact("notice_submitted", times.at(2, 11, 50), by=LIAISON, found_late=True))
    yield case.pathway(case.child("Iestyn", "Molyneux", date(2018, 6, 14), nth=2, sex="M"), later, "lives_there_absent")


AT_THE_DESK = (shared_in_a_batch, found_late_and_waiting)
