"""How each milestone is spoken of when it starts a clock and when it ends one."""

from typing import Final

#: "due 24 hours after ..."
STARTED: Final[dict[str, str]] = {
    "incident_occurred": "the incident",
    "police_reported": "the report to the police",
    "police_attended": "police attended",
    "risk_regraded": "the risk was graded up",
    "risk_graded": "the risk was graded",
    "urgent_for_child": "it was marked urgent for this child",
    "notice_submitted": "the notice was submitted",
    "notice_shared": "the notice was shared",
    "notice_received": "the notice was received",
    "contact_decided": "the decision",
    "early_help_declined": "early help was declined",
    "referral_accepted": "the referral was accepted",
    "allocation_ended": "the allocation ended",
    "threshold_reached": "the threshold was reached",
    "strategy_requested": "the discussion was asked for",
    "strategy_held": "the strategy discussion",
    "enquiry_started": "the enquiry started",
    "conference_held": "the conference",
    "transfer_in_notified": "the other area told us",
    "transfer_in_conference_held": "the transfer-in conference",
    "review_held": "the last review",
    "assessment_started": "the assessment started",
    "police_protection_used": "police protection began",
    "emergency_order_granted": "the order was granted",
    "sent_to_right_area": "it was sent to the right area",
    "transfer_accepted": "the transfer was accepted",
    "reopened": "it was opened again",
}

#: "Shared Fri 6 Nov 14:00: ..."
ENDED: Final[dict[str, str]] = {
    "notice_submitted": "Submitted",
    "notice_shared": "Shared",
    "notice_received": "Received",
    "notice_not_shared": "Decided not to share",
    "school_notified": "School told",
    "contact_decided": "Decided",
    "early_help_accepted": "Accepted by early help",
    "early_help_declined": "Declined",
    "worker_reviewed": "Reviewed",
    "allocated": "Allocated",
    "strategy_requested": "Asked for",
    "strategy_scheduled": "Scheduled",
    "strategy_held": "Discussion held",
    "strategy_record_issued": "Record issued",
    "child_seen": "Child seen",
    "enquiry_completed": "Enquiry completed",
    "conference_not_required": "Found not to be required",
    "conference_held": "Conference held",
    "transfer_in_conference_held": "Transfer-in conference held",
    "history_considered": "History considered",
    "core_group_held": "Core group held",
    "review_held": "Review held",
    "assessment_authorised": "Authorised",
    "police_protection_ended": "Police protection ended",
    "emergency_order_granted": "Emergency order granted",
    "emergency_order_ended": "Order ended",
    "transfer_accepted": "Transfer accepted",
}

#: What ended the work before this was done.
OVER: Final[dict[str, str]] = {
    "closed": "Not done before the case was closed",
    "stepped_down": "Not done before it was stepped down to early help",
    "review_held": "Not done before the plan ended",
}


def started(kind: str) -> str:
    """What the clock runs from; the kind itself, in words, where no phrase is known."""
    return STARTED.get(kind) or kind.replace("_", " ")


def ended(kind: str) -> str:
    """What ended it."""
    return ENDED.get(kind) or kind.replace("_", " ").capitalize()


def over(kind: str) -> str:
    """What ended the work that it belonged to, so that it was not done."""
    return OVER.get(kind) or f"Not done: {kind.replace('_', ' ')}"
