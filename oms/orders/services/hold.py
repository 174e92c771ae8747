"""A person holds an order or lets it go on."""

from django.db import transaction

from accounts.api import User, audit
from oms.orders import selectors
from oms.orders.choices import HoldCode, OrderState
from oms.orders.errors import NothingToRelease
from oms.orders.models import Order
from oms.orders.services.dispatch import dispatch_locked
from oms.orders.services.holds import clear_holds, place_hold
from oms.orders.services.lines import match_lines
from oms.orders.services.reserve import commit_stock, reserve_stock
from oms.orders.services.review import approve_after_release, review_order


def hold_order(*, order_no: str, actor: User, reason: str) -> bool:
    """Stop an order, wherever it is; the warehouse's next scan stops too. False when it was held by hand already."""
    with transaction.atomic():
        order = selectors.lock_order(order_no)
        placed = place_hold(order, HoldCode.MANUAL, source="manual", note=reason, actor=actor)
        if placed:
            audit.record(actor, "order.held", "orders.order", order_no, after={"hold": HoldCode.MANUAL}, reason=reason)
        return placed


def release_holds(*, order_no: str, actor: User, reason: str) -> None:
    """Close every open hold, making good what can be (stock, matching) first; the order then goes on by itself.

    Raises NothingToRelease. What cannot be made good (still short, still unmatched) stays held.
    """
    with transaction.atomic():
        order = selectors.lock_order(order_no)
        codes = selectors.open_hold_codes(order)
        if not codes:
            raise NothingToRelease(f"Order {order_no} is not on hold.")
        cleared = tuple(code for code in codes if code not in (HoldCode.STOCK_SHORT, HoldCode.UNMATCHED))
        if cleared:
            clear_holds(order, reason=reason, actor=actor, codes=cleared)
        if set(codes) - set(cleared):
            _make_good(order, actor=actor, reason=reason)
        audit.record(
            actor,
            "order.hold_released",
            "orders.order",
            order_no,
            before={"holds": sorted(codes)},
            after={"holds": sorted(selectors.open_hold_codes(order))},
            reason=reason,
        )
        _go_on(order, actor)


def retry_stock(*, order_no: str) -> bool:
    """Try again to find articles and stock for a held order, as after a receipt of goods. True when it could go on."""
    with transaction.atomic():
        order = selectors.lock_order(order_no)
        _make_good(order, actor=None, reason="stock_arrived")
        _go_on(order, None)
        return not order.is_held


def _make_good(order: Order, *, actor: User | None, reason: str) -> None:
    if match_lines(order):
        return
    clear_holds(order, reason=reason, actor=actor, codes=(HoldCode.UNMATCHED,))
    is_paid = order.state != OrderState.PENDING_PAYMENT
    found = commit_stock(order) if is_paid else reserve_stock(order, is_paid=False)
    if found:
        clear_holds(order, reason=reason, actor=actor, codes=(HoldCode.STOCK_SHORT,))


def _go_on(order: Order, actor: User | None) -> None:
    if order.is_held:
        return
    if order.state == OrderState.PAID:
        review_order(order_no=order.order_no)
    elif order.state == OrderState.APPROVED:
        dispatch_locked(order)
    else:
        approve_after_release(order, actor=actor)
