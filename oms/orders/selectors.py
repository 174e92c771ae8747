"""Reads of the order centre: rows for pages and API, locked rows for services, views for the apps above."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from accounts.api import User, ids_in_scope, in_scope
from oms.orders.contracts import FulfilmentLineView, FulfilmentView, MoneyFacts, ShopView
from oms.orders.errors import FulfilmentNotFound, OrderNotFound, ShopNotFound
from oms.orders.models import FulfilmentOrder, Order, OrderHold, OrderPayment, Shop

OPEN_HOLDS = Prefetch(
    "holds",
    queryset=OrderHold.objects.filter(cleared_at__isnull=True).select_related("placed_by"),
    to_attr="open_holds",
)


def get_shop(code: str) -> Shop:
    shop = Shop.objects.filter(code=code).first()
    if shop is None:
        raise ShopNotFound(_("There is no shop %(code)s.") % {"code": code}, shop=code)
    return shop


def shop_view(shop: Shop) -> ShopView:
    return ShopView(shop.code, shop.name, shop.platform, shop.zone, shop.currency, shop.pk)


def list_shops(user: User, perm: str = "orders.view_order") -> QuerySet[Shop]:
    """Active shops that the person may see with this permission."""
    return in_scope(Shop.objects.filter(is_active=True), user, perm, "id", Shop)


def visible_orders(user: User, perm: str = "orders.view_order") -> QuerySet[Order]:
    """Orders of the shops in the person's scope. Every list, page and API of orders starts here."""
    return in_scope(Order.objects.all(), user, perm, "shop_id", Shop)


def order_rows(user: User) -> QuerySet[Order]:
    """Orders as lists show them: shop and warehouse joined, open holds and lines each in one query."""
    return visible_orders(user).select_related("shop", "warehouse").prefetch_related(OPEN_HOLDS, "lines")


def get_order(user: User, order_no: str) -> Order:
    """One visible order for its page. Raises OrderNotFound also for an order outside the person's scope."""
    order = (
        visible_orders(user)
        .select_related("shop", "warehouse", "address", "owner")
        .prefetch_related(OPEN_HOLDS, "holds", "lines__sku", "payments", "fulfilments__warehouse", "fulfilments__lines")
        .filter(order_no=order_no)
        .first()
    )
    if order is None:
        raise OrderNotFound(_("There is no order %(order_no)s.") % {"order_no": order_no}, order_no=order_no)
    return order


def lock_order(order_no: str) -> Order:
    """The order, locked until the caller's transaction ends. Raises OrderNotFound."""
    rows = Order.objects.select_for_update(of=("self",)).select_related("shop", "address")
    order = rows.filter(order_no=order_no).order_by().first()
    if order is None:
        raise OrderNotFound(_("There is no order %(order_no)s.") % {"order_no": order_no}, order_no=order_no)
    return order


def lock_fulfilment(fo_no: str) -> tuple[Order, FulfilmentOrder]:
    """A fulfilment order and its order, both locked, the order first (every writer locks in this order)."""
    order_no = FulfilmentOrder.objects.filter(fo_no=fo_no).values_list("order__order_no", flat=True).first()
    if order_no is None:
        raise FulfilmentNotFound(_("There is no fulfilment order %(fo_no)s.") % {"fo_no": fo_no}, fo_no=fo_no)
    order = lock_order(order_no)
    return order, FulfilmentOrder.objects.select_for_update().get(fo_no=fo_no)


def open_hold_codes(order: Order) -> list[str]:
    return list(
        OrderHold.objects.filter(order=order, cleared_at__isnull=True).values_list("code", flat=True).distinct()
    )


def open_holds(order: Order) -> list[OrderHold]:
    return list(OrderHold.objects.filter(order=order, cleared_at__isnull=True).order_by("placed_at", "id"))


def _fulfilments() -> QuerySet[FulfilmentOrder]:
    holds = Prefetch("order__holds", queryset=OrderHold.objects.filter(cleared_at__isnull=True), to_attr="open_holds")
    return (
        FulfilmentOrder.objects.select_related("order__shop", "order__address", "warehouse")
        .prefetch_related("lines__sku", "lines__line", holds)
        .order_by("id")
    )


def get_fulfilment(fo_no: str) -> FulfilmentView:
    row = _fulfilments().filter(fo_no=fo_no).first()
    if row is None:
        raise FulfilmentNotFound(_("There is no fulfilment order %(fo_no)s.") % {"fo_no": fo_no}, fo_no=fo_no)
    return fulfilment_view(row)


def list_fulfilments(fo_nos: Iterable[str]) -> list[FulfilmentView]:
    """The given fulfilment orders, in id order, in a fixed number of queries."""
    return [fulfilment_view(row) for row in _fulfilments().filter(fo_no__in=list(fo_nos))]


def list_released_fulfilments(
    warehouse_code: str, limit: int = 200, exclude: Iterable[str] = ()
) -> list[FulfilmentView]:
    """What waits to be picked in a warehouse, oldest first, without the held ones and without those in `exclude`."""
    rows = _fulfilments().filter(warehouse__code=warehouse_code, state="released", order__is_held=False)
    return [fulfilment_view(row) for row in rows.exclude(fo_no__in=list(exclude))[:limit]]


def fulfilment_view(row: FulfilmentOrder) -> FulfilmentView:
    order: Any = row.order
    return FulfilmentView(
        fo_no=row.fo_no,
        order_no=order.order_no,
        channel_order_no=order.channel_order_no,
        shop_code=order.shop.code,
        warehouse_code=row.warehouse.code,
        state=row.state,
        is_held=order.is_held,
        hold_reasons=tuple(hold.code for hold in order.open_holds),
        reservation_id=row.reservation_id,
        lines=tuple(
            FulfilmentLineView(line.line_id, line.sku.code, line.sku.name, line.qty, line.line.channel_line_id)
            for line in row.lines.all()
        ),
        receiver_region=order.address.region,
        paid_at=order.source_paid_at,
        carrier_code=row.carrier_code,
        tracking_no=row.tracking_no,
        shipped_at=row.shipped_at,
    )


def find_money_facts(
    *,
    payment_nos: Iterable[str] = (),
    channel_order_nos: Iterable[str] = (),
    order_nos: Iterable[str] = (),
    shop_code: str = "",
) -> list[MoneyFacts]:
    """Money, payments and shipments of the orders that carry any of these numbers, in a fixed number of queries.

    `channel_order_nos` are looked up within `shop_code` when it is given. Not scoped: reconciliation scopes its own pages.
    """
    shops = {"shop__code": shop_code} if shop_code else {}
    ids = set(Order.objects.filter(order_no__in=list(order_nos)).values_list("pk", flat=True))
    ids |= set(Order.objects.filter(channel_order_no__in=list(channel_order_nos), **shops).values_list("pk", flat=True))
    ids |= set(Order.objects.filter(payments__payment_no__in=list(payment_nos), **shops).values_list("pk", flat=True))
    payments = _numbers(OrderPayment.objects.filter(order__in=ids).order_by("paid_at", "id"), "payment_no")
    parcels = _numbers(
        FulfilmentOrder.objects.filter(order__in=ids).exclude(tracking_no="").order_by("id"), "tracking_no"
    )
    rows: Iterable[Any] = Order.objects.filter(pk__in=ids).order_by("id").values_list("pk", *MONEY_COLUMNS)
    return [MoneyFacts(*(*row, payments.get(pk, ()), parcels.get(pk, ()))) for pk, *row in rows]


# The columns of MoneyFacts, in its order: thousands of orders are compared at a time, so no model is built for them.
MONEY_COLUMNS = (
    *("order_no", "channel_order_no", "shop__code", "currency", "state", "payment_state", "is_non_sale"),
    *("goods_amount", "shipping_amount", "discount_seller_amount", "discount_platform_amount", "tax_amount"),
    *("service_fee_amount", "paid_amount", "refunded_amount", "source_paid_at", "shipped_at", "source_signed_at"),
)


def _numbers(rows: QuerySet[Any], column: str) -> dict[int, tuple[str, ...]]:
    """The numbers of each order."""
    found: dict[int, tuple[str, ...]] = {}
    for order_id, number in rows.values_list("order_id", column):
        found[order_id] = (*found.get(order_id, ()), number)
    return found


def can_see_shop(user: User, shop_id: int, perm: str = "orders.view_order") -> bool:
    return shop_id in ids_in_scope(user, perm, Shop)
