"""Questions about the data itself, asked of the people who recorded it."""

from collections.abc import Sequence

from schema.spine import Condition
from service.clocks.order import Event


def contradictory_initiations(doubtful: Sequence[Sequence[Event]]) -> list[Condition]:
    """Several discussions say that they initiated one enquiry; the earliest is taken until somebody says."""
    return [
        Condition(
            rule="data_quality",
            subject="initiates_enquiry",
            episode=said[0].milestone.root,
            true_from=max(event.milestone.recorded_at for event in said),
            true_until=None,
            cause=None,
            holder="childrens_social_care",
            evidence=tuple(event.milestone.id for event in said),
        )
        for said in doubtful
    ]
