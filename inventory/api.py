"""The one door of inventory: goods, places, and promises of stock. All acts join the caller's transaction."""

from inventory.contracts import (
    AuditReport,
    Finding,
    PickPlace,
    ReservationView,
    ReservedLine,
    SkuInfo,
    StockRow,
    WarehouseInfo,
)
from inventory.errors import (
    InsufficientStock,
    ReservationMismatch,
    ReservationNotFound,
    ReservationOver,
    StockNotReady,
    StockWouldGoNegative,
    UnknownSku,
    UnknownWarehouse,
)
from inventory.models import Warehouse
from inventory.selectors import (
    get_reservation,
    get_reservations,
    get_sku,
    get_stock,
    get_warehouse,
    list_warehouses,
    locations_for,
    resolve_skus,
)
from inventory.services.adjust import adjust_stock, change_layers, receive_stock, set_stock
from inventory.services.audit import audit_stock
from inventory.services.catalogue import create_sku, create_warehouse, place_sku
from inventory.services.gatekeeper import rebuild_gate
from inventory.services.move import move_reservation
from inventory.services.reserve import reserve, reserve_and_commit
from inventory.services.settle import adopt_reservation, commit_reservation, expire_due, release_reservation
from inventory.services.ship import ship_reservation
from inventory.services.tend import tend_stock

__all__ = [
    "AuditReport",
    "Finding",
    "InsufficientStock",
    "PickPlace",
    "ReservationMismatch",
    "ReservationNotFound",
    "ReservationOver",
    "ReservationView",
    "ReservedLine",
    "SkuInfo",
    "StockNotReady",
    "StockRow",
    "StockWouldGoNegative",
    "UnknownSku",
    "UnknownWarehouse",
    "Warehouse",
    "WarehouseInfo",
    "adjust_stock",
    "adopt_reservation",
    "audit_stock",
    "change_layers",
    "commit_reservation",
    "create_sku",
    "create_warehouse",
    "expire_due",
    "get_reservation",
    "get_reservations",
    "get_sku",
    "get_stock",
    "get_warehouse",
    "list_warehouses",
    "locations_for",
    "move_reservation",
    "place_sku",
    "rebuild_gate",
    "receive_stock",
    "release_reservation",
    "reserve",
    "reserve_and_commit",
    "resolve_skus",
    "set_stock",
    "ship_reservation",
    "tend_stock",
]
