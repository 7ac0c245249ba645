"""Figures for Prometheus: requests, their time, the pool, what was refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The figures of one application, in a registry of its own."""

    def __init__(self, pool_figures: Callable[[], Mapping[str, int]]) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self._requests = Counter("alexandria_requests", "Requests answered.", labels, registry=self.registry)
        self._seconds = Histogram(
            "alexandria_request_seconds", "Time to answer.", ("route",), buckets=_SECONDS, registry=self.registry
        )
        self._running = Gauge("alexandria_requests_running", "Requests being answered.", registry=self.registry)
        self.registry.register(_Pool(pool_figures))

    def begin(self) -> None:
        """Count a request in."""
        self._running.inc()

    def end(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request out."""
        self._running.dec()
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """Return all figures in Prometheus' text form."""
        return generate_latest(self.registry)


class _Pool(Collector):
    """Reads the pool's own counts whenever it is asked."""

    def __init__(self, figures: Callable[[], Mapping[str, int]]) -> None:
        self._figures = figures

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterable[Metric]:
        family = GaugeMetricFamily("alexandria_pool", "The pool of database connections.", labels=["figure"])
        for name, value in self._figures().items():
            family.add_metric([name], value)
        yield family
