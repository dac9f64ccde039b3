"""Figures about the process itself, as Prometheus reads them. Nothing about children or people."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from service.database import Database


class Metrics:
    """One registry for each application, so that two in one process (tests) do not mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "tracker_http_requests_total",
            "Requests answered, by route template.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "tracker_http_request_seconds",
            "Time to answer, by route template.",
            ("method", "route"),
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
            registry=self.registry,
        )
        self._pool = Gauge(
            "tracker_database_connections", "Connections of the pool.", ("state",), registry=self.registry
        )

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def page(self, database: Database | None) -> bytes:
        """The text that a Prometheus server reads."""
        if database is not None:
            size, idle = database.pool.get_size(), database.pool.get_idle_size()
            self._pool.labels("idle").set(idle)
            self._pool.labels("busy").set(size - idle)
        return generate_latest(self.registry)
