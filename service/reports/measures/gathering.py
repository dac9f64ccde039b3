"""What a report is added up from: the audience, the instant, the bins, and what is not in them yet."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from schema.spine import History, Milestone
from service.clocks import Rulebook, evaluate
from service.clocks.local_time import local_day
from service.database import Connection, Tx
from service.errors import Forbidden, NotFound, Refused, Wrong
from service.intake.files.parse.profile import load_profile, profile_names
from service.reports.measures import store
from service.reports.measures.counting import Books, count
from service.reports.measures.figures import Known, Period, Scope, Worker
from service.reports.measures.rules.changes import Changes, Facts
from service.reports.measures.rules.frame import Span
from service.reports.measures.rules.pathways import grade_number
from service.reports.measures.rules.records import GRADES, Key
from service.reports.measures.rules.since import Later, later, moved_beyond
from service.reports.measures.store import Unit

#: Roles that read figures of an area; of a force.
AREA_ROLES: Final = ("board_member", "senior_leader", "mash_manager", "mash_coordinator", "team_manager")
FORCE_ROLES: Final = ("police_liaison",)
#: Changes that a report works out for itself before it says that some are not counted yet.
MOST_PENDING: Final = 1_000
#: A count of a whole caseload that is older than this is no longer the present one.
_STALE: Final = timedelta(days=62)
_WEEKS: Final = 13
_LONGEST: Final = timedelta(days=366 * 20)
_EARLIEST: Final = date(2000, 1, 1)


class Audience(msgspec.Struct, frozen=True):
    """What is read: areas (None: all there are), a force, a district."""

    areas: list[str] | None
    force: str | None
    district: str | None


async def audience(tx: Tx, scope: Scope) -> Audience:
    """What the scope means for this actor.

    Raises:
        Forbidden: none of it, or a part of it, is the actor's.
        NotFound: there is no such area or force (to the system alone).
    """
    if not await store.is_snapshot(tx.connection):
        raise RuntimeError("figures are read in a transaction with snapshot=True")
    if tx.actor.kind == "system":
        areas, forces = await store.places(tx.connection)
        if unknown := [area for area in scope.areas if area not in areas]:
            raise NotFound(f"There is no area {unknown[0]}.")
        if scope.force is not None and scope.force not in forces:
            raise NotFound(f"There is no force {scope.force}.")
        return Audience(list(scope.areas) or None, scope.force, scope.district)
    held, forces_held = tx.actor.areas(*AREA_ROLES), tx.actor.forces(*FORCE_ROLES)
    if not held:
        force = scope.force or next(iter(forces_held), None)
        if force is None or force not in forces_held:
            raise Forbidden("You read figures of your own force.")
        return Audience(list(scope.areas) or None, force, scope.district)
    if any(area not in held for area in scope.areas) and scope.force not in forces_held:
        raise Forbidden("You read figures of your own areas.")
    return Audience(list(scope.areas or held), scope.force, scope.district)


def asked_period(first: date | None, last: date) -> Period:
    """The days asked for; without a first one the week of the last day and the thirteen before it."""
    if first is None:
        first = last - timedelta(weeks=_WEEKS, days=last.weekday()) if last > _EARLIEST else last
    return Period(first=first, last=last)


async def when(tx: Tx, period: Period | None, as_of: datetime | None) -> tuple[Known, Span]:
    """The instant that counts as now and the period; an instant while writes were under way is lowered."""
    now = tx.now
    instant, lowered = as_of or now, False
    if as_of is not None:
        if as_of > now:
            raise Refused([Wrong("as_of", as_of.isoformat(), "an instant in the past", "Nothing is known of it yet.")])
        oldest = await store.oldest_transaction(tx.connection)
        if oldest is not None and oldest < as_of:
            instant, lowered = oldest, True
    today = local_day(instant)
    chosen = period or asked_period(None, today)
    for wrong, expected, help_ in (
        (chosen.first < _EARLIEST, f"{_EARLIEST} or later", "Choose a day of this century."),
        (chosen.first > today, f"{today} or earlier", "Choose a first day that has begun."),
        (chosen.first > chosen.last, f"{chosen.last} or earlier", "Choose a first day before the last."),
        (chosen.last - chosen.first > _LONGEST, "at most 20 years before the last day", "Choose a shorter period."),
    ):
        if wrong:
            raise Refused([Wrong("from", chosen.first.isoformat(), expected, help_)])
    if chosen.last > today:
        chosen = Period(first=chosen.first, last=today)
    basis = Known(
        basis="known_now" if as_of is None else "as_reported",
        instant=instant.astimezone(UTC),
        asked=(as_of or now).astimezone(UTC),
        lowered=lowered,
    )
    return basis, Span.of(chosen.first, chosen.last)


async def current_bins(connection: Connection, asked: Audience, rulebook: Rulebook) -> tuple[dict[Key, bytes], int]:
    """The bins, with what has not been folded yet worked out; and how many changes there were too many of."""
    bins = {Key(*row[:5]): row[5] for row in await store.bins(connection, asked.areas, asked.force, asked.district)}
    pending = await store.pending(connection, asked.areas, asked.force, MOST_PENDING + 1)
    if len(pending) > MOST_PENDING:
        return bins, await store.count_changes(connection, asked.areas, asked.force)
    if pending:
        counted = await count(connection, [row[0] for row in pending], [row[1] for row in pending], rulebook)
        _exchange(asked, bins, counted, await store.units(connection, [unit.unit for unit in counted]))
    return bins, 0


def _exchange(asked: Audience, bins: dict[Key, bytes], counted: Sequence[Unit], before: Mapping[UUID, Facts]) -> None:
    """Put into ``bins`` what is counted of these units instead of what was."""
    changes = Changes()
    for unit in counted:
        changes.put(unit.facts, before.get(unit.unit))
    bins.update((key, records) for key, records in changes.of(bins) if _of(asked, key))


def _of(asked: Audience, key: Key) -> bool:
    return (
        (asked.areas is None or key.area in asked.areas)
        and asked.force in (None, key.force)
        and asked.district in (None, key.district)
    )


class Then(msgspec.Struct, frozen=True):
    """Bins as reported at an instant, and as known now of the same instant, with what was recorded in between."""

    reported: dict[Key, bytes]
    known_now: dict[Key, bytes]
    recorded: Sequence[Later]


async def bins_at(
    connection: Connection,
    asked: Audience,
    rulebook: Rulebook,
    instant: datetime,
    bins: Mapping[Key, bytes],
    *,
    until: datetime | None,
    grade: str | None = None,
) -> Then:
    """What was reported at an instant, from the bins of now, and beside it what had been recorded of that instant
    ``until`` another one (None where that is not asked for), of children of a first ``grade`` where it is given.

    Only those about whom something was recorded later differ, those whose clocks a later calendar has moved, and
    children whose record said something else.
    """
    children, incidents = await store.recorded_after(connection, instant, asked.areas, asked.force)
    pending = await store.pending(connection, asked.areas, asked.force, MOST_PENDING)
    moved = []
    if rulebook.calendars[-1].recorded_at > instant or rulebook.standards[-1].recorded_at > instant:
        moved = await store.open_units(connection, asked.areas, asked.force)
    for child, incident in (*pending, *moved):
        children.append(child)
        incidents.append(incident)
    changed = await store.children_before(connection, instant, asked.areas, asked.force)
    children.extend(changed)
    books = await Books.read(connection, children, incidents)
    stands: dict[UUID, Facts] = dict(await store.units(connection, [*books.children, *books.incidents]))
    fresh = {unit for pair in pending for unit in pair}
    stands |= {unit.unit: unit.facts for unit in await books.count(rulebook, only=fresh)} if fresh else {}

    def recorded(row: Milestone) -> bool:
        return row.recorded_at <= instant

    reported = await books.before(changed).count(rulebook.as_known_at(instant), known=recorded)
    then = dict(bins)
    _exchange(asked, then, reported, stands)
    if until is None:
        return Then(then, then, ())
    beyond = {root for rows in books.milestones.values() for root in moved_beyond(rows, instant, until)}

    def happened(row: Milestone) -> bool:
        # With all of its chain: what was corrected must not stand again where its correction is left out.
        return row.recorded_at <= until and row.root not in beyond

    # What is known now of the same instant differs for few: for the others it need not be counted again.
    since = dict(then)
    again = await books.count(rulebook, known=happened, only=books.differing(recorded, happened) | changed.keys())
    _exchange(asked, since, again, {unit.unit: unit.facts for unit in reported})
    return Then(then, since, _later(books, asked, rulebook, instant, until, grade))


def _later(
    books: Books, asked: Audience, rulebook: Rulebook, instant: datetime, until: datetime, grade: str | None
) -> list[Later]:
    """What was recorded between two instants of the children of an audience about the time before the first."""
    found: list[Later] = []
    for each in books.described:
        facts, rows = books.subjects[each.pathway].facts, books.milestones.get(each.pathway, [])
        if not _of(asked, Key(facts.area, facts.force, each.district, "", instant.date())):
            continue
        mine = list(
            later(
                rows, instant, until,
                incident=each.incident, child=each.child, pathway=each.pathway, agreed=books.authorised,
            )
        )  # fmt: skip
        if mine and grade is not None:
            history = History(pathway=facts, milestones=tuple(row for row in rows if row.recorded_at <= until))
            mine = mine if GRADES[grade_number(evaluate(history, rulebook))] == grade else []
        found += mine
    return found


async def complete_from(connection: Connection) -> dict[str, date]:
    """From which day on all is known of what each force sends, where its feeds' profiles say so: of the latest."""
    found: dict[str, date] = {}
    for force, profile in await store.profiles(connection):
        first = load_profile(profile).complete_from if profile in profile_names() else None
        if first is not None:
            found[force] = max(first, found.get(force, first))
    return found


async def caseloads(connection: Connection, asked: Audience, today: date) -> tuple[list[Worker], list[Worker]]:
    """Open pathways of each named worker and of each team, and the whole caseload where a team has entered it."""
    whole: dict[str, int | None] = {}
    for worker, of, cases in await store.whole_caseloads(connection, asked.areas, today - _STALE, today):
        whole[worker] = cases
        if of is not None:
            known = whole.get(of, 0)
            whole[of] = None if cases is None or known is None else known + cases
    workers, teams = [], Counter[tuple[str, str]]()
    children: Counter[tuple[str, str]] = Counter()
    for row in await store.caseloads(connection, asked.areas, asked.force):
        if row["allocated_to"]:
            workers.append(
                Worker(
                    id=row["allocated_to"],
                    team=row["team_name"],
                    pathways=row["pathways"],
                    children=row["children"],
                    whole=whole.get(row["allocated_to"]),
                )
            )
        if row["allocated_team"]:
            team = (row["allocated_team"], row["team_name"] or "")
            teams[team] += row["pathways"]
            children[team] += row["children"]
    return workers, [
        Worker(id=team[0], team=team[1] or None, pathways=number, children=children[team], whole=whole.get(team[0]))
        for team, number in teams.most_common()
    ]
