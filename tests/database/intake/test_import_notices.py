"""The command that takes in a police file: what it prints, what it writes back, how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from service.cli import main
from service.timepiece import SetTimepiece
from tests.fixtures.databases import DatabaseUrls, run
from tests.fixtures.partnership import prepare
from tests.unit.intake.files.police_files import DATA, HEADING, NOW, cells, csv_file
from tests.unit.intake.files.test_workbook import book

NOBODY_THERE = "postgresql://tracker_app:secret@127.0.0.1:1/tracker"


@pytest.fixture(autouse=True)
def environment(database_urls: DatabaseUrls, monkeypatch: pytest.MonkeyPatch) -> DatabaseUrls:
    monkeypatch.setenv("DATABASE_URL", database_urls.app_url)
    monkeypatch.setattr("service.commands.import_notices.SystemTimepiece", lambda: SetTimepiece(NOW))
    run(prepare(database_urls))
    return database_urls


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    return said


def counts(read: int, accepted: int = 0, repeated: int = 0, held: int = 0, refused: int = 0, updated: int = 0) -> Any:
    return {
        "read": read,
        "accepted": accepted,
        "repeated": repeated,
        "held": held,
        "refused": refused,
        "updated": updated,
    }


def children(count: int) -> list[list[str]]:
    return [cells(Occurrence_No=f"06DA/{number}/26", **{"Child Forename(s)": "Ada"}) for number in range(count)]


def test_the_sample_files_and_what_was_refused_of_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = str(DATA / "police_export.csv")
    expected = counts(1962, 1847, 11, 17, 87)
    refused = tmp_path / "refused.csv"
    assert main(["import-notices", first, "--feed", "gmp", "--json", "--refused", str(refused)]) == 0
    assert told(capsys) == expected
    assert refused.stat().st_mode & 0o777 == 0o600
    # Sent again as it stands, everything is accounted for the same way: held rows are repeats by then.
    assert main(["import-notices", str(refused), "--feed", "gmp", "--json"]) == 0
    assert told(capsys) == counts(17 + 87, 0, 17, 0, 87)
    assert main(["import-notices", str(DATA / "police_export_next_day.csv"), "--feed", "gmp", "--json"]) == 0
    assert told(capsys) == counts(1828, 28, 1799, 0, 1, 16)
    assert main(["rebuild", "--check"]) == 0


def test_a_mended_row_goes_in_and_is_no_longer_off_the_books(
    environment: DatabaseUrls, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_bytes(csv_file([cells(LA="Atlantis"), cells(Occurrence_No="06DA/2/26")]))
    refused = tmp_path / "refused.csv"
    assert main(["import-notices", str(bad), "--feed", "gmp", "--refused", str(refused), "--json"]) == 0
    assert told(capsys) == counts(2, 1, refused=1)
    given = refused.read_text(encoding="utf-8-sig")
    assert given.splitlines()[0] == ",".join([*HEADING, "row", "reasons"])
    assert given.splitlines()[1].split(",")[15] == "2"
    assert "Atlantis is not an area" in given

    async def open_conditions() -> int:
        connection = await asyncpg.connect(environment.owner_url)
        found: int = await connection.fetchval(
            "select count(*) from condition where rule = 'not_on_the_books' and true_until is null"
        )
        await connection.close()
        return found

    assert run(open_conditions()) == 1
    refused.write_text(given.replace(",Atlantis,", ",Wigan,"), encoding="utf-8")
    assert main(["import-notices", str(refused), "--feed", "gmp", "--json"]) == 0
    assert told(capsys) == counts(1, 1)
    assert run(open_conditions()) == 0


@pytest.mark.parametrize(
    ("separator", "encoding", "ends"),
    [(",", "utf-8-sig", "\r\n"), (";", "cp1252", "\r\n"), ("\t", "utf-8", "\n"), (",", "utf-8", "\r\n")],
)
def test_however_a_spreadsheet_writes_it(
    separator: str, encoding: str, ends: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [HEADING, cells(Child_Surname="Siôn-Évans"), cells(Occurrence_No="06DA/2/26")]
    path = tmp_path / "export.csv"
    path.write_bytes("".join(separator.join(row) + ends for row in rows).encode(encoding))
    assert main(["import-notices", str(path), "--feed", "gmp", "--json"]) == 0
    assert told(capsys) == counts(2, 2)


def test_a_workbook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "export.xlsx"
    path.write_bytes(book([HEADING, *children(3)]))
    assert main(["import-notices", str(path), "--feed", "gmp", "--json"]) == 0
    assert told(capsys) == counts(3, 3)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty file"),
        (b"a,b,c\r\n1,2,3\r\n", "These columns are missing"),
        (b"%PDF-1.7", "This is a PDF"),
        (b"PK\x03\x04nonsense", ""),
    ],
)
def test_a_file_that_cannot_be_read_is_one_clear_line(
    content: bytes, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    assert main(["import-notices", str(path), "--feed", "gmp", "--json"]) == 1
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert words in said.err
    assert words in json.loads(said.out)["error"]


def test_what_is_wrong_with_the_command_is_one_clear_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    good = tmp_path / "good.csv"
    good.write_bytes(csv_file([cells()]))
    assert main(["import-notices", str(tmp_path / "none.csv"), "--feed", "gmp"]) == 1
    assert main(["import-notices", str(tmp_path), "--feed", "gmp"]) == 1
    assert main(["import-notices", str(good), "--feed", "nobody"]) == 1
    assert main(["import-notices", str(good), "--feed", "gmp", "--refused", str(tmp_path / "no" / "where.csv")]) == 1
    monkeypatch.setenv("DATABASE_URL", NOBODY_THERE)
    assert main(["import-notices", str(good), "--feed", "gmp"]) == 3
    assert capsys.readouterr().err.count("\n") == 5
