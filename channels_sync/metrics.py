"""Prometheus figures of the channels, read from the tables when somebody scrapes."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Q
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from channels_sync.models import Connection, ShipmentPush
from channels_sync.scope import SOURCE
from channels_sync.services.push_shipment import LATE_AFTER
from kernel import clock
from kernel.models import InboxDelivery
from kernel.models.work import WorkState

HOUR = timedelta(hours=1)
LIVE = (WorkState.READY, WorkState.RUNNING, WorkState.DEAD)
QUANTILES = (0.5, 0.95, 0.99)
_VISIBLE = """
SELECT percentile_cont(%s) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - received_at))
FROM kernel_inboxdelivery
WHERE source = %s AND state = 'done' AND received_at > %s
"""


class ChannelCollector(Collector):
    """Deliveries by verdict, how long they took to be visible, pushes by state, late pushes, open breakers."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield self._deliveries()
        yield self._visible()
        yield from self._pushes()
        yield self._breakers()

    @staticmethod
    def _deliveries() -> GaugeMetricFamily:
        figures = GaugeMetricFamily(
            "oms_deliveries_last_hour", "Deliveries of the last hour", labels=["shop", "verdict"]
        )
        rows = InboxDelivery.objects.filter(source=SOURCE, received_at__gt=clock.now() - HOUR).order_by()
        for row in rows.values("endpoint", "verdict").annotate(count=Count("id")):
            figures.add_metric([row["endpoint"], row["verdict"]], row["count"])
        return figures

    @staticmethod
    def _visible() -> GaugeMetricFamily:
        figures = GaugeMetricFamily(
            "oms_delivery_visible_seconds", "From accepted to visible, last hour", labels=["quantile"]
        )
        with connection.cursor() as cursor:
            cursor.execute(_VISIBLE, [list(QUANTILES), SOURCE, clock.now() - HOUR])
            found = cursor.fetchone()[0] or []
        for quantile, seconds in zip(QUANTILES, found, strict=False):
            figures.add_metric([str(quantile)], seconds)
        return figures

    @staticmethod
    def _pushes() -> Iterator[GaugeMetricFamily]:
        states = GaugeMetricFamily("oms_shipment_pushes", "Shipment pushes not finished", labels=["shop", "state"])
        late = GaugeMetricFamily("oms_shipment_pushes_late", "Not confirmed after 30 minutes", labels=["shop"])
        rows = ShipmentPush.objects.filter(state__in=LIVE).order_by().values("connection__shop__code")
        is_late = Q(shipped_at__lt=clock.now() - LATE_AFTER)
        counts = {state.value: Count("id", filter=Q(state=state)) for state in LIVE}
        counted: Iterable[Any] = rows.annotate(**counts, late=Count("id", filter=is_late))
        for row in counted:
            shop = row["connection__shop__code"]
            late.add_metric([shop], row["late"])
            for state in LIVE:
                states.add_metric([shop, state], row[state])
        yield from (states, late)

    @staticmethod
    def _breakers() -> GaugeMetricFamily:
        figures = GaugeMetricFamily("oms_breaker_open", "1 while a platform is left alone", labels=["shop", "reason"])
        rows = Connection.objects.exclude(breaker_open_until=None).values_list("shop__code", "breaker_reason")
        for shop, reason in rows:
            figures.add_metric([shop, reason], 1)
        return figures
