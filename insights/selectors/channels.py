"""How each channel does: when it last spoke, how far we are behind, and what failed for good."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, OuterRef, Q, Subquery

from accounts.api import User
from channels_sync.api import LATE_AFTER, Connection, OrderFetch, ShipmentPush
from insights.figures import DEAD, Figure, counted
from kernel.clock import now
from kernel.models import InboxDelivery
from kernel.paging import capped_count
from oms.orders.api import list_shops

CAP = 10_000
BEHIND = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """One shop's connection. `lag_since` is when the oldest delivery that still waits came in."""

    code: str
    name: str
    platform: str
    last_delivery_at: datetime | None
    lag_since: datetime | None
    waiting: int
    dead: int
    late_pushes: int
    is_paused: bool
    is_broken: bool
    failure: str

    @property
    def state(self) -> str:
        """The worst that is true of it."""
        if self.is_broken or self.dead:
            return "failing"
        if self.is_paused:
            return "paused"
        if self.late_pushes or (self.lag_since and now() - self.lag_since > BEHIND):
            return "behind"
        return "fine"


def channel_rows(user: User) -> list[ChannelRow]:
    """All of the person's channels, in a fixed number of queries."""
    shops = list_shops(user, "channels_sync.view_channel")
    last = InboxDelivery.objects.filter(source="shop", endpoint=OuterRef("shop__code")).order_by("-received_at", "-id")
    rows = (
        Connection.objects.filter(shop__in=shops, is_active=True)
        .select_related("shop")
        .defer("credentials")
        .annotate(last_delivery_at=Subquery(last.values("received_at")[:1]))
        .order_by("shop__code")
    )
    waiting, dead, pushes = _waiting(), _dead(), _pushes()
    return [_row(one, waiting, dead, pushes) for one in rows]


def dead_letters() -> Figure:
    count = sum(
        capped_count(model.objects.filter(state="dead"))[0] for model in (InboxDelivery, OrderFetch, ShipmentPush)
    )
    return counted(DEAD, (min(count, CAP), count > CAP), alarm="bad")


def _waiting() -> dict[str, dict[str, Any]]:
    rows: Any = (
        InboxDelivery.objects.filter(source="shop", state__in=("ready", "running")).order_by().values("endpoint")
    )
    return {row["endpoint"]: row for row in rows.annotate(count=Count("pk"), oldest=Min("received_at"))}


def _dead() -> dict[str, int]:
    rows = InboxDelivery.objects.filter(source="shop", state="dead").order_by().values("endpoint")
    return {row["endpoint"]: row["count"] for row in rows.annotate(count=Count("pk"))}


def _pushes() -> dict[int, dict[str, Any]]:
    late = Q(confirmed_at=None, shipped_at__lt=now() - LATE_AFTER) & ~Q(state__in=("discarded", "dead"))
    rows = ShipmentPush.objects.filter(Q(confirmed_at=None)).order_by().values("connection_id")
    counts: Any = rows.annotate(late=Count("pk", filter=late), dead=Count("pk", filter=Q(state="dead")))
    return {row["connection_id"]: row for row in counts}


def _row(one: Any, waiting: dict[str, Any], dead: dict[str, int], pushes: dict[int, Any]) -> ChannelRow:
    inbox, push = waiting.get(one.shop.code, {}), pushes.get(one.pk, {})
    return ChannelRow(
        code=one.shop.code,
        name=one.shop.name,
        platform=one.platform,
        last_delivery_at=one.last_delivery_at,
        lag_since=inbox.get("oldest"),
        waiting=inbox.get("count", 0),
        dead=dead.get(one.shop.code, 0) + push.get("dead", 0),
        late_pushes=push.get("late", 0),
        is_paused=one.is_intake_paused,
        is_broken=bool(one.breaker_reason),
        failure=one.last_failure if one.breaker_reason else "",
    )
