"""Pure: what of a report a reader may be shown who is to see figures and no child.

Counts that few children or few incidents stand behind are hidden, and so is whatever would give them away: totals,
rests, shares, lengths of waits, the same figure in another report. The method is written down in decision 0026.
"""

from service.reports.disclosure.applying import apply, last_of, told_of
from service.reports.disclosure.cells import (
    BLANK,
    EXACT,
    LARGE,
    NEAR,
    SMALL,
    SOME,
    THRESHOLD,
    Cell,
    Label,
    Published,
    Sum,
)
from service.reports.disclosure.hidden import Hidden, is_hidden, number, somebody_waits
from service.reports.disclosure.protection import protect

__all__ = [
    "BLANK",
    "EXACT",
    "LARGE",
    "NEAR",
    "SMALL",
    "SOME",
    "THRESHOLD",
    "Cell",
    "Hidden",
    "Label",
    "Published",
    "Sum",
    "apply",
    "is_hidden",
    "last_of",
    "number",
    "protect",
    "somebody_waits",
    "told_of",
]
