"""From approved to the warehouse: one fulfilment order for the warehouse that holds the stock."""

from kernel import clock, events
from oms.orders.choices import HoldCode
from oms.orders.events import FulfilmentReleased
from oms.orders.models import FulfilmentLine, FulfilmentOrder, Order
from oms.orders.services.holds import place_hold
from oms.orders.services.pay import complete_take_away
from oms.orders.services.reserve import commit_stock
from oms.orders.services.step import advance


def dispatch_locked(order: Order) -> FulfilmentOrder | None:
    """Release a locked, approved order to its warehouse. Without stock it stays approved and is held STOCK_SHORT.

    What was sold over the counter has nothing to send: it is complete.
    """
    if not commit_stock(order):
        place_hold(order, HoldCode.STOCK_SHORT, source="stock")
        return None
    if order.is_take_away:
        complete_take_away(order)
        return None
    assert order.warehouse_id is not None
    fulfilment = FulfilmentOrder.objects.create(
        fo_no=f"{order.order_no}-F{order.fulfilments.count() + 1}",
        order=order,
        warehouse_id=order.warehouse_id,
        reservation_id=order.reservation_id,
        routing={"chosen_by": "priority", "candidates": _candidates(order)},
        created_at=clock.now(),
        state_changed_at=clock.now(),
    )
    FulfilmentLine.objects.bulk_create(
        FulfilmentLine(fulfilment=fulfilment, line=line, sku_id=line.sku_id, qty=line.qty)
        for line in order.lines.all()
        if line.sku_id is not None
    )
    advance(order, "allocate", source="dispatch", fo_no=fulfilment.fo_no, routing=fulfilment.routing)
    events.publish(FulfilmentReleased(fo_no=fulfilment.fo_no))
    return fulfilment


def _candidates(order: Order) -> list[str]:
    return list(order.shop.shopwarehouse_set.values_list("warehouse__code", flat=True))
