"""What the platform's own state asks of ours: payments recorded, forbidden shipping and refunds held, endings followed."""

from kernel.money import quantize
from oms.orders.choices import FINAL_STATES, CloseReason, HoldCode, OrderState, PaymentState
from oms.orders.contracts import STAND_IN, IncomingOrder, IncomingPayment
from oms.orders.errors import PaymentConflict
from oms.orders.models import Order, OrderPayment
from oms.orders.services.cancel import cancel_locked, close_locked
from oms.orders.services.holds import clear_holds, place_hold
from oms.orders.services.pay import (
    accept_cash_on_delivery,
    complete_take_away,
    identify_stand_in,
    store_payment,
)
from oms.orders.services.step import advance
from oms.orders.services.timeline import tell

REFUND_RUNNING = ("requested", "processing", "partial")
REFUND_OVER = ("none", "rejected", "closed")
REFUNDED_STATES = {"partial": PaymentState.PARTLY_REFUNDED, "full": PaymentState.REFUNDED}
GONE_OUT = frozenset({OrderState.SHIPPED, OrderState.SIGNED, OrderState.COMPLETED, OrderState.CLOSED})


def follow_platform(order: Order, incoming: IncomingOrder) -> None:
    """Let a locked order follow the news it was just given. Money first: a payment is recorded whatever else is true."""
    disputed = store_payments(order, incoming)
    _note_refund(order, incoming)
    if incoming.status == "unknown":
        evidence = {"platform_status": incoming.platform_status}
        place_hold(order, HoldCode.SOURCE_CONFLICT, source="unknown_status", evidence=evidence)
        return
    clear_holds(order, reason="platform_status_known", codes=(HoldCode.SOURCE_CONFLICT,), source="unknown_status")
    if incoming.status == "cancelled" or incoming.refund_status == "full":
        _follow_cancellation(order, incoming)
        return
    _follow_money(order, incoming, disputed)
    _follow_refund(order, incoming)
    _follow_platform_hold(order, incoming)
    if incoming.cash_on_delivery and incoming.status == "to_ship":
        accept_cash_on_delivery(order)
    if incoming.take_away:
        complete_take_away(order)
    _follow_shipment(order, incoming)


def store_payments(order: Order, incoming: IncomingOrder) -> list[str]:
    """Record the payments told. Those that are recorded with another amount stay, and are answered as evidence."""
    disputed: list[str] = []
    for payment in payments_told(incoming):
        is_stand_in = payment.payment_no.startswith(STAND_IN)
        if is_stand_in and order.payments.exclude(payment_no=payment.payment_no).exists():
            continue
        identify_stand_in(order, payment, source=order.shop.platform)
        try:
            store_payment(order, payment, source=order.shop.platform)
        except PaymentConflict as conflict:
            disputed.append(f"{payment.payment_no}: {conflict.data['recorded']} → {conflict.data['told']}")
    return disputed


def note_payments(order: Order, incoming: IncomingOrder) -> None:
    """The payments of an order that was over before we heard of it: kept, and nothing follows from them."""
    OrderPayment.objects.bulk_create(
        OrderPayment(
            order=order,
            payment_no=payment.payment_no,
            method=payment.method,
            amount=quantize(payment.amount, order.currency),
            currency=order.currency,
            paid_at=payment.paid_at,
        )
        for payment in payments_told(incoming)
    )


def payments_told(incoming: IncomingOrder) -> tuple[IncomingPayment, ...]:
    """The payments told; a platform that only says "paid" stands for one payment under the order's own number."""
    if incoming.payments or incoming.cash_on_delivery or not incoming.is_paid:
        return incoming.payments
    paid_at = incoming.source_paid_at or incoming.source_updated_at
    return (IncomingPayment(f"{STAND_IN}{incoming.channel_order_no}", "platform", incoming.amounts.paid, paid_at),)


def _follow_money(order: Order, incoming: IncomingOrder, disputed: list[str]) -> None:
    """A payment told anew with another amount, or less money than the platform says was paid: a person looks."""
    if order.state in FINAL_STATES:
        return
    if disputed:
        place_hold(order, HoldCode.SOURCE_CONFLICT, source="payment", evidence={"payments": disputed})
    told = incoming.amounts.paid
    if incoming.is_paid and not incoming.cash_on_delivery and order.paid_amount < told:
        evidence = {"paid": str(order.paid_amount), "told": str(told)}
        place_hold(order, HoldCode.UNDERPAID, source="platform", evidence=evidence)
    else:
        clear_holds(order, reason="paid_in_full", codes=(HoldCode.UNDERPAID,), source="platform")


def _note_refund(order: Order, incoming: IncomingOrder) -> None:
    state = REFUNDED_STATES.get(incoming.refund_status)
    if state and order.payment_state != state and order.paid_amount:
        order.payment_state = state
        order.save(update_fields=("payment_state",))


def _follow_cancellation(order: Order, incoming: IncomingOrder) -> None:
    if order.state in FINAL_STATES:
        return
    if order.state in GONE_OUT and incoming.refund_status == "full":
        close_locked(order, reason=CloseReason.REFUNDED)
        return
    if order.state in GONE_OUT:
        evidence = {"platform_status": incoming.platform_status, "state": order.state}
        place_hold(order, HoldCode.SOURCE_CONFLICT, source="cancelled_after_shipping", evidence=evidence)
        return
    cancel_locked(order, reason="refunded" if incoming.refund_status == "full" else "buyer")


def _follow_refund(order: Order, incoming: IncomingOrder) -> None:
    if incoming.refund_status in REFUND_RUNNING and order.state not in GONE_OUT:
        place_hold(order, HoldCode.REFUND, source="platform", evidence={"refund_status": incoming.refund_status})
    elif incoming.refund_status in REFUND_OVER:
        clear_holds(order, reason="refund_ended_on_platform", codes=(HoldCode.REFUND,), source="platform")


def _follow_platform_hold(order: Order, incoming: IncomingOrder) -> None:
    if incoming.status == "paid_hold":
        evidence = {"platform_status": incoming.platform_status}
        place_hold(order, HoldCode.PLATFORM_HOLD, source="platform", evidence=evidence)
    else:
        clear_holds(order, reason="platform_allows_shipping", codes=(HoldCode.PLATFORM_HOLD,), source="platform")


def _follow_shipment(order: Order, incoming: IncomingOrder) -> None:
    if incoming.status not in ("part_shipped", "shipped", "done") or incoming.take_away or order.state in FINAL_STATES:
        return
    if order.state not in GONE_OUT:
        evidence = {"platform_status": incoming.platform_status, "state": order.state}
        place_hold(order, HoldCode.SOURCE_CONFLICT, source="shipped_elsewhere", evidence=evidence)
        return
    if incoming.status == "part_shipped":
        return
    if incoming.source_signed_at and order.state == OrderState.SHIPPED:
        advance(order, "sign", source=order.shop.platform)
    if incoming.status == "done":
        advance(order, "complete", source=order.shop.platform)
    else:
        tell(order, "platform_confirmed", source=order.shop.platform, status=incoming.platform_status)
