"""What a kept delivery does: its order is read in canonical words and handed to the order centre, in one transaction
with "done". A hint only asks for its order.
"""

from datetime import timedelta

from django.utils.translation import gettext as _

from channels_sync import directory
from channels_sync.connectors.checking import REFUND_RECEIPT
from channels_sync.connectors.reading import Malformed
from channels_sync.directory import Door
from channels_sync.services.fetch_order import PULLED, ask_for_order
from channels_sync.services.read_order import read_order
from kernel import clock, notifications, work
from kernel.models import InboxDelivery
from oms.orders import api as orders

PAUSE_CHECK = timedelta(seconds=60)
NO_CONNECTION_CHECK = timedelta(minutes=5)


def process_delivery(delivery: InboxDelivery) -> None:
    """The inbox's handler for deliveries of shops. Never raises for what a person has to look at: that is a Dead."""
    door = directory.find(delivery.endpoint)
    if door is None:
        raise work.Defer(clock.now() + NO_CONNECTION_CHECK, "the shop is not connected")
    if door.is_intake_paused:
        raise work.Defer(clock.now() + PAUSE_CHECK, "intake is paused")
    kind = "order" if delivery.topic == PULLED else door.connector.classify(delivery.topic)
    if kind == "order":
        delivery.result = _receive_order(door, delivery)
    elif kind == "hint":
        delivery.result = _follow_hint(door, delivery)
    elif kind == "privacy":
        delivery.result = _tell_of_privacy_request(door, delivery)
    else:
        raise work.Ignore(f"nobody listens to the topic {delivery.topic}")


def _receive_order(door: Door, delivery: InboxDelivery) -> dict[str, object]:
    try:
        incoming = read_order(door, bytes(delivery.raw_body))
    except Malformed as malformed:
        raise work.Dead("malformed", str(malformed), "schema") from malformed
    if REFUND_RECEIPT in incoming.warnings:
        raise work.Dead(REFUND_RECEIPT, "refund receipts are not yet booked: book it by hand", "business")
    received = orders.receive_order(shop_code=door.shop_code, incoming=incoming)
    return {
        "effect": received.effect,
        "order_no": received.order_no,
        "channel_order_no": incoming.channel_order_no,
        "status": incoming.status,
        "warnings": list(incoming.warnings),
        "unknown_fields": list(incoming.unknown_fields),
    }


def _follow_hint(door: Door, delivery: InboxDelivery) -> dict[str, object]:
    identity = door.connector.identify(delivery.headers, bytes(delivery.raw_body))
    if not identity.order_id:
        raise work.Dead("malformed", "$: the delivery names no order", "schema")
    if not door.base_url:
        raise work.Ignore("a hint, and this shop has no API address to fetch its order from")
    ask_for_order(connection_id=door.connection_id, shop_code=door.shop_code, channel_order_no=identity.order_id)
    return {"effect": "fetch_asked", "channel_order_no": identity.order_id}


def _tell_of_privacy_request(door: Door, delivery: InboxDelivery) -> dict[str, object]:
    """A platform asks to show or erase a person's data: a person answers that, within the days the law gives."""
    notifications.notify(
        kind="privacy_request",
        title=_("Privacy request from %(shop)s: %(topic)s") % {"shop": door.shop_code, "topic": delivery.topic},
        level="warning",
        link=f"/inbox/{delivery.uid}/",
        dedupe_key=f"privacy|{delivery.uid}",
    )
    return {"effect": "privacy_request"}
