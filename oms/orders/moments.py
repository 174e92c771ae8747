"""What "today" and "stuck" mean for orders: one definition for the numbers of the home page and the lists behind them."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kernel import clock
from oms.orders.choices import OrderState
from oms.orders.models import Order

STUCK_AFTER = timedelta(hours=4)
STUCK_STATES = (
    OrderState.PAID,
    OrderState.IN_REVIEW,
    OrderState.APPROVED,
    OrderState.ALLOCATED,
    OrderState.PICKING,
    OrderState.PACKED,
)
Orders = QuerySet[Order]


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
