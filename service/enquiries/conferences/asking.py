"""Ask for a conference: about which children, of which kind, and one that was held already and has no record here."""

from collections.abc import Iterable
from uuid import UUID

from schema.ids import new_id
from service.database import Tx
from service.enquiries import store as enquiries
from service.enquiries.conferences import changing, rules, store
from service.enquiries.conferences.rules import Asking
from service.enquiries.store import Held
from service.errors import Conflict, Forbidden, NotFound, Refused, Wrong
from service.pathways import store as spine


async def ask(tx: Tx, asking: Asking) -> UUID:
    """Ask for one conference about these children; a transfer-in conference's clock starts at the notification.

    Raises:
        NotFound: a pathway is not there, or not the actor's.
        Forbidden: the actor asks for no conferences in this area.
        Conflict: the children are of two areas, or one of them has such a conference ahead already.
        Refused: a transfer-in conference without its notification; a pre-birth conference for a child that is born.
    """
    wanted = list(dict.fromkeys(asking.pathways))
    covered = await enquiries.about(tx.connection, wanted)
    if missing := set(wanted) - {each.pathway for each in covered}:
        raise NotFound("There is no such pathway.", pathways=sorted(map(str, missing)))
    areas = {each.area for each in covered}
    if len(areas) > 1:
        raise Conflict("These children are in different areas: each area holds its own conference.")
    (area,) = areas
    if not tx.actor.holds(*rules.ASKS, area=area):
        raise Forbidden("Your role does not ask for conferences in this area.")
    async with tx.recording():
        await spine.lock(tx.connection, set(wanted))
    ahead = [
        each
        for each in await store.of_pathways(tx.connection, wanted)
        if each.state in ("requested", "scheduled") and rules.CLOCK_OF[each.kind] == rules.CLOCK_OF[asking.kind]
    ]
    if ahead:
        raise Conflict(
            "A conference about one of these children is ahead already.",
            conference=str(ahead[0].id),
            pathway=str(ahead[0].pathway),
        )
    if wrong := _wrong_with(asking, covered):
        raise Refused(wrong)
    identity = new_id(tx.now)
    if (held := await unopened(tx, wanted, asking.kind)) is not None:
        await store.add(tx, identity, area, asking.kind, covered, held=held)
        return identity
    await store.add(tx, identity, area, asking.kind, covered)
    if asking.kind == "transfer_in":
        detail = {"from": asking.notified_by.strip(), "conference": str(identity)}
        await changing.tell(
            tx, wanted, "transfer_in_notified", asking.notified_at, on=asking.notified_on, detail=detail
        )
    return identity


async def unopened(tx: Tx, covered: list[UUID], kind: str) -> Held | None:
    """The conference that was held about all of these pathways and has no record here: known from a file, or as a
    milestone alone. None while the clock of a further one runs."""
    clocks = await enquiries.clocks(tx.connection, covered)
    standard = rules.CLOCK_OF[kind]
    if any(each.standard == standard and each.stopped_at is None for rows in clocks.values() for each in rows):
        return None
    known = await store.known_records(tx.connection, covered)
    found = await enquiries.held(tx.connection, covered, (rules.HELD_AS[kind],))
    last: dict[UUID, Held] = {each.pathway: each for each in found if each.record not in known}
    records = {each.record for each in last.values()}
    return last[covered[0]] if len(records) == 1 and set(last) == set(covered) else None


def _wrong_with(asking: Asking, covered: Iterable[enquiries.About]) -> list[Wrong]:
    found = []
    if asking.kind == "transfer_in":
        if (asking.notified_at is None) == (asking.notified_on is None):
            got = "both" if asking.notified_at else "nothing"
            found.append(Wrong("notified_at", got, "a time, or a day", "Say when the other area told us."))
        if not asking.notified_by.strip():
            found.append(Wrong("notified_by", "nothing", "who told us", "Enter the area that told us."))
    if asking.kind == "pre_birth" and any(each.date_of_birth is not None for each in covered):
        found.append(Wrong("kind", "pre_birth", "initial, for a child that is born", "Choose the kind."))
    return found
