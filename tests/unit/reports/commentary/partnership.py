"""Reports of a simulated partnership, in which nothing happens but what a test plants."""

from datetime import date, timedelta

import msgspec
import numpy as np

from service.reports.commentary.inputs import ChildDays, Group, Interval, Report, Spent, Stage, Told, Week
from service.reports.statistics.distributions import student_quantile

FIRST = date(2026, 2, 2)
WEEKS = 39
NAMES = (
    ("unassessed", "Waiting for a first decision", "police"),
    ("police_share", "Shared by the police", "police"),
    ("contact_decision", "Contact decision", "childrens_social_care"),
    ("allocation", "Without a named worker", "childrens_social_care"),
    ("awaiting_strategy", "Awaiting strategy discussion", "childrens_social_care"),
    ("strategy_record", "Record of the discussion", "childrens_social_care"),
    ("under_enquiry", "Under section 47 enquiry", "childrens_social_care"),
    ("conference", "Initial conference", "childrens_social_care"),
    ("linked_not_reviewed", "Linked, not yet reviewed", "childrens_social_care"),
    ("early_help_offered", "Early help offered", "early_help"),
    ("assessment", "Assessment", "childrens_social_care"),
    ("school", "School told", "police"),
)


def told(value: float | None) -> Told:
    return Told(value, "" if value is None else f"{value:,.0f}")


def measured(random: np.random.Generator, middle: float, n: int) -> Interval:
    """An estimate as forty families give it: its error known as well as forty families know it."""
    error = 1.2 / np.sqrt(n)
    value = np.log(middle) + random.normal(0, error)
    reach = student_quantile(0.975, 39) * error * np.sqrt(random.chisquare(39) / 39)
    return Interval(
        value=float(np.exp(value)), low=float(np.exp(value - reach)), high=float(np.exp(value + reach)), n=n
    )


def quiet_stage(random: np.random.Generator, key: str, name: str, agency: str) -> Stage:
    """A stage in which arrivals, exits and the share in time vary by chance alone; children come in incidents."""
    mean = float(random.choice([1.0, 6.0, 25.0, 60.0]))
    share = float(random.choice([0.6, 0.85, 0.95]))
    incidents = random.poisson(mean, WEEKS)
    arrived = incidents + random.binomial(incidents, 0.5) if mean > 1 else incidents
    late = random.binomial(incidents, 1 - share)
    met = arrived - np.minimum(arrived, late * 2)
    stock = np.maximum(0, 40 + np.cumsum(random.poisson(mean, WEEKS) - random.poisson(mean, WEEKS)))
    middle, n = float(random.choice([300.0, 2000.0, 9000.0])), int(13 * mean)
    return Stage(
        key=key,
        name=name,
        agency=agency,
        waiting=told(int(stock[-1])),
        past_limit=told(int(random.poisson(3))),
        oldest=Told(30_000, "20 days 20 hours"),
        now=measured(random, middle, n),
        before=measured(random, middle, n),
        within=Interval(value=share, low=share - 0.05, high=min(1, share + 0.05), n=n),
        missed=told(int(late[-13:].sum())),
        weeks=tuple(
            Week(
                begins=FIRST + timedelta(weeks=week),
                arrived=int(arrived[week]),
                stock=int(stock[week]),
                due=int(arrived[week]),
                met=int(met[week]),
                settled=week < WEEKS - 1,
            )
            for week in range(WEEKS)
        ),
        groups=(
            Group(name="high grade", children=told(20), past_limit=told(2), missed=told(4), longer=600),
            Group(name="medium grade", children=told(60), past_limit=told(1), missed=told(9), longer=-30),
        ),
        waits=2 * n,
    )


def quiet(random: np.random.Generator) -> Report:
    return Report(
        stages=tuple(quiet_stage(random, *names) for names in NAMES),
        child_days=ChildDays(
            total=812.4,
            before=774.9,
            grades=(("high grade", 300.0), ("medium grade", 512.4)),
            spent=(
                Spent(agency="police", stage="Shared by the police", total=500.2, before=420.1),
                Spent(agency="childrens_social_care", stage="Contact decision", total=312.2, before=354.8),
            ),
        ),
    )


def with_stage(report: Report, key: str, **fields: object) -> Report:
    """The report with one stage changed."""
    return msgspec.structs.replace(
        report,
        stages=tuple(
            msgspec.structs.replace(stage, **fields) if stage.key == key else stage for stage in report.stages
        ),
    )
