"""Taking in what a channel says about an order: created once, newest news wins, older news changes nothing."""

from dataclasses import replace
from datetime import timedelta

from django.db import IntegrityError, transaction

from kernel import clock, correlation, events
from oms.orders import selectors
from oms.orders.choices import FINAL_STATES, HoldCode, OrderState, PaymentState
from oms.orders.contracts import IncomingOrder, ReceiveResult
from oms.orders.events import OrderReceived
from oms.orders.models import Order, OrderAddress, Shop
from oms.orders.numbers import next_order_no
from oms.orders.services.follow_platform import REFUNDED_STATES, follow_platform, note_payments
from oms.orders.services.holds import place_hold
from oms.orders.services.incoming_fields import address_fields, content_digest, order_fields
from oms.orders.services.lines import store_lines
from oms.orders.services.reserve import claim_stock
from oms.orders.services.timeline import tell
from oms.orders.services.update_received import apply_update

DUPLICATE_WINDOW = timedelta(seconds=10)
# How far a platform's clock may be ahead of ours.
CLOCK_SKEW = timedelta(minutes=5)
# What a platform's order is to us when it is over before we hear of it: history, without stock or review.
HISTORY = {
    "shipped": OrderState.SHIPPED,
    "done": OrderState.COMPLETED,
    "cancelled": OrderState.CANCELLED,
}


def receive_order(*, shop_code: str, incoming: IncomingOrder) -> ReceiveResult:
    """Store one order as a channel tells it. Idempotent: the same telling twice is `unchanged`, an older one `stale`.

    Raises ShopNotFound. Short stock, unmatched articles and contradictions never refuse an order: they hold it.
    """
    incoming = incoming if incoming.source_version else replace(incoming, source_version=content_digest(incoming))
    incoming = _not_from_the_future(incoming)
    shop = selectors.get_shop(shop_code)
    with transaction.atomic():
        order, is_new = _claim(shop, incoming)
        if is_new:
            _complete_new(order, incoming)
            effect = "created"
        else:
            effect = apply_update(order, incoming)
        return ReceiveResult(order.order_no, effect, order.state, order.is_held)


def _not_from_the_future(incoming: IncomingOrder) -> IncomingOrder:
    """A time that has not come yet would make all later news old."""
    now = clock.now()
    if incoming.source_updated_at <= now + CLOCK_SKEW:
        return incoming
    return replace(incoming, source_updated_at=now, warnings=(*incoming.warnings, "updated_in_the_future"))


def _claim(shop: Shop, incoming: IncomingOrder) -> tuple[Order, bool]:
    """The stored order, locked; or a new row. The unique constraint decides between two that come at once."""
    stored = Order.objects.select_for_update(of=("self",)).select_related("shop", "address")
    stored = stored.filter(shop=shop, channel_order_no=incoming.channel_order_no).order_by()
    if order := stored.first():
        return order, False
    try:
        with transaction.atomic():
            return _insert(shop, incoming), True
    except IntegrityError:
        return stored.get(), False


def _insert(shop: Shop, incoming: IncomingOrder) -> Order:
    now = clock.now()
    return Order.objects.create(
        order_no=next_order_no(),
        shop=shop,
        channel_order_no=incoming.channel_order_no,
        received_at=now,
        state_changed_at=now,
        correlation_id=correlation.current(),
        **order_fields(shop, incoming),
    )


def _complete_new(order: Order, incoming: IncomingOrder) -> None:
    OrderAddress.objects.create(order=order, **address_fields(incoming.receiver))
    store_lines(order, incoming)
    tell(order, "received", source=order.shop.platform, after=order.state, status=incoming.platform_status)
    events.publish(OrderReceived(order_no=order.order_no))
    if incoming.status in HISTORY and not incoming.take_away:
        _store_as_history(order, incoming)
        return
    if incoming.cash_on_delivery:
        order.payment_state = PaymentState.ON_DELIVERY
        order.save(update_fields=("payment_state",))
    claim_stock(order, is_paid=incoming.is_paid)
    _hold_if_duplicate(order)
    follow_platform(order, incoming)


def _store_as_history(order: Order, incoming: IncomingOrder) -> None:
    paid = incoming.amounts.paid > 0
    refunded = REFUNDED_STATES.get(incoming.refund_status, PaymentState.PAID)
    note_payments(order, incoming)
    order.state = HISTORY[incoming.status]
    order.paid_amount = incoming.amounts.paid
    order.payment_state = refunded if paid else PaymentState.UNPAID
    order.save(update_fields=("state", "paid_amount", "payment_state"))
    tell(order, "stored_as_history", source=order.shop.platform, after=order.state, status=incoming.platform_status)


def _hold_if_duplicate(order: Order) -> None:
    """Same buyer, same articles, within 10 seconds in one shop: the later one waits for a person."""
    if order.buyer_index is None:
        return
    twin = (
        Order.objects.filter(
            shop=order.shop_id,
            buyer_index=order.buyer_index,
            lines_digest=order.lines_digest,
            source_created_at__range=(
                order.source_created_at - DUPLICATE_WINDOW,
                order.source_created_at + DUPLICATE_WINDOW,
            ),
        )
        .exclude(pk=order.pk)
        .exclude(state__in=FINAL_STATES)
        .first()
    )
    if twin:
        place_hold(order, HoldCode.SUSPECTED_DUPLICATE, source="intake", evidence={"order_no": twin.order_no})
