from django.db import transaction

from accounts.api import User, audit
from kernel import clock, events
from oms.orders import selectors
from oms.orders.choices import CloseReason, FulfilmentState
from oms.orders.events import FulfilmentCancelled, OrderCancelled
from oms.orders.models import FulfilmentOrder, Order
from oms.orders.services.holds import clear_holds
from oms.orders.services.reserve import release_stock
from oms.orders.services.step import advance
from oms.orders.states import LIVE_FULFILMENTS


def cancel_order(*, order_no: str, actor: User, reason: str) -> None:
    """Cancel an order that has not left yet. Raises OrderNotFound, or TransitionRefused once it is shipped."""
    with transaction.atomic():
        order = selectors.lock_order(order_no)
        before = order.state
        cancel_locked(order, reason=CloseReason.STAFF, actor=actor, note=reason)
        audit.record(
            actor,
            "order.cancelled",
            "orders.order",
            order_no,
            before={"state": before},
            after={"state": order.state},
            reason=reason,
        )


def close_locked(order: Order, *, reason: str) -> None:
    """End a locked order that had left: its money went back, so nothing is to be expected of it any more."""
    advance(order, "close", source=order.shop.platform, reason=reason)
    order.close_reason = reason
    order.save(update_fields=("close_reason",))


def cancel_locked(order: Order, *, reason: str, actor: User | None = None, note: str = "") -> None:
    """End a locked order: its stock is given back, what the warehouse has of it is called off, its holds are closed."""
    advance(order, "cancel", actor=actor, source=order.shop.platform if actor is None else "", reason=reason, note=note)
    order.close_reason = reason
    order.save(update_fields=("close_reason",))
    release_stock(order, reason="order_cancelled")
    for fulfilment in order.fulfilments.filter(state__in=LIVE_FULFILMENTS):
        FulfilmentOrder.objects.filter(pk=fulfilment.pk, state__in=LIVE_FULFILMENTS).update(
            state=FulfilmentState.CANCELLED, state_changed_at=clock.now()
        )
        events.publish(FulfilmentCancelled(fo_no=fulfilment.fo_no))
    clear_holds(order, reason="order_cancelled", actor=actor)
    events.publish(OrderCancelled(order_no=order.order_no))
