"""How channels do.

The figures of the list and of one channel, in a fixed number of queries however many rows there are.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q

from channels_sync.connectors.base import Connector
from channels_sync.connectors.registry import connectors
from channels_sync.models import BreakerReason, Connection, OrderFetch, ShipmentPush
from channels_sync.scope import SOURCE, visible_connections
from channels_sync.services.push_shipment import LATE_AFTER
from kernel import clock
from kernel.models import InboxDelivery
from kernel.models.work import WorkState

DAY = timedelta(days=1)
# A delivery that is not worked off after this is red.
RED_AFTER = timedelta(minutes=5)
# A platform whose webhooks are silent for so long is worth a look.
SILENT_AFTER = timedelta(hours=2)


@dataclass
class ChannelFacts:
    """One channel as the list shows it. `waiting_since` is the oldest delivery that is not worked off."""

    connection: Connection
    connector: Connector | None
    last_delivery_at: datetime | None = None
    deliveries: int = 0
    refused: int = 0
    waiting: int = 0
    waiting_since: datetime | None = None
    dead: int = 0
    pushes_waiting: int = 0
    pushes_late: int = 0
    state: str = "good"

    @property
    def lag(self) -> timedelta:
        return clock.now() - self.waiting_since if self.waiting_since else timedelta(0)


def list_channels(user: Any) -> list[ChannelFacts]:
    """Every channel of the person's scope with today's figures; five queries in all."""
    rows = [ChannelFacts(row, connectors().get(row.platform)) for row in visible_connections(user)]
    return _with_figures(rows)


def channel_facts(connection: Connection) -> ChannelFacts:
    return _with_figures([ChannelFacts(connection, connectors().get(connection.platform))])[0]


def _with_figures(rows: list[ChannelFacts]) -> list[ChannelFacts]:
    codes = [row.connection.shop.code for row in rows]
    ids = [row.connection.pk for row in rows]
    recent, waiting, dead = _recent(codes), _waiting(codes), _dead(codes)
    pushes, fetches = _pushes(ids), _dead_fetches(ids)
    for row in rows:
        code, pk = row.connection.shop.code, row.connection.pk
        vars(row).update(recent.get(code, {}))
        vars(row).update(waiting.get(code, {}))
        push = pushes.get(pk, {})
        row.pushes_waiting, row.pushes_late = push.get("waiting", 0), push.get("late", 0)
        row.dead = dead.get(code, 0) + fetches.get(pk, 0) + push.get("dead", 0)
        row.state = _state(row)
    return rows


def _deliveries(codes: list[str]) -> Any:
    return InboxDelivery.objects.filter(source=SOURCE, endpoint__in=codes).order_by().values("endpoint")


def _recent(codes: list[str]) -> dict[str, dict[str, Any]]:
    """Today's traffic; a channel silent for longer is told by its absence."""
    rows = (
        _deliveries(codes)
        .filter(received_at__gte=clock.now() - DAY)
        .annotate(
            last=Max("received_at", filter=~Q(verdict="refused")),
            kept=Count("id", filter=~Q(verdict="refused")),
            refused=Count("id", filter=Q(verdict="refused")),
        )
    )
    return {
        row["endpoint"]: {"last_delivery_at": row["last"], "deliveries": row["kept"], "refused": row["refused"]}
        for row in rows
    }


def _waiting(codes: list[str]) -> dict[str, dict[str, Any]]:
    open_states = (WorkState.READY, WorkState.RUNNING)
    rows = _deliveries(codes).filter(state__in=open_states).annotate(count=Count("id"), since=Min("received_at"))
    return {row["endpoint"]: {"waiting": row["count"], "waiting_since": row["since"]} for row in rows}


def _dead(codes: list[str]) -> dict[str, int]:
    rows = _deliveries(codes).filter(state=WorkState.DEAD).annotate(count=Count("id"))
    return {row["endpoint"]: row["count"] for row in rows}


def _pushes(ids: list[int]) -> dict[int, dict[str, Any]]:
    late = Q(state__in=(WorkState.READY, WorkState.RUNNING), shipped_at__lt=clock.now() - LATE_AFTER)
    rows = (
        ShipmentPush.objects.filter(connection_id__in=ids)
        .exclude(state__in=(WorkState.DONE, WorkState.DISCARDED))
        .order_by()
        .values("connection_id")
        .annotate(
            waiting=Count("id", filter=~Q(state=WorkState.DEAD)),
            late=Count("id", filter=late),
            dead=Count("id", filter=Q(state=WorkState.DEAD)),
        )
    )
    return {row["connection_id"]: dict(row) for row in rows}


def _dead_fetches(ids: list[int]) -> dict[int, int]:
    rows = OrderFetch.objects.filter(connection_id__in=ids, state=WorkState.DEAD).order_by().values("connection_id")
    return {row["connection_id"]: row["count"] for row in rows.annotate(count=Count("id"))}


def _state(row: ChannelFacts) -> str:
    """The one word for a channel: the first that is true."""
    connection, now = row.connection, clock.now()
    words = {
        "off": not connection.is_active,
        "token": connection.breaker_reason == BreakerReason.AUTH,
        "breaker": connection.breaker_open_until is not None,
        "paused": connection.is_intake_paused,
        "behind": row.lag > RED_AFTER,
        "failing": bool(row.dead or row.pushes_late),
        "silent": row.last_delivery_at is None or now - row.last_delivery_at > SILENT_AFTER,
    }
    return next((word for word, is_true in words.items() if is_true), "good")
