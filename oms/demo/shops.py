"""The demo's six shops, connected to the simulated platform."""

from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings

from channels_sync import api as channels
from oms.orders import api as orders
from reconciliation import api as reconciliation

COMMISSION_PERCENT = Decimal(2)


@dataclass(frozen=True)
class DemoShop:
    code: str
    platform: str
    name: str
    warehouses: str
    share: int
    currency: str = "CNY"
    zone: str = "Asia/Shanghai"


SHOPS = (
    DemoShop("taobao-flagship", "taobao", "云栖服饰旗舰店", "WH-SH,WH-GZ,WH-BJ", 30),
    DemoShop("taobao-outlet", "taobao", "云栖奥莱店", "WH-GZ,WH-SH", 14),
    DemoShop("mini-program", "generic", "云栖小程序商城", "WH-BJ,WH-SH", 20),
    DemoShop("group-buy", "generic", "企业团购商城", "WH-GZ,WH-SH", 8),
    DemoShop("shopify-us", "shopify", "Yunqi Apparel US", "WH-BJ,WH-SH", 16, "USD", "America/New_York"),
    DemoShop("woo-eu", "woocommerce", "Yunqi Home EU", "WH-GZ,WH-SH", 12, "EUR", "Europe/Berlin"),
)


def shops_of(warehouse: str) -> tuple[DemoShop, ...]:
    """The shops whose orders go to this warehouse first."""
    return tuple(shop for shop in SHOPS if shop.warehouses.startswith(warehouse))


def open_shops() -> None:
    """Open and connect the shops that are not there yet, each with the account its platform settles on."""
    known = set(orders.Shop.objects.values_list("code", flat=True))
    for shop in SHOPS:
        if shop.code not in known:
            _open(shop)
        reconciliation.create_account(
            code=f"settle-{shop.code}",
            name=f"{shop.name} 平台结算",
            kind="platform",
            shop=orders.Shop.objects.get(code=shop.code),
            commission_percent=COMMISSION_PERCENT,
        )


def _open(shop: DemoShop) -> None:
    channels.connect_shop(
        platform=shop.platform,
        code=shop.code,
        secret=f"demo-secret-{shop.code}",
        options={
            "name": shop.name,
            "warehouses": shop.warehouses,
            "currency": shop.currency,
            "zone": shop.zone,
            "api_key": f"demo-key-{shop.code}",
            "api_token": f"demo-token-{shop.code}",
            "base_url": f"{settings.OMS_SIMULATOR_URL}/{shop.platform}/{shop.code}",
        },
    )
