"""The two generic documents in canonical words.

`order.v1`, canonical already, and `pos.sale.v1`, a till's receipt in fen.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from channels_sync.connectors.base import Settings
from channels_sync.connectors.checking import UNKNOWN_STATUS, with_warnings
from channels_sync.connectors.generic.fields import ORDER_FIELDS
from channels_sync.connectors.generic.receipt import is_receipt, normalize_receipt
from channels_sync.connectors.reading import Node, digest
from oms.orders.contracts import (
    INCOMING_STATUSES,
    PAID_STATUSES,
    REFUND_STATUSES,
    IncomingAmounts,
    IncomingBuyer,
    IncomingLine,
    IncomingOrder,
    IncomingPayment,
    IncomingReceiver,
)


def normalize(payload: Mapping[str, Any], settings: Settings) -> IncomingOrder:
    root = Node(payload)
    document = root.node("data") if root.has("data") else root
    if is_receipt(document):
        return with_warnings(normalize_receipt(document, settings))
    return with_warnings(_order(document, settings))


def _order(order: Node, settings: Settings) -> IncomingOrder:
    zone = settings.zone
    platform_status = order.required_text("status")
    refund = order.text("refund_status") or "none"
    created_at = order.required_time("created_at", zone)
    status = platform_status if platform_status in INCOMING_STATUSES else UNKNOWN_STATUS
    payments = tuple(_payment(payment, zone) for payment in order.nodes("payments"))
    return IncomingOrder(
        channel_order_no=order.required_text("order_no"),
        channel_order_name=order.text("order_name", "order_no"),
        status=status,
        platform_status=platform_status,
        refund_status=refund if refund in REFUND_STATUSES else "requested",
        currency=order.text("currency") or settings.currency,
        source_created_at=created_at,
        source_updated_at=order.time("updated_at", zone) or created_at,
        source_paid_at=_paid_at(status, order.time("paid_at", zone), payments),
        source_shipped_at=order.time("shipped_at", zone),
        source_signed_at=order.time("signed_at", zone),
        source_version=digest(order.values),
        ship_by_at=order.time("ship_by", zone),
        buyer=_buyer(order.node("buyer")),
        receiver=_receiver(order.node("receiver")),
        lines=tuple(_line(line) for line in order.nodes("lines") if line.count("qty")),
        amounts=_amounts(order.node("totals")),
        payments=payments,
        buyer_note=order.text("buyer_note"),
        seller_note=order.text("seller_note"),
        cash_on_delivery=order.flag("cash_on_delivery"),
        unknown_fields=order.undeclared(ORDER_FIELDS),
    )


def _paid_at(status: str, stated: datetime | None, payments: tuple[IncomingPayment, ...]) -> datetime | None:
    """When it was paid, if the status says that it was: a first instalment alone pays no order."""
    if status not in PAID_STATUSES:
        return stated if status == "cancelled" else None
    return stated or next((payment.paid_at for payment in payments), None)


def _line(line: Node) -> IncomingLine:
    qty = line.qty("qty")
    goods, tax = line.money("unit_price") * qty, line.money("tax")
    discount, platform_discount = line.money("discount"), line.money("platform_discount")
    refund = line.text("refund_status") or "none"
    return IncomingLine(
        channel_line_id=line.required_text("line_id", "line_no"),
        sku_code=line.text("sku"),
        title=line.text("title"),
        spec=line.text("spec"),
        qty=qty,
        unit_price=line.money("unit_price"),
        goods_amount=goods,
        discount_seller_amount=discount,
        discount_platform_amount=platform_discount,
        tax_amount=tax,
        paid_amount=goods - discount - platform_discount + tax,
        is_gift=line.flag("gift"),
        refund_status=refund if refund in REFUND_STATUSES else "requested",
    )


def _amounts(totals: Node) -> IncomingAmounts:
    return IncomingAmounts(
        goods=totals.money("goods"),
        shipping=totals.money("shipping"),
        discount_seller=totals.money("discount"),
        discount_platform=totals.money("platform_discount"),
        adjust=totals.money("adjust"),
        tax=totals.money("tax"),
        service_fee=totals.money("service_fee"),
        paid=totals.money("paid"),
        refunded=totals.money("refunded"),
    )


def _payment(payment: Node, zone: str) -> IncomingPayment:
    return IncomingPayment(
        payment_no=payment.required_text("payment_no"),
        method=payment.text("method"),
        amount=payment.money("amount"),
        paid_at=payment.required_time("paid_at", zone),
    )


def _buyer(buyer: Node) -> IncomingBuyer:
    return IncomingBuyer(
        token=buyer.text("id"),
        nick=buyer.text("nick"),
        phone=buyer.text("phone"),
        email=buyer.text("email"),
        ip=buyer.text("ip"),
        device=buyer.text("device"),
    )


def _receiver(receiver: Node) -> IncomingReceiver:
    return IncomingReceiver(
        name=receiver.text("name"),
        phone=receiver.text("phone"),
        country=receiver.text("country") or "CN",
        province=receiver.text("province"),
        city=receiver.text("city"),
        district=receiver.text("district"),
        street=receiver.text("street"),
        address=receiver.text("address"),
        zip=receiver.text("zip"),
    )
