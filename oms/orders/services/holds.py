"""Holding an order and letting it go. `Order.is_held` is true exactly while a hold is open."""

from typing import Any

from django.db.models import Q

from accounts.api import User
from kernel import clock, events
from oms.orders.events import OrderHeld, OrderHoldCleared
from oms.orders.models import Order, OrderHold
from oms.orders.services.timeline import tell


def place_hold(
    order: Order,
    code: str,
    *,
    source: str = "",
    evidence: dict[str, Any] | None = None,
    note: str = "",
    actor: User | None = None,
) -> bool:
    """Open a hold on a locked order. A second one with the same code and source changes nothing (False)."""
    hold = OrderHold(
        order=order,
        code=code,
        source=source,
        evidence=evidence or {},
        note=note,
        placed_by=actor,
        placed_at=clock.now(),
    )
    if OrderHold.objects.filter(order=order, code=code, source=source, cleared_at__isnull=True).exists():
        return False
    hold.save(force_insert=True)
    Order.objects.filter(pk=order.pk).update(is_held=True)
    order.is_held = True
    tell(order, "held", actor=actor, source=source, code=code, note=note, evidence=hold.evidence)
    events.publish(OrderHeld(order_no=order.order_no))
    return True


def clear_holds(
    order: Order,
    *,
    reason: str,
    actor: User | None = None,
    codes: tuple[str, ...] = (),
    source: str = "",
    ids: tuple[int, ...] = (),
) -> int:
    """Close open holds of a locked order: all, or those with the given codes (and source, and ids). Returns how many."""
    if not order.is_held:
        return 0
    wanted = Q(order=order, cleared_at__isnull=True)
    if codes:
        wanted &= Q(code__in=codes)
    if source:
        wanted &= Q(source=source)
    if ids:
        wanted &= Q(pk__in=ids)
    cleared = OrderHold.objects.filter(wanted).update(cleared_at=clock.now(), cleared_by=actor, clear_reason=reason)
    if not cleared:
        return 0
    order.is_held = OrderHold.objects.filter(order=order, cleared_at__isnull=True).exists()
    Order.objects.filter(pk=order.pk).update(is_held=order.is_held)
    tell(order, "hold_cleared", actor=actor, source=source, codes=list(codes), reason=reason, count=cleared)
    if not order.is_held:
        events.publish(OrderHoldCleared(order_no=order.order_no))
    return cleared
