"""Taobao as it behaves: one signed gateway, errors inside an answer 200, lists wrapped twice, a queue."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from channels_sync.connectors.taobao.signing import QUERY_HEADER, ZONE, sign, spi_sign
from channels_sync.simulator.book import NotShippable, OrderBook
from channels_sync.simulator.dialect import Announcement, Refusal, Request, Response, SimShop, json_response
from channels_sync.simulator.orders import CENT, SimLine, SimOrder
from kernel import clock

STATUS = {
    "unpaid": "WAIT_BUYER_PAY",
    "to_ship": "WAIT_SELLER_SEND_GOODS",
    "part_shipped": "SELLER_CONSIGNED_PART",
    "shipped": "WAIT_BUYER_CONFIRM_GOODS",
    "done": "TRADE_FINISHED",
}
TOPICS = {
    "create": "taobao_trade_TradeCreate",
    "pay": "taobao_trade_TradeBuyerPay",
    "update": "taobao_trade_TradeChanged",
    "cancel": "taobao_trade_TradeClose",
    "refund": "taobao_refund_RefundSuccess",
    "ship": "taobao_trade_TradeSellerShip",
    "done": "taobao_trade_TradeSuccess",
}
TOLERANCE_SECONDS = 600
CENSORED = "**"


class TaobaoDialect:
    first_order_id = 3_553_498_000_000_000_000

    def authorize(self, request: Request, shop: SimShop) -> None:
        form = request.form()
        given = form.pop("sign", "")
        if form.get("app_key") != shop.api_key or given != sign(shop.secret, form, form.get("sign_method", "md5")):
            raise Refusal(_error(25, "Invalid signature", "isv.invalid-signature"))
        sent_at = clock.parse(form.get("timestamp", ""), ZONE)
        if sent_at is None or abs((clock.now() - sent_at).total_seconds()) > TOLERANCE_SECONDS:
            raise Refusal(_error(41, "Invalid timestamp", "isv.invalid-timestamp"))
        if form.get("session") != shop.api_token:
            raise Refusal(_error(27, "Invalid session", "invalid-sessionkey"))

    def throttled(self, retry_after: int) -> Response:
        return _error(7, "App Call Limited", "accesscontrol.limited-by-api-access-count")

    def answer(self, request: Request, shop: SimShop, book: OrderBook) -> Response:
        form = request.form()
        match form.get("method"):
            case "taobao.trade.fullinfo.get":
                return _trade(form, shop, book)
            case "taobao.trades.sold.increment.get":
                return _changed(form, shop, book)
            case "taobao.logistics.offline.send":
                return _send(form, shop, book)
            case "taobao.tmc.messages.consume":
                return _consume(form, shop, book)
            case "taobao.tmc.messages.confirm":
                book.confirm(shop.code, form["s_message_ids"].split(","))
                return _ok(form, {"is_success": True})
        return _error(22, "Invalid method", "isv.invalid-method")

    def document(self, shop: SimShop, order: SimOrder) -> dict[str, Any]:
        return payload(order, shop, has_oaid=True)

    def sign(self, shop: SimShop, event: str, body: bytes) -> Announcement:
        """A call into our server (SPI): its parameters, signature included, are the query string."""
        params = {
            "app_key": shop.api_key,
            "method": "oms.order.notify",
            "sign_method": "md5",
            "timestamp": _beijing(clock.now()) or "",
            "v": "2.0",
        }
        params["sign"] = spi_sign(shop.secret, params, body)
        return Announcement({"Content-Type": "application/json", QUERY_HEADER: urlencode(params)}, body)

    def announce(self, shop: SimShop, order: SimOrder, event: str, book: OrderBook) -> None:
        content = {
            "tid": int(order.order_id),
            "oid": int(order.lines[0].line_id),
            "status": _status(order),
            "payment": str(order.total),
            "buyer_nick": _masked(order.buyer["nick"]),
            "seller_nick": shop.code,
            "type": "guarantee_trade",
        }
        book.publish(shop.code, TOPICS[event], content)


def _error(code: int, message: str, sub_code: str, sub_message: str = "") -> Response:
    inner = {"code": code, "msg": message, "sub_code": sub_code, "sub_msg": sub_message, "request_id": "simulated"}
    return json_response({"error_response": inner})


def _ok(form: dict[str, str], value: dict[str, Any]) -> Response:
    name = form["method"].removeprefix("taobao.").replace(".", "_") + "_response"
    return json_response({name: value | {"request_id": "simulated"}})


def _trade(form: dict[str, str], shop: SimShop, book: OrderBook) -> Response:
    order = book.order(shop.code, form.get("tid", ""))
    if order is None:
        return _error(15, "Remote service error", "isv.trade-not-exist", "交易不存在")
    return _ok(form, {"trade": payload(order, shop, has_oaid="oaid" in form.get("fields", ""))})


def _changed(form: dict[str, str], shop: SimShop, book: OrderBook) -> Response:
    since, until = (clock.parse(form[f"{end}_modified"], ZONE) for end in ("start", "end"))
    if since is None or until is None or (until - since).total_seconds() > 86_400:
        return _error(41, "Invalid arguments", "isv.invalid-parameter:modified")
    orders = book.changed(shop.code, since, until)[::-1]
    size, page = int(form.get("page_size", "40")), int(form.get("page_no", "1"))
    chosen = orders[(page - 1) * size : page * size]
    trades = [
        {"tid": int(o.order_id), "tid_str": o.order_id, "status": _status(o), "modified": _beijing(o.updated_at)}
        for o in chosen
    ]
    return _ok(form, {"total_results": len(orders), "trades": {"trade": trades}})


def _send(form: dict[str, str], shop: SimShop, book: OrderBook) -> Response:
    number = form.get("out_sid", "")
    line_ids = form["sub_tid"].split(",") if form.get("sub_tid") else None
    order = book.order(shop.code, form.get("tid", ""))
    if order is None or order.status not in ("to_ship", "part_shipped"):
        # Also for the same number again: the caller has to ask first.
        return _error(15, "Remote service error", "isv.logistics-offline-service-error:B04", "订单状态不是等待卖家发货")
    try:
        carrier = form.get("company_code", "")
        book.ship(shop.code, order.order_id, key=number, carrier=carrier, tracking_no=number, line_ids=line_ids)
    except NotShippable as refused:
        return _error(15, "Remote service error", "isv.logistics-offline-service-error:B150", str(refused))
    return _ok(form, {"shipping": {"is_success": True}})


def _consume(form: dict[str, str], shop: SimShop, book: OrderBook) -> Response:
    messages = [
        {
            "id": message_id,
            "topic": topic,
            "pub_time": _beijing(published_at),
            "pub_app_key": shop.api_key,
            "user_nick": shop.code,
            "content": content,
        }
        for message_id, topic, content, published_at in book.consume(shop.code, int(form.get("quantity", "100")))
    ]
    return _ok(form, {"messages": {"tmc_message": messages}} if messages else {})


def _status(order: SimOrder) -> str:
    if order.status == "cancelled" or order.refund == "full":
        return "TRADE_CLOSED" if order.paid_at else "TRADE_CLOSED_BY_TAOBAO"
    return STATUS[order.status]


def _beijing(at: datetime | None) -> str | None:
    return at.astimezone(ZoneInfo(ZONE)).strftime("%Y-%m-%d %H:%M:%S") if at else None


def _masked(text: str) -> str:
    return f"{text[:1]}{CENSORED}{text[-1:]}" if text else ""


def payload(order: SimOrder, shop: SimShop, *, has_oaid: bool) -> dict[str, Any]:
    receiver = order.receiver
    return {
        "tid": int(order.order_id),
        "tid_str": order.order_id,
        "status": _status(order),
        "type": "fixed",
        "seller_nick": shop.code,
        "buyer_nick": _masked(order.buyer["nick"]),
        "buyer_open_uid": f"AAH{order.buyer.get('id', '')}",
        "created": _beijing(order.created_at),
        "pay_time": _beijing(order.paid_at),
        "modified": _beijing(order.updated_at),
        "consign_time": _beijing(order.shipped_at),
        "end_time": _beijing(order.done_at or order.cancelled_at),
        "total_fee": str(order.goods),
        "discount_fee": "0.00",
        "adjust_fee": "0.00",
        "post_fee": order.shipping,
        "payment": str(order.total),
        "alipay_no": order.payment_no,
        "buyer_message": order.note,
        "seller_flag": 0,
        "oaid": f"OAID{order.order_id}" if has_oaid else None,
        "receiver_name": _masked(receiver.get("name", "")),
        "receiver_mobile": f"*******{receiver.get('phone', '')[-4:]}",
        "receiver_state": receiver.get("province", ""),
        "receiver_city": receiver.get("city", ""),
        "receiver_district": receiver.get("district", ""),
        "receiver_town": receiver.get("street", ""),
        "receiver_address": _masked_address(receiver.get("address", "")),
        "receiver_zip": "000000",
        "orders": {"order": [_line(line, order) for line in order.lines]},
    }


def _masked_address(text: str) -> str:
    """House numbers are hidden and words are not."""
    return "".join("*" if character.isdigit() else character for character in text)


def _line(line: SimLine, order: SimOrder) -> dict[str, Any]:
    net = str(line.net.quantize(CENT))
    return {
        "oid": int(line.line_id),
        "oid_str": line.line_id,
        "outer_sku_id": line.sku,
        "title": line.title,
        "sku_properties_name": line.spec,
        "price": line.price,
        "num": line.qty,
        "total_fee": net,
        "discount_fee": line.discount,
        "adjust_fee": "0.00",
        "part_mjz_discount": "0.00",
        "divide_order_fee": net,
        "payment": net,
        "refund_status": "SUCCESS" if order.refund == "full" else "NO_REFUND",
        "status": _status(order),
        "invoice_no": line.tracking_no or None,
    }


DIALECT = TaobaoDialect()
