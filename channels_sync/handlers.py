"""What the channels listen to, and which work they do. Found at start by the kernel."""

from channels_sync.metrics import ChannelCollector
from channels_sync.models import OrderFetch, ShipmentPush
from channels_sync.services.fetch_order import fetch_order
from channels_sync.services.push_shipment import ask_for_push, push_shipment
from channels_sync.services.receive import ShopSource
from kernel import events, inbox, metrics, work
from oms.orders.events import OrderShipped


def on_order_shipped(event: OrderShipped) -> None:
    ask_for_push(fo_no=event.fo_no)


inbox.register_source(ShopSource())
events.subscribe(OrderShipped, on_order_shipped)
work.register(ShipmentPush, push_shipment, transactional=False, batch=5)
work.register(OrderFetch, fetch_order, transactional=False, batch=5)
metrics.register(ChannelCollector())
