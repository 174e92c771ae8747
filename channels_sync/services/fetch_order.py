"""Reading one order from its platform. A push is only a hint: what it names is fetched, and comes in by the same inbox."""

import hashlib

from channels_sync.models import Connection, OrderFetch
from channels_sync.services.platform import calling
from kernel import inbox, work

PULLED = "pulled"


def ask_for_order(*, connection_id: int, shop_code: str, channel_order_no: str) -> None:
    """Have an order fetched soon, in the caller's transaction. One that already waits to be fetched is enough."""
    waiting = OrderFetch.objects.filter(
        connection_id=connection_id, channel_order_no=channel_order_no, state=work.WorkState.READY
    )
    if waiting.exists():
        return
    OrderFetch.objects.create(
        connection_id=connection_id,
        channel_order_no=channel_order_no,
        ordering_key=f"{shop_code}/{channel_order_no}"[:160],
    )
    work.ring(OrderFetch)


def fetch_order(row: OrderFetch) -> None:
    """The handler of a fetch: read the order, put it into the inbox, done. The HTTP call stands outside a transaction."""
    connection = Connection.objects.select_related("shop").get(pk=row.connection_id)
    with calling(connection, "fetch_order") as client:
        body = client.fetch_order(row.channel_order_no)
    with work.settle(row):
        put_order(connection.shop.code, row.channel_order_no, body)


def put_order(shop_code: str, channel_order_no: str, body: bytes) -> bool:
    """Keep an order's document as a delivery; the same document twice is one delivery. True when it was new."""
    key = f"{PULLED}:{channel_order_no}:{hashlib.sha256(body).hexdigest()[:40]}"
    identity = inbox.Identity(key, PULLED, channel_order_no)
    return inbox.put("shop", shop_code, identity, body, {}).name == "accepted"
