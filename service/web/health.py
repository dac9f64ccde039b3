"""Whether the watcher and the feeds are alive: a quiet line at the foot, a banner when one is silent."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from service.web import times, words
from service.web.store import Heartbeat

#: A feed that says nothing of itself is silent after this; its own ``silent_after_hours`` rules.
FEED_SILENT_HOURS: Final = 26


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """What to say about the watcher. ``silent`` makes it a banner, ``notes`` a quiet one."""

    line: str
    silent: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def health(beats: Sequence[Heartbeat], now: datetime, watcher_silent: timedelta, *, caretaker: bool = False) -> Health:
    """Put the heartbeats into words.

    A feed's heartbeat may say ``notices`` (how many the last file held), ``title`` (what people call
    it) and ``silent_after_hours`` in its detail; hours of None are no limit.

    Args:
        beats: signs of life.
        now: the present instant.
        watcher_silent: how long the watcher may say nothing.
        caretaker: somebody who is also told what the nightly looks found: administrators and managers.
    """
    said: list[str] = []
    silent: list[str] = []
    watcher = next((beat for beat in beats if beat.name == "watcher"), None)
    if watcher is None:
        silent.append("Nothing checks for late children. Times on pages are right; flags and messages are not sent.")
    elif now - watcher.at > watcher_silent:
        silent.append(
            f"The last check for late children was {times.ago(watcher.at, now)}."
            " Times on pages are right; flags and messages are late."
        )
    else:
        said.append(f"Checked {times.ago(watcher.at, now)}.")
    for beat in beats:
        if not beat.name.startswith("feed:"):
            continue
        title = str(beat.detail.get("title") or "police file")
        text = f"Last {title}: {times.moment(beat.at, now)}"
        if isinstance(notices := beat.detail.get("notices"), int):
            text += f", {words.count(notices, 'notice')}"
        said.append(text + ".")
        hours = beat.detail.get("silent_after_hours", FEED_SILENT_HOURS)
        if hours is not None and now - beat.at > timedelta(hours=hours):
            silent.append(f"No {title} has come for {times.length(now - beat.at)}. Incidents may be missing.")
    if caretaker:
        silent += _found(beats)
    return Health(line=" ".join(said), silent=tuple(silent), notes=tuple(_loading(beats)))


def _loading(beats: Sequence[Heartbeat]) -> Iterator[str]:
    """How far a demonstration's past has come; what waits now is there from the beginning."""
    for beat in beats:
        if beat.name == "past" and (done := beat.detail.get("done", 0)) < (total := beat.detail.get("total", 0)):
            yield (
                f"The synthetic past is still being loaded: {done:,} of {total:,} children in incidents."
                " Whoever waits now is there already."
            )


def _found(beats: Sequence[Heartbeat]) -> Iterator[str]:
    """What the nightly comparison and the look at the calendars found."""
    for beat in beats:
        if beat.name == "comparison" and (differing := beat.detail.get("differing", 0)):
            yield (
                f"What is stored of {words.count(differing, 'pathway')} is not what follows from the recorded"
                " milestones. Deadlines shown for them may be wrong until they are computed again (tracker rebuild)."
            )
        if beat.name == "calendars":
            yield from (str(problem) for problem in beat.detail.get("problems", ()))
