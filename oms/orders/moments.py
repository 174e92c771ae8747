"""What "today" and "stuck" mean for orders: one definition for the numbers of the home page and the lists behind them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.api import User
from kernel import clock
from oms.orders.choices import STUCK_STATES
from oms.orders.explain import Explanation, explain
from oms.orders.models import Order
from oms.orders.selectors import OPEN_HOLDS, visible_orders

STUCK_AFTER = timedelta(hours=4)
Orders = QuerySet[Order]
TONES = ("bad", "warn", "info")


def day_start() -> datetime:
    """Midnight of the reader's own day."""
    local = clock.now().astimezone(timezone.get_current_timezone())
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def received_today(rows: Orders) -> Orders:
    return rows.filter(received_at__gte=day_start())


def paid_today(rows: Orders) -> Orders:
    return rows.filter(source_paid_at__gte=day_start())


def shipped_today(rows: Orders) -> Orders:
    return rows.filter(shipped_at__gte=day_start())


def stuck(rows: Orders) -> Orders:
    """Paid and not shipped, in one state for more than four hours."""
    return rows.filter(state__in=STUCK_STATES, state_changed_at__lt=clock.now() - STUCK_AFTER)


MOMENTS: dict[str, Callable[[Orders], Orders]] = {
    "received_today": received_today,
    "paid_today": paid_today,
    "shipped_today": shipped_today,
    "stuck": stuck,
}
MOMENT_CHOICES = (
    ("received_today", _("Came in today")),
    ("paid_today", _("Paid today")),
    ("shipped_today", _("Shipped today")),
    ("stuck", _("Stuck for over 4 hours")),
)


def longest_stuck(user: User, limit: int, perm: str = "orders.view_order") -> list[tuple[Order, Explanation]]:
    """The stuck orders that wait longest, each with its one sentence; what a person must act on first, then by age."""
    rows: Any = stuck(visible_orders(user, perm)).select_related("shop").order_by("state_changed_at", "id")
    rows = rows.prefetch_related(OPEN_HOLDS, "holds", "rule_runs", "fulfilments__warehouse")
    oldest = [*rows.filter(is_held=True)[: limit * 2], *rows.filter(is_held=False)[: limit * 2]]
    told = [(order, explanation) for order in oldest if (explanation := explain(order))]
    return sorted(told, key=lambda pair: (TONES.index(pair[1].tone), pair[0].state_changed_at))[:limit]
