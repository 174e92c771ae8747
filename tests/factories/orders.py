"""Orders for tests, made the way they are made in life: a shop is opened, a channel tells an order, it is received."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from kernel import clock
from kernel.work import drain
from oms.orders import api
from oms.orders.contracts import (
    IncomingAmounts,
    IncomingBuyer,
    IncomingLine,
    IncomingOrder,
    IncomingPayment,
    IncomingReceiver,
)
from oms.orders.models import Order, Shop
from tests.factories.inventory import make_sku, make_warehouse, stock

_numbers = count(1)


def make_shop(code: str = "shop-a", platform: str = "generic", warehouses: list[str] | None = None) -> Shop:
    """A shop that may send from the given warehouses (made when missing; WH-SH without a list)."""
    codes = warehouses or ["WH-SH"]
    for warehouse in codes:
        make_warehouse(warehouse)
    api.create_shop(code=code, name=f"店铺 {code}", platform=platform, warehouse_codes=codes)
    return Shop.objects.get(code=code)


def stocked(sku: str = "TEE-L", qty: int = 100, warehouse: str = "WH-SH") -> str:
    """An article with stock, ready to be ordered."""
    make_sku(sku)
    stock(sku, warehouse, qty)
    return sku


def incoming(
    number: str = "",
    *,
    status: str = "to_ship",
    lines: list[tuple[str, int, str]] | None = None,
    minutes: int = 0,
    at: datetime | None = None,
    **changes: Any,
) -> IncomingOrder:
    """What a channel tells: `lines` are (sku, quantity, unit price); `minutes` is how much later than `at` it was updated."""
    number = number or f"CH{next(_numbers):06d}"
    placed = at or clock.now().replace(microsecond=0) - timedelta(minutes=5)
    rows = lines or [("TEE-L", 1, "59.00")]
    goods = sum((Decimal(price) * qty for _sku, qty, price in rows), Decimal(0))
    paid = status in ("paid_hold", "to_ship", "shipped", "done")
    told = IncomingOrder(
        channel_order_no=number,
        status=status,
        platform_status=status.upper(),
        currency="CNY",
        source_created_at=placed,
        source_updated_at=placed + timedelta(minutes=minutes),
        source_paid_at=placed if paid else None,
        source_version=f"{status}-{minutes}-{rows}",
        lines=tuple(
            IncomingLine(
                f"{number}-{i}",
                sku,
                f"商品 {sku}",
                qty,
                Decimal(price),
                Decimal(price) * qty,
                paid_amount=Decimal(price) * qty,
            )
            for i, (sku, qty, price) in enumerate(rows)
        ),
        amounts=IncomingAmounts(goods=goods, paid=goods),
        payments=(IncomingPayment(f"PAY-{number}", "alipay", goods, placed),) if paid else (),
        buyer=IncomingBuyer(token=f"buyer-{number}", nick="小**"),
        receiver=IncomingReceiver(
            name="王小明",
            phone="13812345678",
            province="浙江省",
            city="杭州市",
            district="余杭区",
            address="文一西路 969 号",
        ),
    )
    return replace(told, **changes) if changes else told


def receive(shop: Shop, told: IncomingOrder | None = None, *, settle: bool = True) -> Order:
    """Receive an order; with `settle` what follows from it (review, dispatch) is done too."""
    result = api.receive_order(shop_code=shop.code, incoming=told or incoming())
    if settle:
        settle_events()
    return Order.objects.get(order_no=result.order_no)


def settle_events() -> None:
    """Do all work that waits, as the workers would."""
    for label in ("kernel.outboxevent", "orders.bulkitem"):
        while drain(label).done:
            pass
