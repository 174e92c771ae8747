"""Reads of stock: levels at this instant, SKUs, warehouses, places."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db.models import Q

from inventory.contracts import PickPlace, ReservationView, SkuInfo, StockRow, WarehouseInfo
from inventory.live_levels import LiveLevel, read_levels
from inventory.models import Sku, SkuLocation, Warehouse
from inventory.services.promise import find_promise, find_written


def get_stock(skus: Sequence[str] | None = None, warehouse: str | None = None) -> list[StockRow]:
    """Stock by SKU and warehouse at this instant; all of it without arguments."""
    where, values = ["TRUE"], list[Any]()
    if skus is not None:
        where.append("sku.code = ANY(%s)")
        values.append(list(skus))
    if warehouse is not None:
        where.append("warehouse.code = %s")
        values.append(warehouse)
    return [stock_row(level) for level in read_levels(" AND ".join(where), values)]


def stock_row(level: LiveLevel) -> StockRow:
    return StockRow(
        sku=level.sku,
        warehouse=level.warehouse,
        on_hand=level.on_hand,
        reserved=level.reserved,
        committed=level.committed,
        quarantine=level.quarantine,
        locked=level.locked,
        available=level.available,
        sellable=level.sellable,
    )


def get_reservation(reservation_id: str) -> ReservationView | None:
    written = find_promise(reservation_id)
    return written.view if written else None


def get_reservations(owner_ref: str) -> list[ReservationView]:
    """All promises that were made for one owner, the oldest first."""
    return [one.view for one in find_written("r.owner_ref = %s AND r.owner_ref <> ''", [owner_ref])]


def resolve_skus(codes: Iterable[str]) -> dict[str, SkuInfo]:
    """SKUs by code or barcode, keyed as they were asked for; what is unknown is missing."""
    wanted = set(codes)
    found: dict[str, SkuInfo] = {}
    matching = Sku.objects.filter(Q(code__in=wanted) | Q(barcodes__barcode__in=wanted)).distinct()
    for sku in matching.prefetch_related("barcodes"):
        info = sku_info(sku)
        found |= dict.fromkeys(wanted & {sku.code, *info.barcodes}, info)
    return found


def get_sku(code: str) -> SkuInfo | None:
    return resolve_skus([code]).get(code)


def sku_info(sku: Sku) -> SkuInfo:
    barcodes = tuple(one.barcode for one in sku.barcodes.all())
    return SkuInfo(sku.pk, sku.code, sku.name, sku.weight_g, barcodes)


def list_warehouses() -> list[WarehouseInfo]:
    return [warehouse_info(one) for one in Warehouse.objects.filter(is_active=True)]


def get_warehouse(code: str) -> WarehouseInfo | None:
    found = Warehouse.objects.filter(code=code).first()
    return warehouse_info(found) if found else None


def warehouse_info(place: Warehouse) -> WarehouseInfo:
    return WarehouseInfo(place.pk, place.code, place.name, place.priority, place.region)


def locations_for(warehouse_code: str, sku_ids: Collection[int]) -> dict[int, PickPlace]:
    """The pick place of each SKU in one warehouse, the first on the walk; what has none is missing."""
    rows = SkuLocation.objects.filter(
        sku_id__in=sku_ids, location__warehouse__code=warehouse_code, location__is_active=True
    ).order_by("-location__walk_order", "-location__code")
    values = rows.values_list("sku_id", "location__code", "location__walk_order")
    return {sku_id: PickPlace(sku_id, code, walk_order) for sku_id, code, walk_order in values}
