"""Whole caseloads as a file: what is read, and what is said of rows that cannot be."""

from datetime import date
from uuid import UUID

import pytest

from service.reports.plans.caseloads.rules import Caseload, Counted, read, written

TODAY = date(2026, 11, 3)


def worker(number: int, name: str, cases: int | None = None, area: str = "359") -> Caseload:
    return Caseload(
        area=area,
        worker=UUID(int=number),
        name=name,
        team=None,
        team_name="=Team",
        cases=cases,
        counted_on=None if cases is None else date(2026, 10, 20),
        entered_at=None,
        entered_by_name=None,
    )


TEAM = [worker(1, "Ann Lee", 31), worker(2, "Bo Ray"), worker(3, "Bo Ray"), worker(4, "Cy Day")]


def counted(number: int, cases: int, day: date) -> Counted:
    return Counted(area="359", worker=UUID(int=number), cases=cases, counted_on=day)


def said(text: str) -> list[tuple[str, str]]:
    counts, wrong = read(text.encode(), TEAM, TODAY)
    assert counts == []
    return [(each.field, each.got) for each in wrong]


def test_the_list_that_is_taken_can_be_sent_back_as_it_is() -> None:
    text = written(TEAM)
    assert "'=Team" in text
    assert read(text.encode(), TEAM, TODAY) == ([counted(1, 31, date(2026, 10, 20))], [])


def test_a_system_of_its_own_may_send_names_and_no_days() -> None:
    text = "Name,Cases,Counted_On,Remarks\nann lee,12,,x\n\nCy Day,40,01/11/2026\nCy Day,,\n"
    assert read(text.encode(), TEAM, TODAY) == ([counted(1, 12, TODAY), counted(4, 40, date(2026, 11, 1))], [])


def test_every_wrong_row_is_named_with_what_it_said() -> None:
    assert said("name,cases,counted_on\nBo Ray,3,\nNobody,3,\nAnn Lee,many,\nAnn Lee,400,\nCy Day,3,3/11/26\n") == [
        ("row 2: worker", "Bo Ray"),
        ("row 3: worker", "Nobody"),
        ("row 4: cases", "many"),
        ("row 5: cases", "400"),
        ("row 6: counted_on", "3/11/26"),
    ]
    assert said(f"worker,cases,counted_on\n{UUID(int=9)},3,2027-01-01\n") == [("row 2: worker", str(UUID(int=9)))]


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"PK\0\0", b"name,cases\nAnn Lee,3\n", b"cases,counted_on\n3,\n"])
def test_what_is_no_such_file_is_refused_as_a_whole(data: bytes) -> None:
    counts, wrong = read(data, TEAM, TODAY)
    assert (counts, [each.field for each in wrong]) == ([], ["file"])
