"""SKUs and warehouses: make them known."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from inventory.contracts import SkuInfo, WarehouseInfo
from inventory.models import Location, Sku, SkuBarcode, SkuLocation, Warehouse
from inventory.selectors import sku_info, warehouse_info


@transaction.atomic
def create_sku(*, code: str, name: str, barcodes: Iterable[str] = (), **fields: Any) -> SkuInfo:
    """Make a SKU known; one that exists already is answered as it is."""
    sku, _new = Sku.objects.get_or_create(code=code, defaults={"name": name, **fields})
    for barcode in barcodes:
        SkuBarcode.objects.get_or_create(barcode=barcode, defaults={"sku": sku})
    return sku_info(sku)


@transaction.atomic
def create_warehouse(*, code: str, name: str, **fields: Any) -> WarehouseInfo:
    """Make a warehouse known; its gate is closed until the gatekeeper's next round."""
    place, _new = Warehouse.objects.get_or_create(code=code, defaults={"name": name, **fields})
    return warehouse_info(place)


@transaction.atomic
def place_sku(*, sku_code: str, warehouse_code: str, location_code: str, walk_order: int = 0) -> None:
    """Say where a picker finds a SKU; the place is made if it is new."""
    location, _new = Location.objects.get_or_create(
        warehouse=Warehouse.objects.get(code=warehouse_code), code=location_code, defaults={"walk_order": walk_order}
    )
    SkuLocation.objects.get_or_create(sku=Sku.objects.get(code=sku_code), location=location)
