"""The delay measures as boards, pages, the API and the command line ask for them. Figures leave here, nothing else.

Whoever reads has no right on the rows behind the figures: they are added up as the system, for the areas and the force
that the actor's own grants name.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from schema.spine import Milestone
from service.access import audit
from service.actor import Actor
from service.clocks import Rulebook
from service.clocks.local_time import end_of, local_day
from service.database import Connection, Tx
from service.errors import Forbidden, NotFound, Refused, Wrong
from service.pathways.rulebook import current
from service.reports.measures import store
from service.reports.measures.counting import Chosen, count
from service.reports.measures.figures import BoardFigures, Known, Ledger, Period, Restated, Scope, Worker
from service.reports.measures.rules import board as rules
from service.reports.measures.rules.frame import Frame, Span
from service.reports.measures.rules.records import Key, Keyed, joined, split
from service.reports.measures.rules.rest import ledger as ledger_of

#: Roles that read figures of an area; of a force.
AREA_ROLES: Final = ("board_member", "senior_leader", "mash_manager", "mash_coordinator", "team_manager")
FORCE_ROLES: Final = ("police_liaison",)
#: Changes that a report works out for itself before it says that some are not counted yet.
MOST_PENDING: Final = 1_000
_WEEKS: Final = 13
_LONGEST: Final = timedelta(days=366 * 20)


class Audience(msgspec.Struct, frozen=True):
    """What is read: areas (None: all there are), a force, a district."""

    areas: list[str] | None
    force: str | None
    district: str | None


async def board(tx: Tx, scope: Scope, period: Period | None = None, as_of: datetime | None = None) -> BoardFigures:
    """Every figure of an audience. Leaves one row in the audit.

    Args:
        tx: a transaction in which every statement sees the same rows (``snapshot=True``).
        scope: areas and force must be the actor's own; empty means all of them.
        period: local days; the last thirteen weeks where it is not given.
        as_of: as had been reported at this instant; as known now where it is not given.

    Raises:
        Forbidden: an area or force that is not the actor's.
        Refused: a period or an instant that cannot be.
    """
    asked = await _audience(tx, scope)
    known, span = await _when(tx, period, as_of)
    rulebook = await current(tx)
    ready = rulebook.calendar(None)
    async with store.as_system(tx) as reader:
        connection = reader.connection
        bins, uncounted = await _now(connection, asked, rulebook, tx.now)
        known = msgspec.structs.replace(known, uncounted=uncounted)
        live: int | None = None
        workers: list[Worker] = []
        teams: list[Worker] = []
        restated: Restated | None = None
        if as_of is None:
            if not uncounted:
                live = await store.live(connection, asked.areas, asked.force, scope.grade, asked.district)
            workers, teams = await _caseloads(connection, asked)
        else:
            then, since = await _as_known(connection, asked, rulebook, known.instant, bins)
            restated = rules.restated(
                rules.headline(Frame(then, known.instant, scope.grade), span),
                rules.headline(Frame(since, known.instant, scope.grade), span),
                await store.corrections_since(connection, known.instant, asked.areas, asked.force),
            )
            bins = then
    await audit.viewed(
        tx,
        "measures_viewed",
        "read the delay measures",
        detail={
            "areas": list(scope.areas), "force": scope.force, "district": scope.district, "grade": scope.grade,
            "first": span.first.isoformat(), "last": span.last.isoformat(),
            "as_of": None if as_of is None else known.instant.isoformat(),
        },
    )  # fmt: skip
    return rules.board(
        Frame(bins, known.instant, scope.grade),
        scope,
        span,
        ready,
        known,
        live=live,
        workers=workers,
        teams=teams,
        restated=restated,
    )


async def ledger(tx: Tx, scope: Scope, period: Period | None = None) -> Ledger:
    """The ledger alone, as known now; as `board`."""
    asked = await _audience(tx, scope)
    known, span = await _when(tx, period, None)
    rulebook = await current(tx)
    async with store.as_system(tx) as reader:
        bins, uncounted = await _now(reader.connection, asked, rulebook, tx.now)
        live = None
        if not uncounted:
            live = await store.live(reader.connection, asked.areas, asked.force, scope.grade, asked.district)
    await audit.viewed(
        tx, "ledger_viewed", "read the ledger", detail={"areas": list(scope.areas), "force": scope.force}
    )
    return ledger_of(Frame(bins, known.instant, scope.grade), span, live)


def own_scope(actor: Actor) -> Scope:
    """All areas, or else the force, of which a person reads figures."""
    areas = actor.areas(*AREA_ROLES)
    if areas:
        return Scope(areas=areas)
    return Scope(force=next(iter(actor.forces(*FORCE_ROLES)), None))


async def _audience(tx: Tx, scope: Scope) -> Audience:
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
    areas_held, forces_held = tx.actor.areas(*AREA_ROLES), tx.actor.forces(*FORCE_ROLES)
    if any(area not in areas_held for area in scope.areas) and not (scope.force and scope.force in forces_held):
        raise Forbidden("You read figures of your own areas.")
    if scope.force is not None and scope.force not in forces_held and not areas_held:
        raise Forbidden("You read figures of your own force.")
    if scope.areas or areas_held:
        return Audience(list(scope.areas or areas_held), scope.force, scope.district)
    if scope.force is None and not forces_held:
        raise Forbidden("You read no figures.")
    return Audience(None, scope.force or forces_held[0], scope.district)


async def _when(tx: Tx, period: Period | None, as_of: datetime | None) -> tuple[Known, Span]:
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
    chosen = period or Period(first=today - timedelta(weeks=_WEEKS, days=today.weekday()), last=today)
    if chosen.first > chosen.last or chosen.last - chosen.first > _LONGEST or chosen.first < date(2000, 1, 1):
        raise Refused(
            [Wrong("from", chosen.first.isoformat(), "a day before the last one", "Give a period of up to 20 years.")]
        )
    if chosen.last > today:
        chosen = Period(first=min(chosen.first, today), last=today)
    basis = Known(
        basis="known_now" if as_of is None else "as_reported",
        instant=instant.astimezone(UTC),
        asked=(as_of or now).astimezone(UTC),
        lowered=lowered,
    )
    return basis, Span.of(chosen.first, chosen.last)


async def _now(
    connection: Connection, asked: Audience, rulebook: Rulebook, _now: datetime
) -> tuple[dict[Key, bytes], int]:
    """The bins, with what has not been folded yet worked out; and how many changes there were too many of."""
    bins = {Key(*row[:5]): row[5] for row in await store.bins(connection, asked.areas, asked.force, asked.district)}
    pending = await store.pending(connection, asked.areas, asked.force, MOST_PENDING + 1)
    if len(pending) > MOST_PENDING:
        return bins, await store.count_changes(connection, asked.areas, asked.force)
    if pending:
        await _recount(connection, asked, rulebook, bins, [row[0] for row in pending], [row[1] for row in pending])
    return bins, 0


async def _recount(
    connection: Connection,
    asked: Audience,
    rulebook: Rulebook,
    bins: dict[Key, bytes],
    children: Sequence[UUID],
    incidents: Sequence[UUID],
    *,
    known: Chosen | None = None,
    was: Mapping[UUID, list[Keyed]] | None = None,
) -> dict[UUID, list[Keyed]]:
    """Put into ``bins`` what is counted of these instead of what was; what is counted, by unit."""
    counted = await count(connection, children, incidents, rulebook, known=known)
    before = was if was is not None else await store.units(connection, [unit.unit for unit in counted])
    change: dict[Key, Counter[bytes]] = {}
    for unit in counted:
        for sign, facts in ((1, unit.facts), (-1, before.get(unit.unit, ()))):
            for key, record in facts:
                if _of(asked, key):
                    change.setdefault(key, Counter())[record] += sign
    for key, net in change.items():
        held = Counter(split(bins.get(key, b"")))
        held.update(net)
        bins[key] = joined(held.elements())
    return {unit.unit: unit.facts for unit in counted}


def _of(asked: Audience, key: Key) -> bool:
    return (
        (asked.areas is None or key.area in asked.areas)
        and asked.force in (None, key.force)
        and asked.district in (None, key.district)
    )


async def _as_known(
    connection: Connection, asked: Audience, rulebook: Rulebook, instant: datetime, bins: Mapping[Key, bytes]
) -> tuple[dict[Key, bytes], dict[Key, bytes]]:
    """The bins as reported at an instant, and as known now of the same instant.

    Only those about whom something was recorded later differ, and those whose clocks a later calendar has moved.
    """
    children, incidents = await store.recorded_after(connection, instant, asked.areas, asked.force)
    for child, incident in await store.pending(connection, asked.areas, asked.force, MOST_PENDING):
        children.append(child)
        incidents.append(incident)
    if rulebook.calendars[-1].recorded_at > instant or rulebook.standards[-1].recorded_at > instant:
        for child, incident in await store.open_units(connection, asked.areas, asked.force):
            children.append(child)
            incidents.append(incident)
    children, incidents = list(dict.fromkeys(children)), list(dict.fromkeys(incidents))
    stands = {unit.unit: unit.facts for unit in await count(connection, children, incidents, rulebook)}
    ends = end_of(local_day(instant))

    def recorded(row: Milestone) -> bool:
        return row.recorded_at <= instant

    def happened(row: Milestone) -> bool:
        return row.at <= instant if row.at is not None else row.on is not None and end_of(row.on) <= ends

    then, since = dict(bins), dict(bins)
    rulebook_then = rulebook.as_known_at(instant)
    await _recount(connection, asked, rulebook_then, then, children, incidents, known=recorded, was=stands)
    await _recount(connection, asked, rulebook, since, children, incidents, known=happened, was=stands)
    return then, since


async def _caseloads(connection: Connection, asked: Audience) -> tuple[list[Worker], list[Worker]]:
    """Open pathways of each named worker and of each team."""
    workers, teams = [], Counter[tuple[str, str]]()
    children: Counter[tuple[str, str]] = Counter()
    for row in await store.caseloads(connection, asked.areas, asked.force):
        if row["allocated_to"]:
            workers.append(
                Worker(
                    id=row["allocated_to"], team=row["team_name"], pathways=row["pathways"], children=row["children"]
                )
            )
        if row["allocated_team"]:
            team = (row["allocated_team"], row["team_name"] or "")
            teams[team] += row["pathways"]
            children[team] += row["children"]
    return workers, [
        Worker(id=team[0], team=team[1] or None, pathways=number, children=children[team])
        for team, number in teams.most_common()
    ]
