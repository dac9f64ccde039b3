"""Figures of a worker, as Prometheus reads them. What all workers share is read from the rows."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from service.flags.mail import Delivered
from service.flags.sweep import Swept
from service.meetings.invitations.service import Sent
from service.upkeep.service import Health


class Metrics:
    """One registry for each worker."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._flags = Counter(
            "tracker_flags_total", "Flags, by what became of them.", ("what",), registry=self.registry
        )
        self._late = Histogram(
            "tracker_flag_found_late_seconds",
            "The longest time between becoming true and being noticed, of each sweep that raised something.",
            buckets=(0.25, 0.5, 1, 2, 5, 30, 300, 3600, 86400),
            registry=self.registry,
        )
        self._work = Counter(
            "tracker_work_total",
            "Work from the queue, by kind and outcome.",
            ("kind", "outcome"),
            registry=self.registry,
        )
        self._mails = Counter("tracker_mails_total", "Mails, by outcome.", ("outcome",), registry=self.registry)
        self._behind = Gauge(
            "tracker_behind_seconds", "How long the oldest of it has waited.", ("what",), registry=self.registry
        )
        self._waiting = Gauge("tracker_waiting", "Rows that wait.", ("what",), registry=self.registry)
        self._dead = Gauge(
            "tracker_given_up", "Rows that were given up: a person must look.", ("what",), registry=self.registry
        )
        self._alarm = Gauge("tracker_alarm", "Above zero is an alarm.", ("what",), registry=self.registry)

    def swept(self, swept: Swept) -> None:
        """Count one sweep."""
        for what in ("raised", "healed", "untold", "escalated", "lapsed"):
            self._flags.labels(what).inc(getattr(swept, what))
        if swept.raised:
            self._late.observe(swept.latest.total_seconds())

    def worked(self, kind: str, outcome: str) -> None:
        """Count one attempt at work from the queue: done, failed, given_up, put_back."""
        self._work.labels(kind, outcome).inc()

    def delivered(self, delivered: Delivered | Sent) -> None:
        """Count one round of delivery."""
        for outcome in ("sent", "failed", "given_up"):
            self._mails.labels(outcome).inc(getattr(delivered, outcome))

    def page(self, health: Health) -> bytes:
        """The text that a Prometheus server reads."""
        self._behind.labels("flags").set(health.behind.total_seconds())
        self._behind.labels("outbox").set(health.outbox_behind.total_seconds())
        self._waiting.labels("outbox").set(health.outbox_waiting)
        self._waiting.labels("mails").set(health.mails_waiting)
        self._dead.labels("outbox").set(health.outbox_dead)
        self._dead.labels("mails").set(health.mails_dead)
        self._alarm.labels("derived_rows_differ").set(health.differing)
        self._alarm.labels("calendar_runs_out").set(health.calendar_problems)
        return generate_latest(self.registry)
