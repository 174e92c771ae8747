"""What the order centre does when something has happened: one service call each."""

from inventory.events import ReservationExpired
from kernel import work
from kernel.events import subscribe
from kernel.sweeps import register_sweep
from oms.orders.events import OrderPaid
from oms.orders.models import BulkItem
from oms.orders.services.bulk import do_item
from oms.orders.services.expire import close_unpaid, on_promise_expired
from oms.orders.services.review import review_order


def on_order_paid(event: OrderPaid) -> None:
    review_order(order_no=event.order_no)


def on_reservation_expired(event: ReservationExpired) -> None:
    on_promise_expired(order_no=event.owner_ref, reservation_id=event.reservation_id)


subscribe(OrderPaid, on_order_paid)
subscribe(ReservationExpired, on_reservation_expired)
work.register(BulkItem, do_item)
register_sweep("close_unpaid", 60, close_unpaid)
