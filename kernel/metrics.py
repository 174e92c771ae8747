"""Prometheus figures of the work rows. They are read from the tables when somebody scrapes, so every process is
counted.
"""

from collections.abc import Iterator

from django.db.models import Count, Q
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector, CollectorRegistry

from kernel import clock, work
from kernel.health import lag
from kernel.models import Heartbeat
from kernel.models.work import WorkState

LIVE = (WorkState.READY, WorkState.RUNNING, WorkState.DEAD)


_collectors: list[Collector] = []


def register(collector: Collector) -> None:
    """Add an app's figures to /metrics (in its `handlers.py`)."""
    _collectors.append(collector)


def table_figures() -> CollectorRegistry:
    """What is read from the tables at each scrape: the work rows, and what the apps registered."""
    registry = CollectorRegistry()
    for collector in (WorkCollector(), *_collectors):
        registry.register(collector)
    return registry


class WorkCollector(Collector):
    """Rows that wait, run or are dead, how many of those wait for another attempt, and the lag, for each kind of work."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        rows = GaugeMetricFamily("oms_work_rows", "Work rows that are not finished", labels=["kind", "state"])
        retrying = GaugeMetricFamily("oms_work_retrying", "Ready rows that have failed before", labels=["kind"])
        lags = GaugeMetricFamily("oms_work_lag_seconds", "Age of the oldest due row", labels=["kind"])
        for model in work.registered():
            kind = model._meta.label_lower
            counts = self._counts(model)
            for state in LIVE:
                rows.add_metric([kind, state], counts[state])
            retrying.add_metric([kind], counts["retrying"])
            lags.add_metric([kind], lag(model))
        yield from (rows, retrying, lags, self._heartbeats())

    @staticmethod
    def _counts(model: type[work.WorkRow]) -> dict[str, int]:
        live = model._default_manager.filter(state__in=LIVE)
        return live.aggregate(
            **{state: Count("id", filter=Q(state=state)) for state in LIVE},
            retrying=Count("id", filter=Q(state=WorkState.READY, attempts__gt=0)),
        )

    @staticmethod
    def _heartbeats() -> GaugeMetricFamily:
        silence = GaugeMetricFamily("oms_heartbeat_age_seconds", "How long a process has been silent", labels=["name"])
        now = clock.now()
        for name, beat_at in Heartbeat.objects.values_list("name", "beat_at"):
            silence.add_metric([name], (now - beat_at).total_seconds())
        return silence
