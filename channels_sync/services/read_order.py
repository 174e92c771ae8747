"""Reading a platform's document of an order in canonical words."""

from channels_sync.connectors.reading import parse_object
from channels_sync.directory import Door
from oms.orders.contracts import IncomingOrder


def read_order(door: Door, body: bytes) -> IncomingOrder:
    """The order in these bytes. Raises Malformed, which names the place in the document that is wrong."""
    return door.connector.normalize(parse_object(body), door.settings)
