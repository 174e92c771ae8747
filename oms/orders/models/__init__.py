from oms.orders.models.bulk import BulkItem, BulkRun
from oms.orders.models.fulfilment import FulfilmentLine, FulfilmentOrder
from oms.orders.models.history import RuleRun, TimelineEntry, TransitionFailure
from oms.orders.models.order import Order, OrderAddress, OrderHold, OrderLine, OrderPayment
from oms.orders.models.shop import Shop, ShopGroupPermission, ShopUserPermission, ShopWarehouse

__all__ = [
    "BulkItem",
    "BulkRun",
    "FulfilmentLine",
    "FulfilmentOrder",
    "Order",
    "OrderAddress",
    "OrderHold",
    "OrderLine",
    "OrderPayment",
    "RuleRun",
    "Shop",
    "ShopGroupPermission",
    "ShopUserPermission",
    "ShopWarehouse",
    "TimelineEntry",
    "TransitionFailure",
]
