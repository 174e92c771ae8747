from channels_sync.models.calls import ApiCall
from channels_sync.models.connection import BreakerReason, Connection
from channels_sync.models.fetch import OrderFetch
from channels_sync.models.push import ShipmentPush

__all__ = ["ApiCall", "BreakerReason", "Connection", "OrderFetch", "ShipmentPush"]
