from inventory.models.audit import StockAudit
from inventory.models.gate import FoldBatch, StockCredit, StockFold, StockGate
from inventory.models.goods import Sku, SkuBarcode, SkuLocation
from inventory.models.places import Location, Warehouse, WarehouseGroupPermission, WarehouseUserPermission
from inventory.models.reservation import Reservation, ReservationLine
from inventory.models.stock import Movement, StockLevel

__all__ = [
    "FoldBatch",
    "Location",
    "Movement",
    "Reservation",
    "ReservationLine",
    "Sku",
    "SkuBarcode",
    "SkuLocation",
    "StockAudit",
    "StockCredit",
    "StockFold",
    "StockGate",
    "StockLevel",
    "Warehouse",
    "WarehouseGroupPermission",
    "WarehouseUserPermission",
]
