"""A Shopify order in canonical words. Amounts are decimal strings in the shop's currency; times carry their offset."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from channels_sync.connectors.base import Settings
from channels_sync.connectors.checking import UNKNOWN_STATUS, with_warnings
from channels_sync.connectors.reading import Node, digest
from channels_sync.connectors.shopify.fields import ORDER_FIELDS
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
UNPAID = frozenset({"pending", "authorized", "partially_paid", "voided", ""})
PAID = frozenset({"paid", "partially_refunded", "refunded"})
SHIPPED_STATUS = {
    "": "to_ship",
    "unfulfilled": "to_ship",
    "restocked": "to_ship",
    "partial": "part_shipped",
    "fulfilled": "shipped",
}
REFUND_STATUS = {"refunded": "full", "partially_refunded": "partial"}


def normalize(payload: Mapping[str, Any], settings: Settings) -> IncomingOrder:
    root = Node(payload)
    order = root.node("order") if root.has("order") else root
    updated_at = order.time("updated_at", ZONE)
    created_at = order.time("created_at", ZONE) or updated_at or order.required_time("created_at", ZONE)
    financial = order.text("financial_status")
    refunds = order.nodes("refunds")
    lines = tuple(_line(line, refunds) for line in order.nodes("line_items") if line.count("quantity"))
    amounts = _amounts(order, lines, refunds)
    payments = _payments(order, financial, amounts.paid)
    return with_warnings(
        IncomingOrder(
            channel_order_no=order.required_text("id"),
            channel_order_name=order.text("name"),
            status=_status(order, financial),
            platform_status=f"{financial}/{order.text('fulfillment_status') or 'unfulfilled'}",
            refund_status=REFUND_STATUS.get(financial, "none"),
            currency=order.text("currency") or settings.currency,
            source_created_at=created_at,
            source_updated_at=updated_at or created_at,
            source_paid_at=payments[0].paid_at if payments else None,
            source_shipped_at=_shipped_at(order),
            source_version=digest(order.values),
            buyer=_buyer(order),
            receiver=_receiver(order.node("shipping_address")),
            lines=lines,
            amounts=amounts,
            payments=payments,
            buyer_note=order.text("note"),
            seller_note=order.text("tags"),
            is_non_sale=order.flag("test"),
            unknown_fields=order.undeclared(ORDER_FIELDS),
        )
    )


def _status(order: Node, financial: str) -> str:
    fulfilment = order.text("fulfillment_status")
    if order.has("cancelled_at"):
        return "cancelled"
    if financial in UNPAID:
        return "unpaid"
    if financial not in PAID:
        return UNKNOWN_STATUS
    status = SHIPPED_STATUS.get(fulfilment, UNKNOWN_STATUS)
    if financial == "refunded" and status == "to_ship":
        return "cancelled"
    return "done" if status == "shipped" and order.has("closed_at") else status


def _amounts(order: Node, lines: tuple[IncomingLine, ...], refunds: list[Node]) -> IncomingAmounts:
    line_goods = sum((line.goods_amount for line in lines), Decimal(0))
    return IncomingAmounts(
        goods=order.money("total_line_items_price") if order.has("total_line_items_price") else line_goods,
        shipping=_shipping(order),
        discount_seller=order.money("total_discounts"),
        # Included taxes are part of the prices already.
        tax=Decimal(0) if order.flag("taxes_included") else order.money("total_tax"),
        adjust=order.money("total_tip_received"),
        paid=order.money("total_price"),
        refunded=sum((_refunded(refund) for refund in refunds), Decimal(0)),
    )


def _shipping(order: Node) -> Decimal:
    total = order.node("total_shipping_price_set").node("shop_money")
    if total.has("amount"):
        return total.money("amount")
    return sum((line.money("price") for line in order.nodes("shipping_lines")), Decimal(0))


def _refunded(refund: Node) -> Decimal:
    paid_back = (
        transaction.money("amount")
        for transaction in refund.nodes("transactions")
        if transaction.text("kind") == "refund" and transaction.text("status") == "success"
    )
    return sum(paid_back, Decimal(0))


def _line(line: Node, refunds: list[Node]) -> IncomingLine:
    qty = line.qty("quantity")
    goods = line.money("price") * qty
    shares = line.nodes("discount_allocations")
    discount = sum((share.money("amount") for share in shares), Decimal(0)) if shares else line.money("total_discount")
    tax = sum((tax.money("price") for tax in line.nodes("tax_lines")), Decimal(0))
    line_id = line.required_text("id")
    return IncomingLine(
        channel_line_id=line_id,
        sku_code=line.text("sku"),
        title=line.text("title", "name"),
        spec=line.text("variant_title"),
        qty=qty,
        unit_price=line.money("price"),
        goods_amount=goods,
        discount_seller_amount=discount,
        tax_amount=tax,
        paid_amount=goods - discount + tax,
        refund_status=_line_refund(line_id, qty, refunds),
    )


def _line_refund(line_id: str, qty: int, refunds: list[Node]) -> str:
    items = (item for refund in refunds for item in refund.nodes("refund_line_items"))
    refunded = sum(item.qty("quantity") for item in items if item.text("line_item_id") == line_id)
    return "none" if not refunded else "full" if refunded >= qty else "partial"


def _buyer(order: Node) -> IncomingBuyer:
    customer, client = order.node("customer"), order.node("client_details")
    return IncomingBuyer(
        token=customer.text("id"),
        phone=order.text("phone") or customer.text("phone"),
        email=order.text("email", "contact_email") or customer.text("email"),
        ip=order.text("browser_ip") or client.text("browser_ip"),
        device=client.text("user_agent"),
    )


def _receiver(address: Node) -> IncomingReceiver:
    streets = (address.text("company"), address.text("address1"), address.text("address2"))
    return IncomingReceiver(
        name=address.text("name") or f"{address.text('first_name')} {address.text('last_name')}".strip(),
        phone=address.text("phone"),
        country=address.text("country_code", "country"),
        province=address.text("province", "province_code"),
        city=address.text("city"),
        address=", ".join(part for part in streets if part),
        zip=address.text("zip"),
    )


def _payments(order: Node, financial: str, paid: Decimal) -> tuple[IncomingPayment, ...]:
    """The transactions where the delivery carries them.

    Webhooks do not, and then a paid order is one payment that stands in for them.
    """
    if financial not in PAID:
        return ()
    found = [
        IncomingPayment(
            payment_no=transaction.text("authorization", "id"),
            method=transaction.text("gateway"),
            amount=transaction.money("amount"),
            paid_at=transaction.time("processed_at", ZONE) or transaction.required_time("created_at", ZONE),
        )
        for transaction in order.nodes("transactions")
        if transaction.text("kind") in ("sale", "capture") and transaction.text("status") == "success"
    ]
    if found:
        return tuple(sorted(found, key=lambda payment: payment.paid_at))
    paid_at = order.time("processed_at", ZONE) or order.required_time("created_at", ZONE)
    gateways = order.values.get("payment_gateway_names")
    method = str(gateways[0]) if isinstance(gateways, list) and gateways else ""
    payment_no = f"{STAND_IN}{order.required_text('id')}"
    return (IncomingPayment(payment_no=payment_no, method=method, amount=paid, paid_at=paid_at),)


def _shipped_at(order: Node) -> datetime | None:
    sent = (node for node in order.nodes("fulfillments") if node.text("status") == "success")
    return min((time for node in sent if (time := node.time("created_at", ZONE))), default=None)
