"""Money for an order: each payment once, recorded whatever the order's state; full payment takes the stock for good."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.api import User
from inventory import api as inventory
from kernel import clock, events
from kernel.errors import InvalidInput
from kernel.money import quantize
from oms.orders import selectors
from oms.orders.choices import FINAL_STATES, HoldCode, OrderState, PaymentState
from oms.orders.contracts import PAID_STATUSES, STAND_IN, IncomingPayment
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
        if quantize(amount, currency) <= 0:
            raise InvalidInput(_("A payment is more than nothing."))
        if currency != order.currency:
            raise PaymentConflict(
                _("Order %(order_no)s is in %(currency)s, the payment in %(told)s.")
                % {"order_no": order_no, "currency": order.currency, "told": currency},
                advice=_("Record the payment in the order's currency."),
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
                _("Payment %(payment_no)s is recorded with %(recorded)s, now told as %(told)s.")
                % {
                    "payment_no": payment.payment_no,
                    "recorded": f"{quantize(row.amount, order.currency)} {order.currency}",
                    "told": f"{amount} {order.currency}",
                },
                advice=_("Compare with the gateway and correct the wrong side."),
                recorded=str(row.amount),
                told=str(amount),
            )
        return False
    tell(order, "payment_recorded", actor=actor, source=source, payment_no=payment.payment_no, amount=str(amount))
    _settle(order, payment.paid_at)
    return True


def identify_stand_in(order: Order, payment: IncomingPayment, *, source: str) -> None:
    """The platform now names the payment that it only called "paid" before: it is the same money, told better."""
    stand_in = order.payments.filter(payment_no__startswith=STAND_IN).first()
    if stand_in is None or payment.payment_no.startswith(STAND_IN):
        return
    was, before = stand_in.payment_no, stand_in.amount
    stand_in.payment_no, stand_in.method, stand_in.paid_at = payment.payment_no, payment.method, payment.paid_at
    stand_in.amount = quantize(payment.amount, order.currency)
    stand_in.save(update_fields=("payment_no", "method", "paid_at", "amount"))
    tell(order, "payment_named", source=source, payment_no=payment.payment_no, was=was)
    if stand_in.amount != before:
        _settle(order, payment.paid_at)


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
    if order.state in (OrderState.PAID, OrderState.APPROVED) and not order.is_held:
        inventory.ship_reservation(reservation_id=order.reservation_id, ref=order.order_no)
        order.shipped_at = order.source_paid_at
        order.save(update_fields=("shipped_at",))
        advance(order, "complete", source="take_away")


def _settle(order: Order, paid_at: datetime) -> None:
    paid = order.payments.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    order.paid_amount = paid
    if order.state in FINAL_STATES:
        order.save(update_fields=("paid_amount",))
        place_hold(order, HoldCode.SOURCE_CONFLICT, source="paid_after_end", evidence={"state": order.state})
        return
    # Platforms lower what is owed by coupons of their own; where they say paid, it is.
    is_paid_in_full = paid >= due_amount(order) or order.source_status in PAID_STATUSES
    order.payment_state = PaymentState.PAID if is_paid_in_full else PaymentState.PARTLY_PAID
    if is_paid_in_full:
        order.source_paid_at = order.source_paid_at or paid_at
    order.save(update_fields=("paid_amount", "payment_state", "source_paid_at"))
    if is_paid_in_full and order.state == OrderState.PENDING_PAYMENT:
        commit_stock(order)
        advance(order, "pay", source="payment")
        events.publish(OrderPaid(order_no=order.order_no))
