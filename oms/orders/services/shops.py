from django.db import transaction
from django.utils.translation import gettext as _

from inventory import api as inventory
from oms.orders.contracts import ShopView
from oms.orders.errors import ShopExists
from oms.orders.models import Shop, ShopWarehouse
from oms.orders.selectors import shop_view


def create_shop(
    *,
    code: str,
    name: str,
    platform: str,
    zone: str = "Asia/Shanghai",
    currency: str = "CNY",
    unpaid_minutes: int = 30,
    warehouse_codes: list[str] | None = None,
) -> ShopView:
    """Open a shop. Without `warehouse_codes` every active warehouse may serve it, in the warehouses' own order."""
    with transaction.atomic():
        if Shop.objects.filter(code=code).exists():
            raise ShopExists(
                _("Shop %(code)s exists already.") % {"code": code}, advice=_("Choose another code."), code_taken=code
            )
        shop = Shop.objects.create(
            code=code, name=name, platform=platform, zone=zone, currency=currency, unpaid_minutes=unpaid_minutes
        )
        found = {warehouse.code: warehouse for warehouse in inventory.list_warehouses()}
        codes = list(found) if warehouse_codes is None else warehouse_codes
        ShopWarehouse.objects.bulk_create(
            ShopWarehouse(shop=shop, warehouse_id=found[code].id, priority=(index + 1) * 10)
            for index, code in enumerate(codes)
        )
    return shop_view(shop)
