"""Places, articles and stock for tests, made through inventory's door."""

from inventory import api
from inventory.contracts import SkuInfo
from inventory.models import Warehouse


def make_warehouse(code: str = "WH-SH", **fields: object) -> Warehouse:
    """A warehouse; its gate is closed until somebody rebuilds it, so stock is exact without Redis."""
    api.create_warehouse(code=code, name=f"仓库 {code}", **fields)
    return Warehouse.objects.get(code=code)


def make_sku(code: str = "TEE-L", *, barcodes: tuple[str, ...] = (), **fields: object) -> SkuInfo:
    return api.create_sku(code=code, name=str(fields.pop("name", f"商品 {code}")), barcodes=barcodes, **fields)


def stock(sku_code: str, warehouse_code: str, qty: int) -> None:
    """Set what stands on the shelf."""
    api.set_stock(sku_code=sku_code, warehouse_code=warehouse_code, qty=qty, reason="test")
