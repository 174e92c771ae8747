"""Finding one order by whatever number a person has in hand: each look-up is exact and has its own index."""

from kernel.crypto import blind_candidates, normalize_phone
from oms.orders.models import FulfilmentOrder, Order, OrderAddress, OrderPayment

MOST = 200


def find_order_ids(text: str) -> set[int]:
    """Ids of orders with this order, channel, payment or tracking number, or this full phone. `#1001` and `1001` are one.

    Not scoped.
    """
    if not text:
        return set()
    bare = text.removeprefix("#")
    found = set(Order.objects.filter(order_no=text.upper()).values_list("pk", flat=True)[:MOST])
    found |= set(Order.objects.filter(channel_order_no__in=(text, bare)).values_list("pk", flat=True)[:MOST])
    found |= set(
        Order.objects.filter(channel_order_name__in=(text, bare, f"#{bare}")).values_list("pk", flat=True)[:MOST]
    )
    found |= set(OrderPayment.objects.filter(payment_no=text).values_list("order_id", flat=True)[:MOST])
    found |= set(FulfilmentOrder.objects.filter(tracking_no=text).values_list("order_id", flat=True)[:MOST])
    if phone := normalize_phone(text):
        keys = blind_candidates("phone", phone)
        found |= set(OrderAddress.objects.filter(phone_index__in=keys).values_list("order_id", flat=True)[:MOST])
    return found
