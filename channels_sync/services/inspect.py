"""A kept delivery read again for the eye: what its order says, without doing anything with it."""

from dataclasses import dataclass

from channels_sync.connectors.reading import Malformed
from channels_sync.connectors.registry import connectors
from channels_sync.directory import open_door
from channels_sync.models import Connection
from channels_sync.services.fetch_order import PULLED
from channels_sync.services.read_order import read_order
from kernel.models import InboxDelivery
from oms.orders.contracts import IncomingOrder


@dataclass(frozen=True, slots=True)
class Reading:
    """The canonical order inside a delivery, or why there is none."""

    order: IncomingOrder | None = None
    kind: str = ""
    path: str = ""
    message: str = ""


def read_delivery(delivery: InboxDelivery) -> Reading:
    connection = Connection.objects.select_related("shop").filter(shop__code=delivery.endpoint).first()
    door = open_door(connection) if connection else None
    if door is None or delivery.verdict == "refused" or not delivery.body_bytes:
        return Reading()
    kind = "order" if delivery.topic == PULLED else connectors()[door.connector.name].classify(delivery.topic)
    if kind != "order" and delivery.verdict != "malformed":
        return Reading(kind=kind)
    try:
        return Reading(read_order(door, bytes(delivery.raw_body)), kind)
    except Malformed as malformed:
        return Reading(kind=kind, path=malformed.path, message=malformed.message)
