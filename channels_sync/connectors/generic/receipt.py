"""A till's receipt (`pos.sale.v1`): amounts in fen, the goods leave with the buyer, a refund is a receipt of its own.

The natural key is store, terminal and receipt number; tills that print the first two into the third are not asked to
repeat them.
"""

from decimal import Decimal

from channels_sync.connectors.base import Settings
from channels_sync.connectors.checking import REFUND_RECEIPT
from channels_sync.connectors.generic.fields import RECEIPT_FIELDS
from channels_sync.connectors.reading import Malformed, Node, digest
from oms.orders.contracts import IncomingAmounts, IncomingBuyer, IncomingLine, IncomingOrder, IncomingPayment

KINDS = ("sale", "refund")


def is_receipt(document: Node) -> bool:
    return document.text("schema").startswith("pos.sale") or document.has("receipt_no")


def normalize_receipt(receipt: Node, settings: Settings) -> IncomingOrder:
    kind = receipt.text("kind") or "sale"
    if kind not in KINDS:
        raise Malformed(receipt.at("kind"), f"one of {', '.join(KINDS)} is expected")
    created_at = receipt.required_time("created_at", settings.zone)
    is_refund = kind == "refund"
    lines = tuple(_line(line, is_refund) for line in receipt.nodes("lines") if _count(line, is_refund))
    number = _number(receipt)
    return IncomingOrder(
        channel_order_no=number,
        channel_order_name=receipt.text("receipt_no"),
        status="done",
        platform_status=kind,
        refund_status="full" if is_refund else "none",
        currency=receipt.text("currency") or settings.currency,
        source_created_at=created_at,
        source_updated_at=receipt.time("updated_at", settings.zone) or created_at,
        source_paid_at=created_at,
        source_shipped_at=created_at,
        source_signed_at=created_at,
        source_version=digest(receipt.values),
        buyer=IncomingBuyer(token=receipt.text("member_no")),
        lines=lines,
        amounts=_refund_amounts(receipt, lines) if is_refund else _sale_amounts(receipt),
        payments=() if is_refund else _payments(receipt, number, settings),
        seller_note=receipt.text("refund_of"),
        is_non_sale=is_refund,
        take_away=True,
        unknown_fields=receipt.undeclared(RECEIPT_FIELDS),
        warnings=(REFUND_RECEIPT,) if is_refund else (),
    )


def _number(receipt: Node) -> str:
    till = f"{receipt.required_text('store_code')}-{receipt.required_text('terminal_code')}-"
    number = receipt.required_text("receipt_no")
    return number if number.startswith(till) else till + number


def _count(line: Node, is_refund: bool) -> int:
    """Tills tell goods that came back with a minus."""
    return abs(line.qty("qty")) if is_refund else line.count("qty")


def _line(line: Node, is_refund: bool) -> IncomingLine:
    qty = _count(line, is_refund)
    goods, discount = line.cents("unit_price") * qty, abs(line.cents("discount"))
    return IncomingLine(
        channel_line_id=line.required_text("line_no"),
        sku_code=line.text("sku"),
        title=line.text("title"),
        qty=qty,
        unit_price=line.cents("unit_price"),
        goods_amount=goods,
        discount_seller_amount=discount,
        paid_amount=Decimal(0) if is_refund else goods - discount,
        refund_status="full" if is_refund else "none",
    )


def _sale_amounts(receipt: Node) -> IncomingAmounts:
    totals = receipt.node("totals")
    return IncomingAmounts(
        goods=totals.cents("goods"),
        discount_seller=totals.cents("discount"),
        paid=totals.cents("payable"),
    )


def _refund_amounts(receipt: Node, lines: tuple[IncomingLine, ...]) -> IncomingAmounts:
    """Nothing is paid and something is given back: the goods' worth is taken off again by the adjustment."""
    totals = receipt.node("totals")
    goods = sum((line.goods_amount for line in lines), Decimal(0))
    return IncomingAmounts(goods=goods, adjust=-goods, refunded=abs(totals.cents("payable")))


def _payments(receipt: Node, number: str, settings: Settings) -> tuple[IncomingPayment, ...]:
    paid_at = receipt.required_time("created_at", settings.zone)
    return tuple(
        IncomingPayment(
            payment_no=payment.text("trade_no") or f"{number}-{index}",
            method=payment.text("method"),
            amount=payment.cents("amount"),
            paid_at=paid_at,
        )
        for index, payment in enumerate(receipt.nodes("payments"), start=1)
    )
