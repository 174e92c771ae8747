"""A WooCommerce order in canonical words. The `_gmt` times are UTC without saying so; a refund's total is negative."""

import html
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from channels_sync.connectors.base import Settings
from channels_sync.connectors.checking import UNKNOWN_STATUS, with_warnings
from channels_sync.connectors.reading import Node, digest
from channels_sync.connectors.woocommerce.fields import ORDER_FIELDS
from oms.orders.contracts import (
    STAND_IN,
    IncomingAmounts,
    IncomingBuyer,
    IncomingLine,
    IncomingOrder,
    IncomingPayment,
    IncomingReceiver,
)

ZONE = "UTC"
STATUS = {
    "pending": "unpaid",
    "failed": "unpaid",
    "on-hold": "unpaid",
    "checkout-draft": "unpaid",
    "processing": "to_ship",
    "completed": "shipped",
    "cancelled": "cancelled",
    "trash": "cancelled",
    "refunded": "cancelled",
}


def normalize(payload: Mapping[str, Any], settings: Settings) -> IncomingOrder:
    order = Node(payload)
    platform_status = order.required_text("status")
    created_at = _time(order, "date_created", settings) or order.required_time("date_created_gmt", ZONE)
    refunded = -sum((refund.money("total") for refund in order.nodes("refunds")), Decimal(0))
    paid_at = _time(order, "date_paid", settings)
    lines = tuple(_line(line) for line in order.nodes("line_items") if line.count("quantity"))
    amounts = _amounts(order, lines, refunded)
    return with_warnings(
        IncomingOrder(
            channel_order_no=order.required_text("id"),
            channel_order_name=order.text("number"),
            status=STATUS.get(platform_status, UNKNOWN_STATUS),
            platform_status=platform_status,
            refund_status=_refund_status(platform_status, refunded, amounts.paid),
            currency=order.text("currency") or settings.currency,
            source_created_at=created_at,
            source_updated_at=_time(order, "date_modified", settings) or created_at,
            source_paid_at=paid_at,
            source_shipped_at=_time(order, "date_completed", settings),
            source_version=digest(order.values),
            buyer=_buyer(order),
            receiver=_receiver(order.node("shipping"), order.node("billing")),
            lines=lines,
            amounts=amounts,
            payments=_payments(order, amounts.paid, paid_at),
            buyer_note=order.text("customer_note"),
            unknown_fields=order.undeclared(ORDER_FIELDS),
        )
    )


def _time(order: Node, key: str, settings: Settings) -> datetime | None:
    """The `_gmt` twin is UTC; the other one is the site's local time."""
    return order.time(f"{key}_gmt", ZONE) or order.time(key, settings.zone)


def _refund_status(platform_status: str, refunded: Decimal, paid: Decimal) -> str:
    if platform_status == "refunded" or (refunded and refunded >= paid):
        return "full"
    return "partial" if refunded else "none"


def _amounts(order: Node, lines: tuple[IncomingLine, ...], refunded: Decimal) -> IncomingAmounts:
    fees = sum((fee.money("total") for fee in order.nodes("fee_lines")), Decimal(0))
    tax = order.money("total_tax")
    return IncomingAmounts(
        goods=sum((line.goods_amount for line in lines), Decimal(0)),
        shipping=order.money("shipping_total"),
        discount_seller=order.money("discount_total"),
        # `subtotal` and the totals beside it are without tax, whatever prices_include_tax says.
        tax=tax,
        adjust=fees,
        paid=order.money("total"),
        refunded=refunded,
    )


def _line(line: Node) -> IncomingLine:
    qty = line.qty("quantity")
    goods, total = line.money("subtotal"), line.money("total")
    return IncomingLine(
        channel_line_id=line.required_text("id"),
        sku_code=line.text("sku"),
        title=html.unescape(line.text("name")),
        spec=", ".join(text for option in line.nodes("meta_data") if (text := _spec(option))),
        qty=qty,
        unit_price=(goods / qty).quantize(Decimal("0.0001")),
        goods_amount=goods,
        discount_seller_amount=goods - total,
        tax_amount=line.money("total_tax"),
        paid_amount=total + line.money("total_tax"),
    )


def _spec(option: Node) -> str:
    """A chosen variation.

    Keys that begin with an underscore are the shop's own bookkeeping, and values may be anything.
    """
    key, value = option.text("key"), option.values.get("value")
    return f"{key.removeprefix('pa_')}: {value}" if isinstance(value, str) and not key.startswith("_") else ""


def _buyer(order: Node) -> IncomingBuyer:
    billing = order.node("billing")
    customer_id = order.text("customer_id")
    return IncomingBuyer(
        token="" if customer_id == "0" else customer_id,
        phone=billing.text("phone"),
        email=billing.text("email"),
        ip=order.text("customer_ip_address"),
        device=order.text("customer_user_agent"),
    )


def _receiver(shipping: Node, billing: Node) -> IncomingReceiver:
    address = shipping if shipping.text("address_1") or shipping.text("city") else billing
    streets = (address.text("company"), address.text("address_1"), address.text("address_2"))
    return IncomingReceiver(
        name=f"{address.text('first_name')} {address.text('last_name')}".strip(),
        phone=address.text("phone") or billing.text("phone"),
        country=address.text("country"),
        province=address.text("state"),
        city=address.text("city"),
        address=", ".join(part for part in streets if part),
        zip=address.text("postcode"),
    )


def _payments(order: Node, paid: Decimal, paid_at: datetime | None) -> tuple[IncomingPayment, ...]:
    if paid_at is None:
        return ()
    payment_no = order.text("transaction_id") or f"{STAND_IN}{order.required_text('id')}"
    return (IncomingPayment(payment_no=payment_no, method=order.text("payment_method"), amount=paid, paid_at=paid_at),)
