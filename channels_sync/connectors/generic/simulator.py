"""A mini-program of one's own as it should behave: everything signed, shipments that honour their idempotency key."""

import json
from datetime import datetime
from typing import Any

from channels_sync.connectors.base import BadSignature, Credentials
from channels_sync.connectors.generic.signing import sign, verify
from channels_sync.simulator.book import NotShippable, OrderBook
from channels_sync.simulator.dialect import Announcement, Refusal, Request, Response, SimShop, json_response
from channels_sync.simulator.orders import SimLine, SimOrder, SimShipment
from kernel import clock, ids

TYPES = {"create": "order.created", "pay": "order.paid", "cancel": "order.cancelled", "refund": "order.refunded"}


class GenericDialect:
    first_order_id = 5_000_000_000

    def authorize(self, request: Request, shop: SimShop) -> None:
        try:
            verify(Credentials(shop.secret), request.headers, request.body, clock.now())
        except BadSignature as bad:
            raise Refusal(json_response({"error": bad.reason}, 401)) from bad

    def throttled(self, retry_after: int) -> Response:
        return json_response({"error": "too many requests"}, 429, {"Retry-After": str(retry_after)})

    def answer(self, request: Request, shop: SimShop, book: OrderBook) -> Response:
        match request.method, *request.parts:
            case "GET", "orders":
                return _list(request, shop, book)
            case "GET", "orders", order_id:
                order = book.order(shop.code, order_id)
                return json_response(payload(order)) if order else _not_found()
            case "POST", "shipments":
                return _ship(request, shop, book)
            case "GET", "shipments", key:
                shipments = (known for order in book.all_orders(shop.code) for known in order.shipments)
                found = next((known for known in shipments if known.key == key), None)
                return json_response(_told(found)) if found else _not_found()
        return _not_found()

    def document(self, shop: SimShop, order: SimOrder) -> dict[str, Any]:
        return payload(order)

    def announce(self, shop: SimShop, order: SimOrder, event: str, book: OrderBook) -> Announcement:
        event_type = TYPES.get(event, "order.updated")
        envelope = {"type": event_type, "timestamp": order.updated_at.isoformat(), "data": payload(order)}
        return self.sign(shop, event, json.dumps(envelope, ensure_ascii=False).encode())

    def sign(self, shop: SimShop, event: str, body: bytes) -> Announcement:
        message_id, timestamp = f"msg_{ids.uuid7().hex}", str(int(clock.now().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": timestamp,
            "webhook-signature": sign(shop.secret, message_id, timestamp, body),
        }
        return Announcement(headers, body)


def _not_found() -> Response:
    return json_response({"error": "not found"}, 404)


def _list(request: Request, shop: SimShop, book: OrderBook) -> Response:
    since, until = (datetime.fromisoformat(request.query[f"updated_{end}"]) for end in ("from", "to"))
    orders = book.changed(shop.code, since, until)
    limit, offset = int(request.query.get("limit", 100)), int(request.query.get("cursor") or 0)
    rest = orders[offset + limit :]
    page = [payload(order) for order in orders[offset : offset + limit]]
    return json_response({"orders": page, "next_cursor": str(offset + limit) if rest else None})


def _ship(request: Request, shop: SimShop, book: OrderBook) -> Response:
    body = request.json()
    line_ids = None if body.get("is_whole_order") else [line["line_id"] for line in body.get("lines", [])]
    try:
        shipment = book.ship(
            shop.code,
            str(body["order_no"]),
            key=request.headers["webhook-id"],
            carrier=str(body.get("carrier_code", "")),
            tracking_no=str(body["tracking_no"]),
            line_ids=line_ids,
        )
    except NotShippable as refused:
        return json_response({"error": str(refused)}, 404 if str(refused) == "unknown_order" else 409)
    return json_response(_told(shipment), 201)


def _told(shipment: SimShipment) -> dict[str, Any]:
    return {"shipment_id": shipment.shipment_id, "tracking_no": shipment.tracking_no, "carrier": shipment.carrier}


def payload(order: SimOrder) -> dict[str, Any]:
    paid_at = order.paid_at.isoformat() if order.paid_at else None
    payment = {"payment_no": order.payment_no, "method": "simulated", "amount": str(order.total), "paid_at": paid_at}
    return {
        "schema": "order.v1",
        "order_no": order.order_id,
        "order_name": order.number,
        "status": order.status,
        "refund_status": order.refund,
        "currency": order.currency,
        "created_at": order.created_at.isoformat(),
        "updated_at": order.updated_at.isoformat(),
        "paid_at": paid_at,
        "shipped_at": order.shipped_at.isoformat() if order.shipped_at else None,
        "signed_at": order.done_at.isoformat() if order.done_at else None,
        "buyer": {name: order.buyer.get(name, "") for name in ("id", "nick", "email", "ip")},
        "receiver": order.receiver,
        "lines": [_line(line, order) for line in order.lines],
        "totals": {
            "goods": str(order.goods),
            "shipping": order.shipping,
            "discount": str(order.discount),
            "paid": str(order.total),
            "refunded": order.refunded,
        },
        "payments": [payment] if paid_at else [],
        "buyer_note": order.note,
    }


def _line(line: SimLine, order: SimOrder) -> dict[str, Any]:
    return {
        "line_id": line.line_id,
        "sku": line.sku,
        "title": line.title,
        "spec": line.spec,
        "qty": line.qty,
        "unit_price": line.price,
        "discount": line.discount,
        "refund_status": "full" if order.refund == "full" else "none",
    }


DIALECT = GenericDialect()
