"""A Taobao trade in canonical words. Amounts are yuan strings, naive times are Beijing's, lists are wrapped twice.

The receiver's texts come masked and stay so: `oaid` is the platform's token for them.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from channels_sync.connectors.base import Settings
from channels_sync.connectors.checking import UNKNOWN_STATUS, with_warnings
from channels_sync.connectors.reading import Malformed, Node, digest
from channels_sync.connectors.taobao.fields import TRADE_FIELDS
from oms.orders.contracts import (
    STAND_IN,
    IncomingAmounts,
    IncomingBuyer,
    IncomingLine,
    IncomingOrder,
    IncomingPayment,
    IncomingReceiver,
)

STATUS = {
    "TRADE_NO_CREATE_PAY": "unpaid",
    "WAIT_BUYER_PAY": "unpaid",
    "PAY_PENDING": "unpaid",
    "WAIT_PRE_AUTH_CONFIRM": "unpaid",
    "PAID_FORBID_CONSIGN": "paid_hold",
    "WAIT_SELLER_SEND_GOODS": "to_ship",
    "SELLER_CONSIGNED_PART": "part_shipped",
    "WAIT_BUYER_CONFIRM_GOODS": "shipped",
    "TRADE_BUYER_SIGNED": "shipped",
    "TRADE_FINISHED": "done",
    "TRADE_CLOSED": "cancelled",
    "TRADE_CLOSED_BY_TAOBAO": "cancelled",
}
REFUND_STATUS = {
    "": "none",
    "NO_REFUND": "none",
    "WAIT_SELLER_AGREE": "requested",
    "WAIT_BUYER_RETURN_GOODS": "processing",
    "WAIT_SELLER_CONFIRM_GOODS": "processing",
    "SELLER_REFUSE_BUYER": "rejected",
    "CLOSED": "closed",
    "SUCCESS": "full",
    "WAIT_BUYER_CONFIRM_EXCHANGE_SELLER_SEND_GOODS": "processing",
    "WAIT_SELLER_CONSIGN_GOODS": "processing",
    "EXCHANGE_TRANSFORM_TO_REFUND": "processing",
}
# A deposit is paid and the rest is not: the goods must wait.
DEPOSIT_ONLY = "FRONT_PAID_FINAL_NOPAID"
FLAGS = {"1": "red", "2": "yellow", "3": "green", "4": "blue", "5": "purple"}


def normalize(payload: Mapping[str, Any], settings: Settings) -> IncomingOrder:
    trade = _trade(payload)
    zone = settings.zone
    platform_status = trade.required_text("status")
    created_at = trade.required_time("created", zone)
    lines = tuple(_line(line) for line in trade.node("orders").nodes("order") if line.count("num"))
    paid_at = trade.time("pay_time", zone)
    return with_warnings(
        IncomingOrder(
            channel_order_no=trade.required_text("tid_str", "tid"),
            channel_order_name=trade.text("tid_str", "tid"),
            status=_status(trade, platform_status),
            platform_status=platform_status,
            refund_status=_refund_status(platform_status, paid_at, lines),
            currency=settings.currency,
            source_created_at=created_at,
            source_updated_at=trade.time("modified", zone) or created_at,
            source_paid_at=paid_at,
            source_shipped_at=trade.time("consign_time", zone),
            source_signed_at=trade.time("end_time", zone) if platform_status == "TRADE_FINISHED" else None,
            source_version=digest(trade.values),
            buyer=IncomingBuyer(token=trade.text("buyer_open_uid"), nick=trade.text("buyer_nick")),
            receiver=_receiver(trade),
            lines=lines,
            amounts=_amounts(trade),
            payments=_payments(trade, paid_at),
            buyer_note=trade.text("buyer_message"),
            seller_note=trade.text("seller_memo"),
            flag=FLAGS.get(trade.text("seller_flag"), ""),
            cash_on_delivery=trade.text("type") == "cod",
            unknown_fields=trade.undeclared(TRADE_FIELDS),
        )
    )


def _trade(payload: Mapping[str, Any]) -> Node:
    """The answer of trade.fullinfo.get, or the trade alone as RDS push stores it."""
    root = Node(payload)
    if root.has("error_response"):
        raise Malformed("$.error_response", root.node("error_response").text("sub_code", "code", "msg"))
    wrapper = root.node("trade_fullinfo_get_response") if root.has("trade_fullinfo_get_response") else root
    return wrapper.node("trade") if wrapper.has("trade") else wrapper


def _status(trade: Node, platform_status: str) -> str:
    status = STATUS.get(platform_status, UNKNOWN_STATUS)
    if status == "to_ship" and trade.text("step_trade_status") == DEPOSIT_ONLY:
        return "paid_hold"
    return status


def _refund_status(platform_status: str, paid_at: datetime | None, lines: tuple[IncomingLine, ...]) -> str:
    if platform_status == "TRADE_CLOSED" and paid_at:
        return "full"
    found = {line.refund_status for line in lines}
    for status in ("requested", "processing"):
        if status in found:
            return status
    if "full" in found:
        return "full" if found == {"full"} else "partial"
    return next((status for status in ("rejected", "closed") if status in found), "none")


def _amounts(trade: Node) -> IncomingAmounts:
    orders = trade.node("orders").nodes("order")
    return IncomingAmounts(
        goods=trade.money("total_fee"),
        shipping=trade.money("post_fee"),
        discount_seller=sum(
            (line.money("discount_fee") + line.money("part_mjz_discount") for line in orders), Decimal(0)
        ),
        adjust=trade.money("adjust_fee") + sum((line.money("adjust_fee") for line in orders), Decimal(0)),
        service_fee=trade.money("commission_fee"),
        paid=trade.money("payment"),
        refunded=sum((_share(line) for line in orders if line.text("refund_status") == "SUCCESS"), Decimal(0)),
    )


def _discount(line: Node) -> Decimal:
    """The line's own discount and its share of the order's promotions."""
    return line.money("discount_fee") + line.money("part_mjz_discount")


def _share(line: Node) -> Decimal:
    """What the buyer pays for this line after its share of the order's promotions."""
    if line.has("divide_order_fee"):
        return line.money("divide_order_fee")
    return line.money("payment") - line.money("part_mjz_discount")


def _line(line: Node) -> IncomingLine:
    qty = line.qty("num")
    refund = line.text("refund_status")
    return IncomingLine(
        channel_line_id=line.required_text("oid_str", "oid"),
        sku_code=line.text("outer_sku_id", "outer_iid"),
        title=line.text("title"),
        spec=line.text("sku_properties_name"),
        qty=qty,
        unit_price=line.money("price"),
        goods_amount=line.money("price") * qty,
        discount_seller_amount=_discount(line),
        paid_amount=_share(line),
        refund_status=REFUND_STATUS.get(refund, "requested"),
    )


def _receiver(trade: Node) -> IncomingReceiver:
    return IncomingReceiver(
        mode="platform_cipher",
        name=trade.text("receiver_name"),
        phone=trade.text("receiver_mobile", "receiver_phone"),
        country="CN",
        province=trade.text("receiver_state"),
        city=trade.text("receiver_city"),
        district=trade.text("receiver_district"),
        street=trade.text("receiver_town"),
        address=trade.text("receiver_address"),
        zip=trade.text("receiver_zip"),
        cipher_token=trade.text("oaid"),
    )


def _payments(trade: Node, paid_at: datetime | None) -> tuple[IncomingPayment, ...]:
    if paid_at is None:
        return ()
    payment_no = trade.text("alipay_no") or f"{STAND_IN}{trade.required_text('tid_str', 'tid')}"
    return (IncomingPayment(payment_no=payment_no, method="alipay", amount=trade.money("payment"), paid_at=paid_at),)
