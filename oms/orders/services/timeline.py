"""Writing an order's story. Personal data never comes here in clear: callers pass names of fields, not their contents."""

from typing import Any

from accounts.api import User
from kernel import clock, correlation
from oms.orders.models import Order, TimelineEntry


def tell(
    order: Order,
    kind: str,
    *,
    actor: User | None = None,
    source: str = "",
    before: str = "",
    after: str = "",
    **data: Any,
) -> TimelineEntry:
    """Add one entry to the order's timeline, in the caller's transaction."""
    return TimelineEntry.objects.create(
        order=order,
        at=clock.now(),
        kind=kind,
        actor=actor,
        source=source,
        before=before,
        after=after,
        data=data,
        correlation_id=order.correlation_id or correlation.current(),
    )
