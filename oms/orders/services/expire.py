from datetime import timedelta

from django.db import transaction

from kernel import clock
from oms.orders.choices import CloseReason, OrderState, PaymentState
from oms.orders.models import Order, Shop
from oms.orders.selectors import lock_order
from oms.orders.services.cancel import cancel_locked
from oms.orders.services.timeline import tell

# Shops that are our own: nobody else closes their unpaid orders.
# The end of the promise closes an order first; this is for those that have none.
GRACE = timedelta(minutes=2)
MOST_AT_ONCE = 500
OWN_STORE_PLATFORMS = frozenset({"generic"})


def close_unpaid() -> int:
    """Close own stores' orders that nobody paid in time, whatever became of their stock. Returns how many."""
    closed = 0
    for shop in Shop.objects.filter(platform__in=OWN_STORE_PLATFORMS):
        late = clock.now() - timedelta(minutes=shop.unpaid_minutes) - GRACE
        waiting = Order.objects.filter(
            shop=shop, state=OrderState.PENDING_PAYMENT, received_at__lt=late, is_cash_on_delivery=False
        )
        for order_no in waiting.order_by("received_at")[:MOST_AT_ONCE].values_list("order_no", flat=True):
            closed += _close_unpaid(order_no)
    return closed


def _close_unpaid(order_no: str) -> bool:
    with transaction.atomic():
        order = lock_order(order_no)
        if order.state != OrderState.PENDING_PAYMENT or order.payment_state != PaymentState.UNPAID:
            return False
        cancel_locked(order, reason=CloseReason.UNPAID_EXPIRED)
        return True


def on_promise_expired(*, order_no: str, reservation_id: str) -> None:
    """An unpaid order's stock went back. Our own store's order is closed; a platform's waits for the platform to close it."""
    with transaction.atomic():
        order = Order.objects.select_for_update(of=("self",)).select_related("shop").filter(order_no=order_no).first()
        if order is None or order.reservation_id != reservation_id or order.state != OrderState.PENDING_PAYMENT:
            return
        tell(order, "stock_expired", source="stock", reservation=reservation_id)
        if order.shop.platform in OWN_STORE_PLATFORMS:
            cancel_locked(order, reason=CloseReason.UNPAID_EXPIRED)
