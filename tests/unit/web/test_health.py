"""Everybody sees whether anything still checks for late children."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from service.web.health import health
from service.web.store import Heartbeat

NOW = datetime(2026, 11, 3, 14, 30, tzinfo=UTC)
SILENT = timedelta(minutes=2)


def test_all_is_well_in_one_quiet_line() -> None:
    beats = [
        Heartbeat("watcher", NOW - timedelta(seconds=20)),
        Heartbeat("feed:gmp", NOW - timedelta(hours=8, minutes=28), {"notices": 41}),
    ]
    found = health(beats, NOW, SILENT)
    assert found.line == "Checked 20 seconds ago. Last police file: today 06:02, 41 notices."
    assert found.silent == ()


def test_a_silent_watcher_or_feed_is_a_banner() -> None:
    beats = [Heartbeat("watcher", NOW - timedelta(minutes=3)), Heartbeat("feed:gmp", NOW - timedelta(hours=50))]
    found = health(beats, NOW, SILENT)
    assert "3 minutes ago" in found.silent[0]
    assert found.silent[1] == "No police file has come for 2 days 2 hours. Incidents may be missing."


def test_no_watcher_at_all_is_said() -> None:
    assert "Nothing checks for late children" in health([], NOW, SILENT).silent[0]


def test_what_the_nightly_looks_found_is_told_to_those_who_look_after_the_service() -> None:
    beats = [
        Heartbeat("calendars", NOW, {"problems": ["Bank holidays are known only until 31 Dec 2026."]}),
        Heartbeat("comparison", NOW, {"differing": 2}),
        Heartbeat("watcher", NOW),
    ]
    told = health(beats, NOW, SILENT, caretaker=True).silent
    assert told[0] == "Bank holidays are known only until 31 Dec 2026."
    assert told[1].startswith("What is stored of 2 pathways is not what follows")
    assert health(beats, NOW, SILENT).silent == ()
    well = [Heartbeat("calendars", NOW, {"problems": []}), Heartbeat("comparison", NOW, {"differing": 0}), beats[2]]
    assert health(well, NOW, SILENT, caretaker=True).silent == ()


def test_a_machine_without_hours_to_keep_is_named_and_never_silent() -> None:
    pushed = Heartbeat(
        "feed:client:1", NOW - timedelta(days=9), {"title": "notice pushed by niche", "silent_after_hours": None}
    )
    found = health([Heartbeat("watcher", NOW), pushed], NOW, SILENT)
    assert "Last notice pushed by niche: Sun 25 Oct 14:30." in found.line
    assert found.silent == ()
