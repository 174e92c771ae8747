"""Reading a platform's document of an order in canonical words."""

from collections import Counter

from channels_sync.connectors.reading import Malformed, parse_object
from channels_sync.directory import Door
from channels_sync.services.check_order import check_order
from oms.orders.contracts import IncomingOrder


def read_order(door: Door, body: bytes) -> IncomingOrder:
    """The order in these bytes. Raises Malformed, which names the place in the document that is wrong."""
    order = door.connector.normalize(parse_object(body), door.settings)
    line_ids = Counter(line.channel_line_id for line in order.lines)
    for number, line in enumerate(order.lines):
        if line_ids[line.channel_line_id] > 1:
            raise Malformed(f"$.lines[{number}]", f"more than one line has the id {line.channel_line_id}")
    return check_order(order)
