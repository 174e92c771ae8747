"""An order's claim on stock: promised when it arrives, taken for good when it is paid, given back when it ends."""

from inventory import api as inventory
from oms.orders.choices import HoldCode
from oms.orders.models import Order, OrderHold
from oms.orders.services.holds import place_hold
from oms.orders.services.timeline import tell


def claim_stock(order: Order, *, is_paid: bool) -> bool:
    """Stock for an order whose goods are new to us: articles we know and something to send, or a hold that says what is wrong."""
    lines = list(order.lines.all())
    unknown = [line.sku_code or line.title for line in lines if line.sku_id is None]
    if not lines:
        place_hold(order, HoldCode.SOURCE_CONFLICT, source="no_lines", evidence={})
        return False
    if unknown:
        place_hold(order, HoldCode.UNMATCHED, source="stock", evidence={"articles": unknown})
        return False
    return reserve_stock(order, is_paid=is_paid)


def reserve_stock(order: Order, *, is_paid: bool) -> bool:
    """Set all lines aside in the first warehouse that has them, for good when paid. Short: held STOCK_SHORT, never refused."""
    lines = _demand(order)
    if not lines:
        return False
    reservation_id = _next_reservation_id(order)
    try:
        reservation = _promise(order, reservation_id, lines, is_paid=is_paid)
    except inventory.InsufficientStock as short:
        _hold_short(order, short, sum(qty for sku, qty in lines if sku == short.sku))
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


def _hold_short(order: Order, short: inventory.InsufficientStock, wanted: int) -> None:
    """Hold the order; a hold that is open already tells from now on what is missing now."""
    evidence = {"sku": short.sku, "left": short.left, "missing": wanted - short.left}
    if not place_hold(order, HoldCode.STOCK_SHORT, source="stock", evidence=evidence):
        open_holds = OrderHold.objects.filter(order=order, code=HoldCode.STOCK_SHORT, cleared_at__isnull=True)
        open_holds.filter(source="stock").update(evidence=evidence)


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
