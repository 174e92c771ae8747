"""What the rules may ask about an order. What the platform withholds is unknown."""

from datetime import timedelta

from oms.orders.choices import ReceiverMode
from oms.orders.models import Order
from oms.rules.api import UNKNOWN, Facts, MaskedText, Unknown

SAME_IP_WINDOW = timedelta(hours=1)


def facts_of(order: Order) -> Facts:
    """Every fact of one order by name; the shipped rules and the rules page name them the same way."""
    return {
        "paid_amount": order.paid_amount,
        "currency": order.currency,
        "platform": order.shop.platform,
        "address_text": _address_text(order),
        "orders_same_ip_1h": _orders_same_ip(order),
        "buyer_note": order.buyer_note,
        "is_non_sale": order.is_non_sale,
    }


def _address_text(order: Order) -> str | MaskedText:
    text = f"{order.address.region} {order.address.receiver_address}"
    return MaskedText(text) if order.address.mode == ReceiverMode.PLATFORM_CIPHER else text


def _orders_same_ip(order: Order) -> int | Unknown:
    """Orders of all shops from this buyer's IP in the hour before it was received, itself included."""
    if order.buyer_ip_index is None:
        return UNKNOWN
    window = (order.received_at - SAME_IP_WINDOW, order.received_at)
    return Order.objects.filter(buyer_ip_index=order.buyer_ip_index, received_at__range=window).count()
