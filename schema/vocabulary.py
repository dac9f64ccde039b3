"""The field's standard words, as closed lists: milestones in rank order, grades, outcomes, roles.

The order of ``MILESTONES`` is the rank that settles ties: two milestones at one instant stand in
this order. Sources: Working Together (as quoted in local procedures), Children Act 1989, Domestic
Abuse Act 2021, College of Policing guidance; see docs/data-dictionary.md for each.
"""

from typing import Final, Literal

Precision = Literal["second", "minute", "day", "estimated"]
Grade = Literal["high", "medium", "standard"]

#: Every milestone kind in rank order (earlier in a pathway first).
MILESTONES: Final[tuple[str, ...]] = (
    "incident_occurred",
    "police_reported",
    "police_attended",
    "seen_at_scene",
    "risk_graded",
    "urgent_for_child",
    "risk_regraded",
    "notice_submitted",
    "notice_shared",
    "notice_received",
    "notice_not_shared",
    "school_notified",
    "information_requested",
    "information_returned",
    "contact_decided",
    "early_help_accepted",
    "early_help_declined",
    "worker_reviewed",
    "referral_accepted",
    "allocated",
    "allocation_ended",
    "threshold_reached",
    "strategy_requested",
    "strategy_scheduled",
    "strategy_postponed",
    "strategy_cancelled",
    "strategy_held",
    "enquiry_started",
    "strategy_record_issued",
    "child_seen",
    "history_considered",
    "enquiry_completed",
    "conference_not_required",
    "transfer_in_notified",
    "conference_scheduled",
    "conference_cancelled",
    "conference_held",
    "transfer_in_conference_held",
    "conference_delay_agreed",
    "core_group_held",
    "review_held",
    "assessment_started",
    "assessment_authorised",
    "police_protection_used",
    "police_protection_ended",
    "emergency_order_granted",
    "emergency_order_ended",
    "sent_to_right_area",
    "transfer_accepted",
    "referrer_told",
    "stepped_down",
    "closed",
    "reopened",
    "withdrawn",
)
RANK: Final[dict[str, int]] = {kind: rank for rank, kind in enumerate(MILESTONES)}

#: Grades, worst first. "Ungraded" is the absence of a grade, never a value of this list.
GRADES: Final[tuple[Grade, ...]] = ("high", "medium", "standard")

PRECISIONS: Final = ("second", "minute", "day", "estimated")

#: How a child stands to the incident (DA Act 2021 s3: an absent child may still be a victim).
INVOLVEMENTS: Final = (
    "saw_or_heard",
    "in_the_property",
    "lives_there_absent",
    "child_of_party_elsewhere",
    "party_to_incident",
    "unborn",
    "not_recorded",
)

#: ``contact_decided.outcome``.
CONTACT_OUTCOMES: Final = (
    "no_further_action",
    "advice",
    "early_help",
    "referral",
    "linked_to_open_case",
    "strategy_discussion",
    "immediate_protection",
    "sent_to_right_area",
)

#: ``notice_not_shared.outcome``: why one child's notice was not sent to children's social care.
NOT_SHARED_REASONS: Final = (
    "below_threshold",
    "no_child_affected",
    "already_known_same_incident",
    "recorded_in_error",
    "other",
)

#: Agencies that take part, in the order every list and file gives them.
AGENCIES: Final = (
    "childrens_social_care",
    "police",
    "health",
    "education",
    "early_help",
    "probation",
    "domestic_abuse_service",
    "housing",
    "youth_justice",
    "other",
)

#: ``conference_delay_agreed.outcome``: why a child protection conference is or was late.
CONFERENCE_DELAY_REASONS: Final = (
    "enquiry_not_completed",
    "reports_not_ready",
    "agency_not_available",
    "not_quorate",
    "chair_not_available",
    "family_not_available",
    "police_or_court",
    "child_moved_or_born",
    "administrative",
    "other",
)

#: The category of abuse in which a child protection plan is made (children in need census).
ABUSE_CATEGORIES: Final = ("neglect", "physical_abuse", "sexual_abuse", "emotional_abuse", "multiple")

#: Why an incident with children in the home names none.
NO_CHILD_REASONS: Final = ("none_in_household", "not_asked", "not_recorded")

SCHOOL_STATUSES: Final = (
    "at_school",
    "home_educated",
    "not_of_school_age",
    "not_in_education",
    "unknown",
)

SEXES: Final = ("F", "M", "U")

#: Where a milestone's word comes from.
SOURCES: Final = ("typed", "pushed", "police_file", "history_file", "system")

ROLES: Final = (
    "mash_coordinator",
    "mash_manager",
    "social_worker",
    "team_manager",
    "conference_service",
    "out_of_hours",
    "senior_leader",
    "police_liaison",
    "partner",
    "board_member",
    "administrator",
    "auditor",
)

#: What the pathway history file can tell (design section 8). A clock that such a file starts and that only other
#: milestones could meet is "cannot compute": the file's silence is no evidence that nothing was done.
HISTORY_FILE_MILESTONES: Final = frozenset(
    {
        "incident_occurred",
        "police_attended",
        "risk_graded",
        "notice_submitted",
        "notice_shared",
        "notice_received",
        "contact_decided",
        "referral_accepted",
        "allocated",
        "strategy_requested",
        "strategy_held",
        "enquiry_started",
        "child_seen",
        "enquiry_completed",
        "conference_not_required",
        "conference_held",
        "notice_not_shared",
        "school_notified",
    }
)
