"""An order's claim on stock: promised when it arrives, taken for good when it is paid, given back when it ends."""

from inventory import api as inventory
from oms.orders.choices import HoldCode
from oms.orders.models import Order
from oms.orders.services.holds import place_hold
from oms.orders.services.timeline import tell


def reserve_stock(order: Order, *, is_paid: bool) -> bool:
    """Set all lines aside in the first warehouse that has them, for good when paid. Short: held STOCK_SHORT, never refused."""
    lines = _demand(order)
    if not lines:
        return False
    reservation_id = _next_reservation_id(order)
    try:
        reservation = _promise(order, reservation_id, lines, is_paid=is_paid)
    except inventory.InsufficientStock as short:
        place_hold(order, HoldCode.STOCK_SHORT, source="stock", evidence={"sku": short.sku, "left": short.left})
        return False
    warehouse = inventory.get_warehouse(reservation.warehouse)
    assert warehouse is not None
    order.reservation_id, order.warehouse_id = reservation_id, warehouse.id
    order.save(update_fields=("reservation_id", "warehouse"))
    kind = "stock_committed" if is_paid else "stock_reserved"
    tell(order, kind, source="stock", warehouse=reservation.warehouse, reservation=reservation_id)
    return True


def commit_stock(order: Order) -> bool:
    """Take the stock for good. An expired promise is made again from the paid floor; False where none is left."""
    if order.reservation_id:
        reservation = inventory.get_reservation(order.reservation_id)
        if reservation and reservation.state == "committed":
            return True
        try:
            inventory.commit_reservation(reservation_id=order.reservation_id)
        except (inventory.ReservationOver, inventory.ReservationNotFound):
            return reserve_stock(order, is_paid=True)
        tell(order, "stock_committed", source="stock", reservation=order.reservation_id)
        return True
    return reserve_stock(order, is_paid=True)


def release_stock(order: Order, *, reason: str) -> None:
    if order.reservation_id:
        inventory.release_reservation(reservation_id=order.reservation_id, reason=reason)


def _promise(
    order: Order, reservation_id: str, lines: list[tuple[str, int]], *, is_paid: bool
) -> inventory.ReservationView:
    warehouses = _warehouse_codes(order)
    if is_paid:
        return inventory.reserve_and_commit(
            reservation_id=reservation_id, lines=lines, warehouses=warehouses, owner_ref=order.order_no
        )
    return inventory.reserve(
        reservation_id=reservation_id,
        lines=lines,
        warehouses=warehouses,
        ttl_seconds=order.shop.unpaid_minutes * 60,
        owner_ref=order.order_no,
    )


def _demand(order: Order) -> list[tuple[str, int]]:
    """What must be set aside; empty while any line's article is unknown, because all lines or none are promised."""
    lines = list(order.lines.all())
    if any(line.sku is None for line in lines):
        return []
    return [(line.sku.code, line.qty) for line in lines if line.sku]


def _warehouse_codes(order: Order) -> list[str]:
    rows = order.shop.shopwarehouse_set.filter(warehouse__is_active=True)
    return list(rows.values_list("warehouse__code", flat=True))


def _next_reservation_id(order: Order) -> str:
    """order number + attempt: a promise that ended is never revived, a new one gets a new number."""
    attempt = int(order.reservation_id.rpartition("-")[2]) + 1 if order.reservation_id else 1
    return f"{order.order_no}-{attempt}"
