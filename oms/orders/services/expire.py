from django.db import transaction

from oms.orders.choices import CloseReason, OrderState
from oms.orders.models import Order
from oms.orders.services.cancel import cancel_locked
from oms.orders.services.timeline import tell

# Shops that are our own: nobody else closes their unpaid orders.
OWN_STORE_PLATFORMS = frozenset({"generic"})


def on_promise_expired(*, order_no: str, reservation_id: str) -> None:
    """An unpaid order's stock went back. Our own store's order is closed; a platform's waits for the platform to close it."""
    with transaction.atomic():
        order = Order.objects.select_for_update(of=("self",)).select_related("shop").filter(order_no=order_no).first()
        if order is None or order.reservation_id != reservation_id or order.state != OrderState.PENDING_PAYMENT:
            return
        tell(order, "stock_expired", source="stock", reservation=reservation_id)
        if order.shop.platform in OWN_STORE_PLATFORMS:
            cancel_locked(order, reason=CloseReason.UNPAID_EXPIRED)
