"""Money for an order: each payment once, recorded whatever the order's state; full payment takes the stock for good."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from accounts.api import User
from inventory import api as inventory
from kernel import clock, events
from kernel.money import quantize
from oms.orders import selectors
from oms.orders.choices import FINAL_STATES, HoldCode, OrderState, PaymentState
from oms.orders.contracts import IncomingPayment
from oms.orders.errors import PaymentConflict
from oms.orders.events import OrderPaid
from oms.orders.models import Order, OrderPayment
from oms.orders.services.holds import place_hold
from oms.orders.services.reserve import commit_stock
from oms.orders.services.step import advance
from oms.orders.services.timeline import tell


def record_payment(
    *,
    order_no: str,
    payment_no: str,
    amount: Decimal,
    currency: str,
    method: str,
    paid_at: datetime,
    actor: User | None = None,
    source: str = "api",
) -> bool:
    """Record a payment told by a gateway, an API caller or a person. False when it was known already.

    Raises OrderNotFound; PaymentConflict when the number is known with another amount or the currency is not the order's.
    """
    with transaction.atomic():
        order = selectors.lock_order(order_no)
        if currency != order.currency:
            raise PaymentConflict(
                f"Order {order_no} is in {order.currency}, the payment in {currency}.",
                advice="Record the payment in the order's currency.",
            )
        return store_payment(order, IncomingPayment(payment_no, method, amount, paid_at), source=source, actor=actor)


def store_payment(order: Order, payment: IncomingPayment, *, source: str, actor: User | None = None) -> bool:
    """Add a payment to a locked order and let the order follow. The same payment again changes nothing."""
    amount = quantize(payment.amount, order.currency)
    row, is_new = OrderPayment.objects.get_or_create(
        order=order,
        payment_no=payment.payment_no,
        defaults={
            "method": payment.method,
            "amount": amount,
            "currency": order.currency,
            "paid_at": payment.paid_at,
            "recorded_at": clock.now(),
        },
    )
    if not is_new:
        if row.amount != amount:
            raise PaymentConflict(
                f"Payment {payment.payment_no} is recorded with {row.amount}, now told as {amount}.",
                advice="Compare with the gateway and correct the wrong side.",
            )
        return False
    tell(order, "payment_recorded", actor=actor, source=source, payment_no=payment.payment_no, amount=str(amount))
    _settle(order, payment.paid_at)
    return True


def due_amount(order: Order) -> Decimal:
    """What the buyer owes in all: goods, shipping, tax and adjustments less both discounts."""
    return (
        order.goods_amount
        + order.shipping_amount
        + order.tax_amount
        + order.adjust_amount
        - order.discount_seller_amount
        - order.discount_platform_amount
    )


def accept_cash_on_delivery(order: Order) -> None:
    """A cash-on-delivery order is reviewed and shipped unpaid; its stock is taken for good all the same."""
    if order.state == OrderState.PENDING_PAYMENT:
        commit_stock(order)
        advance(order, "accept_unpaid", source=order.shop.platform)
        events.publish(OrderPaid(order_no=order.order_no))


def complete_take_away(order: Order) -> None:
    """A sale over the counter is over at once: the goods left the shelf with the buyer."""
    if order.state == OrderState.PAID and not order.is_held:
        inventory.ship_reservation(reservation_id=order.reservation_id, ref=order.order_no)
        order.shipped_at = order.source_paid_at
        order.save(update_fields=("shipped_at",))
        advance(order, "complete", source="take_away")


def _settle(order: Order, paid_at: datetime) -> None:
    paid = order.payments.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    is_paid_in_full = paid >= due_amount(order) or _platform_says_paid(order)
    order.paid_amount = paid
    order.payment_state = PaymentState.PAID if is_paid_in_full else PaymentState.PARTLY_PAID
    order.source_paid_at = order.source_paid_at or paid_at
    order.save(update_fields=("paid_amount", "payment_state", "source_paid_at"))
    if order.state in FINAL_STATES:
        place_hold(order, HoldCode.SOURCE_CONFLICT, source="paid_after_end", evidence={"state": order.state})
    elif is_paid_in_full and order.state == OrderState.PENDING_PAYMENT:
        commit_stock(order)
        advance(order, "pay", source="payment")
        events.publish(OrderPaid(order_no=order.order_no))


def _platform_says_paid(order: Order) -> bool:
    """Platforms lower what is owed by coupons of their own; where they say paid, it is."""
    return order.source_paid_at is not None
