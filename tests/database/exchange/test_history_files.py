"""A council's history in and out by the commands: repeatable, byte for byte, and nothing lost."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from service.cli import main
from service.exchange.history import COLUMNS
from service.timepiece import SetTimepiece
from tests.fixtures.databases import DatabaseUrls, run
from tests.fixtures.partnership import prepare
from tests.unit.intake.files.police_files import DATA, NOW

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
        writer.writerows(rows)
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
