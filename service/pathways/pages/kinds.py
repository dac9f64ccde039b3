"""What the form of each milestone asks besides when it happened. Pure data.

What a person must give reasons for follows from ``rules.REASONED`` and closed lists from
``rules.OUTCOMES``, so a form never asks for less than the door refuses.
"""

from typing import Final, Literal

import msgspec

from schema.vocabulary import ABUSE_CATEGORIES, AGENCIES
from service.pathways.rules import OUTCOMES, REASONED

Form = Literal["text", "lines", "choice", "agency", "agencies", "yes_no", "worker", "planned"]
OUTCOME: Final = "outcome"
#: The agencies one may ask; we ourselves are not among them.
ASKED: Final = tuple(agency for agency in AGENCIES if agency != "childrens_social_care")
#: Facts about one child that are never recorded for several at once.
ALONE: Final = frozenset({"notice_not_shared", "urgent_for_child", "withdrawn", "worker_reviewed"})
#: One record for all the children it covers: correcting one corrects all.
MEETINGS: Final = frozenset(
    {
        "strategy_requested",
        "strategy_scheduled",
        "strategy_postponed",
        "strategy_cancelled",
        "strategy_held",
        "strategy_record_issued",
        "conference_scheduled",
        "conference_cancelled",
        "conference_held",
        "transfer_in_notified",
        "transfer_in_conference_held",
        "conference_delay_agreed",
        "core_group_held",
        "review_held",
    }
)
#: The headings under which everything that may be recorded is listed.
GROUPS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (
        "Incident and police",
        (
            "incident_occurred",
            "police_reported",
            "police_attended",
            "seen_at_scene",
            "risk_graded",
            "risk_regraded",
            "urgent_for_child",
            "notice_submitted",
            "notice_shared",
            "notice_not_shared",
            "police_protection_used",
            "police_protection_ended",
        ),
    ),
    (
        "Front door",
        (
            "notice_received",
            "school_notified",
            "information_requested",
            "information_returned",
            "contact_decided",
            "early_help_accepted",
            "early_help_declined",
            "referrer_told",
            "sent_to_right_area",
            "transfer_accepted",
        ),
    ),
    (
        "Social work",
        (
            "worker_reviewed",
            "referral_accepted",
            "allocated",
            "allocation_ended",
            "child_seen",
            "assessment_started",
            "assessment_authorised",
        ),
    ),
    (
        "Strategy discussion and enquiry",
        (
            "threshold_reached",
            "strategy_requested",
            "strategy_scheduled",
            "strategy_postponed",
            "strategy_cancelled",
            "strategy_held",
            "strategy_record_issued",
            "enquiry_started",
            "history_considered",
            "enquiry_completed",
            "emergency_order_granted",
            "emergency_order_ended",
        ),
    ),
    (
        "Conference and reviews",
        (
            "conference_not_required",
            "transfer_in_notified",
            "conference_scheduled",
            "conference_cancelled",
            "conference_held",
            "transfer_in_conference_held",
            "conference_delay_agreed",
            "core_group_held",
            "review_held",
        ),
    ),
    ("End", ("stepped_down", "closed", "reopened", "withdrawn")),
)


class Field(msgspec.Struct, frozen=True):
    """One thing that a form asks. ``key`` is ``outcome``, or a key of the milestone's detail."""

    key: str
    label: str
    form: Form = "text"
    options: tuple[str, ...] = ()
    required: bool = False
    hint: str = ""


_AGENCY: Final = Field(OUTCOME, "Which agency", "agency", ASKED, required=True)
_WAITS_ON: Final = Field(OUTCOME, "Which agency it waits on", "agency", AGENCIES)
_FIELDS: Final[dict[str, tuple[Field, ...]]] = {
    "seen_at_scene": (
        Field(OUTCOME, "Was the child seen by an officer?", "choice", ("yes", "no"), required=True),
        Field("said", "What the child said or showed", "lines"),
        Field("why_not", "If not seen, why not", "lines"),
    ),
    "risk_graded": (
        Field(OUTCOME, "Grade", "choice", OUTCOMES["risk_graded"], required=True),
        Field("by", "Graded by", "choice", ("officer", "triage"), required=True),
        Field("rationale", "Why", "lines"),
    ),
    "risk_regraded": (
        Field(OUTCOME, "New grade", "choice", OUTCOMES["risk_regraded"], required=True),
        Field("by", "Graded by", "choice", ("triage", "officer"), required=True),
        Field(
            "rationale",
            "Why the grade changed",
            "lines",
            required=True,
            hint="A lower grade moves a due time only where triage says why before it has passed.",
        ),
    ),
    "urgent_for_child": (
        Field("reason", "Why it is urgent for this child", "lines", required=True),
        Field("by", "Who says so", "choice", ("officer", "front_door"), required=True),
    ),
    "notice_received": (Field(OUTCOME, "Who took it in", "choice", ("front_door", "out_of_hours"), required=True),),
    "school_notified": (Field("told", "Who was told", hint="For example the designated safeguarding lead"),),
    "information_requested": (_AGENCY, Field("question", "What we ask", "lines", required=True)),
    "information_returned": (_AGENCY, Field("text", "What they answered", "lines", required=True)),
    "early_help_accepted": (Field("consent", "The parents consented", "yes_no", required=True),),
    "early_help_declined": (Field("reason", "Why it was declined", "lines", required=True),),
    "allocated": (
        Field("worker", "Named practitioner", "worker", required=True, hint="A duty tray or holding list is nobody."),
    ),
    "allocation_ended": (Field("reason", "Why it ended", "lines"),),
    "child_seen": (
        Field("seen_alone", "Was the child seen alone?", "yes_no", required=True),
        Field("said", "What the child said or showed", "lines"),
    ),
    "threshold_reached": (
        Field("manager", "Named manager", required=True),
        Field("reason", "Why: reasonable cause to suspect significant harm", "lines", required=True),
    ),
    "strategy_requested": (
        Field("immediate", "Is the child in immediate danger?", "yes_no", required=True, hint="If so it is due today."),
    ),
    "strategy_scheduled": (Field("planned_for", "When it is planned for", "planned", required=True), _WAITS_ON),
    "strategy_postponed": (_WAITS_ON, Field("cause", "Why", "lines", required=True)),
    "strategy_cancelled": (_WAITS_ON, Field("cause", "Why", "lines", required=True)),
    "strategy_held": (
        Field(
            OUTCOME,
            "Was it quorate?",
            "choice",
            OUTCOMES["strategy_held"],
            required=True,
            hint="Social care, health and police at least.",
        ),
        Field("agencies_present", "Who was present", "agencies", AGENCIES),
        Field("initiates_enquiry", "Does it begin a section 47 enquiry?", "yes_no", required=True),
    ),
    "enquiry_started": (Field(OUTCOME, "Kind of enquiry", "choice", OUTCOMES["enquiry_started"], required=True),),
    "conference_not_required": (Field("reason", "Why", "lines", required=True),),
    "conference_scheduled": (Field("planned_for", "When it is planned for", "planned", required=True),),
    "conference_cancelled": (_WAITS_ON, Field("cause", "Why", "lines", required=True)),
    "conference_held": (Field("category", "Category of abuse, where there is a plan", "choice", ABUSE_CATEGORIES),),
    "transfer_in_conference_held": (
        Field("category", "Category of abuse, where there is a plan", "choice", ABUSE_CATEGORIES),
    ),
    "enquiry_completed": (Field("conference_required", "Is a conference required?", "choice", ("yes", "no")),),
    "assessment_authorised": (
        Field(OUTCOME, "Outcome", "choice", ("no_further_action", "early_help", "child_in_need"), required=True),
    ),
    "review_held": (Field(OUTCOME, "Outcome", "choice", ("plan_continues", "plan_ended"), required=True),),
    "referrer_told": (Field("by", "How", hint="For example by secure mail"),),
    "stepped_down": (Field("reason", "Why", "lines", required=True),),
    "closed": (Field("reason", "Why", "lines", required=True),),
    "withdrawn": (
        Field(OUTCOME, "What kind of error", "choice", ("recorded_in_error", "duplicate"), required=True),
        Field("reason", "Why it is withdrawn", "lines", required=True),
    ),
}


def fields(kind: str) -> tuple[Field, ...]:
    """What the form of a kind asks; whatever the door wants and is not named here is asked as text."""
    found = list(_FIELDS.get(kind, ()))
    named = {field.key for field in found}
    if OUTCOME not in named and kind in OUTCOMES:
        found.insert(0, Field(OUTCOME, "Outcome", "choice", OUTCOMES[kind], required=True))
    for key, what in REASONED.get(kind, ()):
        if key not in named:
            found.append(Field(key, what[:1].upper() + what[1:], "text" if "who" in what else "lines", required=True))
    return tuple(found)
