"""What every figure means, in words."""

from typing import Final

from service.reports.measures.figures import Definition
from service.reports.measures.rules import stages

_UNTIL: Final = (
    "Open ones are counted as still waiting at the report's instant, never left out. A time known to the day alone "
    "bounds the figure and is no point of it."
)


def _of(key: str, name: str, unit: str, words: str, counts: str = "children") -> Definition:
    return Definition(key=key, name=name, unit=unit, words=words, counts=counts)  # type: ignore[arg-type]  # as written


def _stage(stage: stages.Stage) -> Definition:
    return Definition(
        key=stage.key,
        name=stage.name,
        unit="minutes",
        words=f"{stage.words} {_UNTIL}",
        starts=tuple(dict.fromkeys(start.kind for start in stage.starts)),
        ends=tuple(stage.ends),
    )


DEFINITIONS: Final = (
    Definition(
        key=stages.UNASSESSED,
        name="Waiting for a first decision",
        unit="minutes",
        words="Unassessed risk: from when the police knew to the first decision about the child, strategy discussion, "
        "visit by a social worker, or a decision not to share. Being sent to the right area ends nothing. " + _UNTIL,
        starts=("police_reported", "police_attended", "reopened"),
        ends=("contact_decided", "strategy_held", "child_seen", "notice_not_shared", "withdrawn"),
    ),
    Definition(
        key=stages.POLICE_SHARE,
        name="Shared by the police",
        unit="minutes",
        words="Once for an incident and area: from when the police knew until the last child known at submission was "
        "shared or declined. " + _UNTIL,
        starts=("police_reported", "police_attended"),
        ends=("notice_shared", "notice_not_shared"),
        counts="incidents",
    ),
    _of("late_found", "Found late", "minutes", "Children named only after the officer's record of the incident had "
        "been submitted, each timed alone from when its own notice was complete."),
    *(_stage(stage) for stage in stages.STAGES),
    _of("child_days", "Child-days at unassessed risk", "child-days", "Elapsed seconds divided by 86,400. At each "
        "instant a child counts once, under the highest grade open then and for the area and holder of the oldest "
        "incident open then, so that the parts add up to the whole. Beside it: up to so many more, where only the day "
        "is known."),
    _of("open", "In the stage now", "children", "Counted at the report's instant from what stands then; ages are "
        "elapsed time. Past its limit: later than its due time."),
    _of("current", "At current rates", "minutes", "The median wait of a child who met this period's rates of leaving "
        "at every length of wait, whenever the waits began."),
    _of("within", "Within standard", "share", "Of those whose limit fell in the period: met in time, against met, "
        "missed and overdue together."),
    _of("cohort", "By month of beginning", "share", "The share that had left by a horizon that all can reach; a month "
        "that cannot have reached it is maturing."),
    _of("time_use", "Where the time goes", "child-days", "Time that each holder had children in each stage. Working "
        "time is the holder's own hours; waiting on a partner is time in which only another agency's answer or "
        "attendance was awaited; out of hours is the rest."),
    _of("bouncing", "Paths that bounce", "pathways", "A child came back to a holder who had passed it on."),
    _of("repeats", "Notices again within 90 days", "share", "Of decisions whose 90 days ended in the period: a further "
        "incident of the child within them."),
    _of("re_referrals", "Re-referrals", "share", "Of referrals in the period: another referral of the child in the 365 "
        "days before."),
    _of("discussions", "Strategy discussions", "meetings", "Counted once, however many children they were about; held "
        "and quorate always together. Quorate: children's social care, police and health took part and the record "
        "says so.", "meetings"),
    _of("actions", "Actions done in time", "actions", "Actions that discussions gave, by the agency that owns them and "
        "the area that convened. Of those that fell due in the period, by the due time that stands: done in time, done "
        "late, not done, cancelled; the share leaves out the cancelled. Moving a time that has passed leaves it late. "
        "Overdue now: not done and due before the report's instant, whenever that was.", "actions"),
    _of("conference_in_time", "Conferences in time", "share", "Within 15 working days, day 0 being the discussion that "
        "initiated the enquiry; where no conference is required there is none to count."),
    _of("ledger", "The ledger", "pathways", "Opening + new + reopened + moved in, less each way out on its own line, "
        "is closing: every day, with nothing left over."),
    _of("fairness", "Fairness", "children", "The wait for a first decision by ethnicity, disability, age and sex, as "
        "recorded; not recorded is a group. Each group is set against all other children over seven days: the share "
        "that left by then, and whether its mean wait until then differs by more than chance and siblings explain, all "
        "groups of a characteristic judged together."),
    _of("quality", "What the data cannot tell", "pathways", "Pathways that began in the period of which a needed time "
        "is missing, known to the day alone, or out of order; corrections that turned late into in time."),
)  # fmt: skip
