"""Pure figures of the backlog. What is counted is incidents: one with several children counts once."""

from service.reports.backlog.rules.figures import BANDS, Figures, figures
from service.reports.backlog.rules.horizons import Horizons, horizons
from service.reports.backlog.rules.leaving import Course, course
from service.reports.backlog.rules.outlook import Outlook, outlook, outlook_sentences
from service.reports.backlog.rules.passing import (
    BATCH,
    RATE_DAYS,
    Batch,
    Day,
    Declined,
    Found,
    Rates,
    batches,
    declined,
    flow,
    found_late,
    rates,
)
from service.reports.backlog.rules.rows import (
    GRADES,
    Notice,
    OpenIncident,
    chosen,
    incidents,
    is_late_found,
    within,
    worst_first,
)
from service.reports.backlog.rules.sentences import sentences
from service.reports.backlog.rules.tipping import Expected, expected, expected_sentences

__all__ = [
    "BANDS",
    "BATCH",
    "GRADES",
    "RATE_DAYS",
    "Batch",
    "Course",
    "Day",
    "Declined",
    "Expected",
    "Figures",
    "Found",
    "Horizons",
    "Notice",
    "OpenIncident",
    "Outlook",
    "Rates",
    "batches",
    "chosen",
    "course",
    "declined",
    "expected",
    "expected_sentences",
    "figures",
    "flow",
    "found_late",
    "horizons",
    "incidents",
    "is_late_found",
    "outlook",
    "outlook_sentences",
    "rates",
    "sentences",
    "within",
    "worst_first",
]
