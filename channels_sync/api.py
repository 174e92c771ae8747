"""The one door of the channels for the apps above them."""

from channels_sync.connectors.registry import connectors
from channels_sync.directory import find as find_door
from channels_sync.errors import ConnectionNotFound, DeliveryNotFound, PlatformUnknown, StatementNotOffered
from channels_sync.models import ApiCall, Connection, OrderFetch, ShipmentPush
from channels_sync.selectors import list_channels
from channels_sync.services.connect import change_credentials, connect_shop, get_connection
from channels_sync.services.consume import consume_messages
from channels_sync.services.fetch_statement import fetch_statement, offers_statements
from channels_sync.services.intake import pause_intake, resume_intake
from channels_sync.services.pull import pull_orders
from channels_sync.services.push_shipment import ask_for_push
from channels_sync.services.read_order import read_order
from channels_sync.services.receive import receive_delivery

__all__ = [
    "ApiCall",
    "Connection",
    "ConnectionNotFound",
    "DeliveryNotFound",
    "OrderFetch",
    "PlatformUnknown",
    "ShipmentPush",
    "StatementNotOffered",
    "ask_for_push",
    "change_credentials",
    "connect_shop",
    "connectors",
    "consume_messages",
    "fetch_statement",
    "find_door",
    "get_connection",
    "list_channels",
    "offers_statements",
    "pause_intake",
    "pull_orders",
    "read_order",
    "receive_delivery",
    "resume_intake",
]
