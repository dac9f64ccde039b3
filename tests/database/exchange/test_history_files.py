"""A council's history in and out by the commands: repeatable, byte for byte, and nothing lost."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from schema.vocabulary import AGENCIES, CONTACT_OUTCOMES, NOT_SHARED_REASONS
from service.cells import guard, unguard
from service.cli import main
from service.exchange.history import COLUMNS
from service.timepiece import SetTimepiece
from tests.fixtures.databases import DatabaseUrls, run
from tests.fixtures.partnership import prepare
from tests.unit.intake.files.police_files import DATA, NOW, cells, csv_file

SAMPLE = DATA / "pathways.csv"


@pytest.fixture(autouse=True)
def environment(database_urls: DatabaseUrls, monkeypatch: pytest.MonkeyPatch) -> DatabaseUrls:
    monkeypatch.setenv("DATABASE_URL", database_urls.app_url)
    for verb in ("import_history", "export_history"):
        monkeypatch.setattr(f"service.commands.{verb}.SystemTimepiece", lambda: SetTimepiece(NOW))
    run(prepare(database_urls))
    return database_urls


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    return said


def counts(read: int, created: int = 0, unchanged: int = 0, updated: int = 0, refused: int = 0) -> Any:
    return {"read": read, "created": created, "unchanged": unchanged, "updated": updated, "refused": refused}


def without_derived(text: str) -> bytes:
    """The columns of the contract, written as the export writes them."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for row in csv.reader(io.StringIO(text, newline="")):
        writer.writerow(row[: len(COLUMNS)])
    return out.getvalue().encode()


def write(path: Path, rows: Iterable[dict[str, str]]) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows({key: guard(text) for key, text in row.items()} for row in rows)
    return str(path)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_sample_goes_in_and_comes_out_byte_for_byte(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import-history", str(SAMPLE), "--json"]) == 0
    assert told(capsys) == counts(1827, created=1827)
    assert main(["import-history", str(SAMPLE), "--json"]) == 0
    assert told(capsys) == counts(1827, unchanged=1827)
    out = tmp_path / "out.csv"
    assert main(["export-history", str(out)]) == 0
    text = out.read_bytes().decode()
    assert without_derived(text) == SAMPLE.read_bytes()
    assert text.splitlines()[0].split(",")[len(COLUMNS)] == "icpc_due_on"
    # What came out, derived columns and all, goes in again and says nothing new.
    assert main(["import-history", str(out), "--json"]) == 0
    assert told(capsys) == counts(1827, unchanged=1827)
    assert main(["rebuild", "--check"]) == 0


ROW = {
    "police_reference": "06DA/1/26",
    "area_code": "359",
    "police_district": "Leigh",
    "child_reference": "359-1",
    "family_name": "Pennington",
    "given_names": "Ewan",
    "date_of_birth": "2011-02-03",
    "sex": "M",
    "risk_grade": "medium",
    "police_attended_at": "2026-06-23T10:46:00Z",
    "notice_submitted_at": "2026-06-23T12:29:00Z",
    "notice_shared_at": "2026-06-24T12:46:00Z",
}


def sent(path: Path, capsys: pytest.CaptureFixture[str], *rows: dict[str, str]) -> Any:
    assert main(["import-history", write(path / "history.csv", rows), "--json"]) == 0
    return told(capsys)


def exported(path: Path) -> list[dict[str, str]]:
    assert main(["export-history", str(path / "out.csv")]) == 0
    return read(path / "out.csv")


def test_a_nightly_extract_adds_corrects_and_erases_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sent(tmp_path, capsys, ROW) == counts(1, created=1)
    decided = {"contact_decided_at": "2026-06-24T18:39:05Z", "contact_outcome": "strategy_discussion"}
    held = {
        "strategy_held_at": "2026-06-25T10:00:00Z",
        "strategy_agencies_present": "childrens_social_care;police",
        "s47_started_at": "2026-06-25T10:00:00Z",
        "s47_type": "joint",
        "icpc_required": "no",
    }
    later = {**ROW, **decided, **held, "ethnicity": "WBRI"}
    assert sent(tmp_path, capsys, later) == counts(1, updated=1)
    assert sent(tmp_path, capsys, ROW) == counts(1, unchanged=1)
    corrected = {**later, "strategy_agencies_present": "childrens_social_care;police;education", "sex": "F"}
    assert sent(tmp_path, capsys, {**corrected, "contact_decided_at": "2026-06-24T19:00:00Z"}) == counts(1, updated=1)
    (row,) = exported(tmp_path)
    assert row["contact_decided_at"] == "2026-06-24T19:00:00Z"
    assert row["strategy_agencies_present"] == "childrens_social_care;police;education"
    assert (row["sex"], row["ethnicity"], row["icpc_required"]) == ("F", "WBRI", "no")
    assert main(["rebuild", "--check"]) == 0


def test_late_into_in_time_is_proposed_once_and_never_done_silently(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    late = {**ROW, "notice_shared_at": "2026-06-26T12:46:00Z"}
    assert sent(tmp_path, capsys, late) == counts(1, created=1)
    in_time = {**ROW, "notice_shared_at": "2026-06-23T13:00:00Z"}
    assert sent(tmp_path, capsys, in_time) == counts(1, updated=1)
    assert exported(tmp_path)[0]["notice_shared_at"] == late["notice_shared_at"]
    capsys.readouterr()
    assert main(["import-history", write(tmp_path / "again.csv", [in_time])]) == 0
    assert "wait for a second person" not in capsys.readouterr().out


def test_a_child_that_the_police_named_is_the_one_that_the_council_knows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.commands.import_notices.SystemTimepiece", lambda: SetTimepiece(NOW))
    path = tmp_path / "police.csv"
    path.write_bytes(csv_file([cells(Occurrence_No="06DA/1/26")]))
    assert main(["import-notices", str(path), "--feed", "gmp", "--json"]) == 0
    told(capsys)
    assert sent(tmp_path, capsys, ROW) == counts(1, updated=1)
    assert sent(tmp_path, capsys, ROW) == counts(1, unchanged=1)
    (row,) = exported(tmp_path)
    assert row["child_reference"] == "359-1"
    assert main(["rebuild", "--check"]) == 0


def test_written_cases_that_the_sample_lacks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        ROW,
        {**ROW, "child_reference": "359-2", "given_names": "Ada", "contact_decided_at": "2026-06-25",
         "contact_outcome": "advice"},
        {**ROW, "area_code": "350", "child_reference": "350-9", "given_names": "Noah", "police_district": "West"},
        {**ROW, "child_reference": "359-3", "given_names": "=Mia", "child_seen_at": "2026-06-24T09:00:00Z",
         "contact_decided_at": "2026-06-26T09:00:00Z", "contact_outcome": "referral"},
        {**ROW, "police_reference": "06DA/2/26", "notice_shared_at": "", "notice_not_shared_at": "2026-06-24T09:00:00Z",
         "notice_not_shared_reason": "other"},
        {**ROW, "police_reference": "06DA/3/26", "notice_shared_at": "2026-06-22T09:00:00Z"},
        {"police_reference": "06DA/4/26", "area_code": "359", "family_name": "Heyes", "given_names": "Unborn",
         "expected_date_of_birth": "2026-12-13", "police_attended_at": "2026-06-23"},
    ]  # fmt: skip
    assert sent(tmp_path, capsys, *rows) == counts(7, created=7)
    assert sent(tmp_path, capsys, *rows) == counts(7, unchanged=7)
    out = exported(tmp_path)
    for given, row in zip(rows, out, strict=True):
        assert {key: row[key] for key in given} == {**given, "given_names": given["given_names"].replace("=", "'=")}
    assert main(["export-history", str(tmp_path / "bolton.csv"), "--area", "350"]) == 0
    assert [row["child_reference"] for row in read(tmp_path / "bolton.csv")] == ["350-9"]
    assert main(["rebuild", "--check"]) == 0


TIMES = [column for column in COLUMNS if column.endswith("_at") and column != "notice_not_shared_at"]


def anything(chance: random.Random, number: int) -> dict[str, str]:
    """A row whose times stand in any order, to the day or the second, with every code there is."""

    def when() -> str:
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.randrange(320 * 86_400))
        return f"{at:%Y-%m-%d}" if chance.random() < 0.2 else f"{at:%Y-%m-%dT%H:%M:%SZ}"

    row = {
        "police_reference": f"06DA/{number // 2}/26",
        "area_code": "350" if number % 7 == 1 else "359",
        "child_reference": f"C{number}",
        "family_name": chance.choice(("O'Brien", "=cmd()", "Siân ", '"Quoted", twice', "", "'-")),
        "given_names": f"Ada {number}",
        "date_of_birth": chance.choice(("2011-02-03", "2024-02-29", "")),
        "sex": chance.choice("FMU"),
        "risk_grade": chance.choice(("high", "medium", "standard")),
        "incident_at": when(),
    }
    row |= {column: when() for column in TIMES if column in row or chance.random() < 0.5}
    if "contact_decided_at" in row:
        row["contact_outcome"] = chance.choice(CONTACT_OUTCOMES)
    if "strategy_held_at" in row:
        row["strategy_agencies_present"] = ";".join(a for a in AGENCIES if chance.random() < 0.5)
    if "s47_started_at" in row:
        row |= {"s47_type": chance.choice(("joint", "single_agency", "")), "icpc_required": chance.choice(("yes", ""))}
    if chance.random() < 0.2:
        row |= {"notice_not_shared_at": when(), "notice_not_shared_reason": chance.choice(NOT_SHARED_REASONS)}
    return {**row, "ethnicity": chance.choice(("WBRI", "")), "disability": chance.choice(("yes", "no", ""))}


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(2, 20))])
def test_whatever_a_history_says_goes_in_comes_out_and_says_nothing_new(
    seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(seed)
    rows = [anything(chance, number) for number in range(80 if seed == 1 else 300)]
    assert sent(tmp_path, capsys, *rows) == counts(len(rows), created=len(rows))
    assert sent(tmp_path, capsys, *rows) == counts(len(rows), unchanged=len(rows))
    out = exported(tmp_path)
    for given, row in zip(rows, out, strict=True):
        assert {key: unguard(row[key]) for key in given} == given
    capsys.readouterr()
    assert main(["import-history", str(tmp_path / "out.csv"), "--json"]) == 0
    assert told(capsys) == counts(len(rows), unchanged=len(rows))
    assert main(["rebuild", "--check"]) == 0


def test_what_cannot_be_taken_is_refused_with_its_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        {**ROW, "area_code": "999"},
        {**ROW, "police_attended_at": "0001-01-01T00:00:00Z"},
        {**ROW, "police_attended_at": "2099-01-01T00:00:00Z"},
        {"police_reference": "06DA/9/26", "area_code": "359", "risk_grade": "high"},
        {**ROW, "family_name": "Penn\x00ington"},
    ]
    assert main(["import-history", write(tmp_path / "history.csv", rows), "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out.splitlines()[-1]) == counts(5, refused=5)
    assert "row 2: area_code: 999 is not an area here" in said.err


def test_what_is_no_history_is_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for content in (b"", b"a,b\r\n", b"PK\x03\x04"):
        (tmp_path / "bad.csv").write_bytes(content)
        assert main(["import-history", str(tmp_path / "bad.csv")]) == 1
    assert main(["import-history", str(tmp_path / "none.csv")]) == 1
    assert capsys.readouterr().err.count("\n") == 4
    assert main(["export-history", "-"]) == 0
    assert capsys.readouterr().out.startswith("police_reference,area_code")
