"""How enquiries and conferences follow corrections of the milestones that tell them, made on a child's pathway."""

from typing import Any, Final

import msgspec

from service.database import Tx
from service.enquiries import checking, store, viewing
from service.enquiries.checking import OfCheck
from service.enquiries.conferences import rules as conference_rules
from service.enquiries.conferences import store as conferences
from service.enquiries.conferences import viewing as conference_viewing
from service.enquiries.rules import Body
from service.errors import Conflict, Forbidden, Refused, Wrong
from service.pathways.owning import Agreed, Fact, Owner
from service.pathways.service import Correction

_HELD: Final = ("conference_held", "transfer_in_conference_held")
_AGREED: Final = "conference_delay_agreed"
#: Corrections that are no correction but something to be done, by kind and whether it is retracted.
_INSTEAD: Final = {
    ("conference_scheduled", True): "A conference stands at this time. Set another date, or call it off.",
    ("conference_cancelled", True): "It was called off. Ask for another conference.",
    (_AGREED, False): "Manager and chair agreed to this together. Give another reason there: both agree to it again.",
}


class _OfEnquiry:
    """What an enquiry found, corrected on the pathway, is corrected in what was written; an outcome taken back opens
    it again."""

    async def record_of(self, tx: Tx, fact: Fact) -> str | None:
        found = await store.completed_by(tx.connection, fact.pathway, fact.record)
        return f"/enquiries/{found}" if found else None

    async def check(self, tx: Tx, fact: Fact, change: Correction) -> bool:
        said = (change.detail or {}).get("conference_required", "no")
        if said not in ("yes", "no"):
            raise Refused([Wrong("detail.conference_required", str(said), "yes or no", "Choose one.")])
        del tx, fact
        return False

    async def follow(self, tx: Tx, fact: Fact, change: Correction, agreed: Agreed | None) -> None:
        del agreed
        enquiry = await store.completed_by(tx.connection, fact.pathway, fact.record)
        if enquiry is None:
            raise Conflict("The enquiry that tells this is not yours to see.")
        await store.lock(tx.connection, enquiry)
        row = (await viewing.load(tx, enquiry)).enquiry
        if change.retract:
            row = msgspec.structs.replace(row, state="open", completed_record=None, returned=change.reason.strip())
        else:
            said: dict[str, Any] = {
                name: value
                for name, value in ((change.detail or {}) | {"outcome": change.outcome}).items()
                if name in ("outcome", "conference_required", "next_step", "rationale") and value is not None
            }
            row = msgspec.structs.replace(row, body=msgspec.to_builtins(msgspec.convert(row.body | said, Body)))
        await store.save(tx, row, row.version)

    async def carry_out(self, tx: Tx, fact: Fact, change: Correction, agreed: Agreed) -> None:
        del tx, fact, change, agreed
        raise Conflict("Nothing is proposed from the record of an enquiry.")


class _OfConference:
    """What a conference decided, and whether it was held at all. What two people agreed to, only two take back."""

    async def record_of(self, tx: Tx, fact: Fact) -> str | None:
        found = await conferences.of_record(
            tx.connection, fact.pathway, fact.record, str(fact.detail.get("conference", ""))
        )
        return f"/conferences/{found}" if found else None

    async def check(self, tx: Tx, fact: Fact, change: Correction) -> bool:
        if instead := _INSTEAD.get((fact.kind, change.retract)):
            raise Conflict(instead)
        if change.retract and fact.kind in (*_HELD, _AGREED):
            await self._whole(tx, fact)
        if fact.kind in _HELD and not change.retract and (wrong := _wrong_with_decision(fact, change)):
            raise Refused(wrong)
        return fact.kind == _AGREED

    async def follow(self, tx: Tx, fact: Fact, change: Correction, agreed: Agreed | None) -> None:
        del agreed
        view = await self._view(tx, fact)
        row, detail = view.conference, change.detail or {}
        if fact.kind in _HELD and change.retract:
            for child in view.children:
                await conferences.decided(tx, row.id, child.about.pathway, None, None)
            row = msgspec.structs.replace(row, state="scheduled" if row.planned_for else "requested", held_record=None)
        elif fact.kind in _HELD:
            outcome = change.outcome or fact.outcome
            category = detail.get("category") or fact.detail.get("category") if outcome == "plan" else None
            await conferences.decided(tx, row.id, fact.pathway, outcome, category)
            row = msgspec.structs.replace(row, chair=str(detail.get("chair") or row.chair)[:200])
        elif fact.kind == _AGREED:
            row = msgspec.structs.replace(
                row,
                late_reason=None,
                late_agency=None,
                late_text="",
                interim_plan="",
                agreed_manager=None,
                agreed_manager_at=None,
                agreed_chair=None,
                agreed_chair_at=None,
                delay_record=None,
                agreed_again=False,
            )
        else:
            cause, agency = str(detail.get("cause") or row.cause), change.outcome or row.waits_on
            row = msgspec.structs.replace(row, cause=cause, waits_on=agency)
        await conferences.save(tx, row, row.version)

    async def carry_out(self, tx: Tx, fact: Fact, change: Correction, agreed: Agreed) -> None:
        del tx, fact, change, agreed
        raise Conflict("Nothing is proposed from the record of a conference.")

    async def _view(self, tx: Tx, fact: Fact) -> conference_viewing.View:
        named = str(fact.detail.get("conference", ""))
        found = await conferences.of_record(tx.connection, fact.pathway, fact.record, named)
        if found is None:
            raise Conflict("The conference that tells this is not yours to see.")
        await conferences.lock(tx.connection, found)
        return await conference_viewing.load(tx, found)

    async def _whole(self, tx: Tx, fact: Fact) -> None:
        view = await self._view(tx, fact)
        async with tx.recording():
            everyone = len(await conferences.children(tx.connection, view.conference.id))
        if everyone != len(view.children):
            raise Forbidden("You do not see every child of this conference: somebody who does corrects it.")


def _wrong_with_decision(fact: Fact, change: Correction) -> list[Wrong]:
    """A plan names its category, and who was there makes a quorum or not."""
    said = fact.detail | (change.detail or {})
    found = []
    if (change.outcome or fact.outcome) == "plan" and not said.get("category") and fact.kind in _HELD:
        help_ = "A plan names its category of abuse."
        found.append(Wrong("detail.category", "nothing", "the category of abuse", help_))
    if "agencies_present" in said and "quorate" in said and change.detail is not None:
        quorate = conference_rules.quorate(said["agencies_present"])
        if bool(said["quorate"]) != quorate:
            got, wanted = str(said["quorate"]).lower(), str(quorate).lower()
            help_ = "Quorate: social care and at least two other agencies."
            found.append(Wrong("detail.quorate", got, f"{wanted}, by who was there", help_))
    return found


_CONFERENCE: Final = _OfConference()
#: The milestones of which an enquiry or a conference tells too.
KEPT: Final[dict[str, Owner]] = {
    "enquiry_completed": _OfEnquiry(),
    **dict.fromkeys(checking.KINDS, OfCheck()),
    **dict.fromkeys((*_HELD, _AGREED, "conference_scheduled", "conference_cancelled"), _CONFERENCE),
}
