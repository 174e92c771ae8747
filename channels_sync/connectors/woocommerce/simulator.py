"""A WooCommerce shop as it behaves: basic auth, naive UTC times, tracking in metadata, no webhook twice."""

import base64
import json
import re
from datetime import UTC, datetime
from typing import Any

from channels_sync.connectors.signatures import base64_hmac_sha256
from channels_sync.connectors.woocommerce.client import TRACKING_KEY
from channels_sync.simulator.book import NotShippable, OrderBook
from channels_sync.simulator.dialect import Announcement, Refusal, Request, Response, SimShop, json_response
from channels_sync.simulator.orders import CENT, SimLine, SimOrder
from kernel import clock

STATUS = {
    "unpaid": "pending",
    "to_ship": "processing",
    "part_shipped": "processing",
    "shipped": "completed",
    "done": "completed",
    "cancelled": "cancelled",
}


class WooCommerceDialect:
    first_order_id = 100_000

    def authorize(self, request: Request, shop: SimShop) -> None:
        expected = base64.b64encode(f"{shop.api_key}:{shop.api_token}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {expected}":
            raise Refusal(_error("woocommerce_rest_cannot_view", "Sorry, you cannot list resources.", 401))

    def throttled(self, retry_after: int) -> Response:
        return json_response({"code": "too_many_requests"}, 429, {"Retry-After": str(retry_after)})

    def answer(self, request: Request, shop: SimShop, book: OrderBook) -> Response:
        match request.method, *request.parts[3:]:
            case "GET", "orders":
                return _list(request, shop, book)
            case "GET", "orders", order_id:
                return _one(book.order(shop.code, order_id))
            case "GET", "orders", order_id, "notes":
                order = book.order(shop.code, order_id)
                notes = order.buyer.get("notes", "").splitlines() if order else []
                return json_response([{"id": index, "note": note} for index, note in enumerate(notes, start=1)])
            case "POST", "orders", order_id, "notes":
                return _note(request, shop, order_id, book)
            case "PUT" | "POST", "orders", order_id:
                return _change(request, shop, order_id, book)
        return _error("rest_no_route", "No route was found", 404)

    def document(self, shop: SimShop, order: SimOrder) -> dict[str, Any]:
        return payload(order)

    def announce(self, shop: SimShop, order: SimOrder, event: str, book: OrderBook) -> Announcement:
        return self.sign(shop, event, json.dumps(payload(order), ensure_ascii=False).encode())

    def sign(self, shop: SimShop, event: str, body: bytes) -> Announcement:
        kind = "created" if event == "create" else "updated"
        headers = {
            "Content-Type": "application/json",
            "X-WC-Webhook-Source": f"https://{shop.code}.example.com/",
            "X-WC-Webhook-Topic": f"order.{kind}",
            "X-WC-Webhook-Resource": "order",
            "X-WC-Webhook-Event": kind,
            "X-WC-Webhook-Signature": base64_hmac_sha256(shop.secret, body),
            "X-WC-Webhook-ID": "7",
            # As the real one: made of the webhook and the second, so it repeats.
            "X-WC-Webhook-Delivery-ID": f"7{int(clock.now().timestamp())}",
        }
        return Announcement(headers, body)


def _error(code: str, message: str, status: int) -> Response:
    return json_response({"code": code, "message": message, "data": {"status": status}}, status)


def _one(order: SimOrder | None) -> Response:
    return (
        json_response(payload(order)) if order else _error("woocommerce_rest_shop_order_invalid_id", "Invalid ID.", 404)
    )


def _list(request: Request, shop: SimShop, book: OrderBook) -> Response:
    since, until = (
        datetime.fromisoformat(request.query[f"modified_{end}"]).replace(tzinfo=UTC) for end in ("after", "before")
    )
    orders = book.changed(shop.code, since, until)
    size, page = min(int(request.query.get("per_page", 10)), 100), int(request.query.get("page", 1))
    pages = -(-len(orders) // size)
    headers = {"X-WP-Total": str(len(orders)), "X-WP-TotalPages": str(pages)}
    chosen = orders[(page - 1) * size : page * size]
    return json_response([payload(order) for order in chosen], headers=headers)


def _note(request: Request, shop: SimShop, order_id: str, book: OrderBook) -> Response:
    with book.changing():
        order = book.order(shop.code, order_id)
        if order is None:
            return _one(None)
        order.buyer["notes"] = f"{order.buyer.get('notes', '')}\n{request.json().get('note', '')}".strip()
        book.save(shop.code, order)
    return json_response({"id": 1, "note": request.json().get("note", "")}, 201)


def _change(request: Request, shop: SimShop, order_id: str, book: OrderBook) -> Response:
    entries = [entry for entry in request.json().get("meta_data", []) if entry.get("key") == TRACKING_KEY]
    if not entries or not entries[0]["value"]:
        return _error("rest_invalid_param", "nothing to change", 400)
    tracking = entries[0]["value"][-1]
    number, provider = tracking["tracking_number"], tracking["tracking_provider"]
    order = book.order(shop.code, order_id)
    sent = None if request.json().get("status") == "completed" or order is None else [order.lines[0].line_id]
    try:
        book.ship(shop.code, order_id, key=number, carrier=provider, tracking_no=number, line_ids=sent)
    except NotShippable as refused:
        status = 404 if str(refused) == "unknown_order" else 400
        return _error("woocommerce_rest_shop_order_invalid", str(refused), status)
    return _one(book.order(shop.code, order_id))


def _gmt(at: datetime | None) -> str | None:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S") if at else None


def _status(order: SimOrder) -> str:
    return "refunded" if order.refund == "full" else STATUS[order.status]


def payload(order: SimOrder) -> dict[str, Any]:
    first, _, last = order.receiver.get("name", "").partition(" ")
    receiver = order.receiver
    address = {
        "first_name": first,
        "last_name": last,
        "company": "",
        "address_1": f"{receiver.get('district', '')}{receiver.get('street', '')}{receiver.get('address', '')}",
        "address_2": "",
        "city": receiver.get("city", ""),
        "state": receiver.get("province", ""),
        "postcode": receiver.get("zip", ""),
        "country": receiver.get("country", ""),
        "phone": receiver.get("phone", ""),
    }
    tracking = [
        {"tracking_provider": shipment.carrier, "tracking_number": shipment.tracking_no} for shipment in order.shipments
    ]
    return {
        "id": int(order.order_id),
        "number": order.number.removeprefix("#"),
        "status": _status(order),
        "currency": order.currency,
        "date_created_gmt": _gmt(order.created_at),
        "date_modified_gmt": _gmt(order.updated_at),
        "date_paid_gmt": _gmt(order.paid_at),
        "date_completed_gmt": _gmt(order.shipped_at),
        "discount_total": str(order.discount),
        "shipping_total": order.shipping,
        "total": str(order.total),
        "total_tax": "0.00",
        "customer_id": int(order.buyer.get("id", 0) or 0),
        "customer_ip_address": order.buyer.get("ip", ""),
        "customer_note": order.note,
        "billing": address | {"email": order.buyer.get("email", "")},
        "shipping": address,
        "payment_method": "simulated",
        "transaction_id": order.payment_no,
        "line_items": [_line(line) for line in order.lines],
        "meta_data": [{"id": 1, "key": TRACKING_KEY, "value": tracking}] if tracking else [],
        "refunds": [{"id": 1, "reason": "", "total": f"-{order.refunded}"}] if order.refund == "full" else [],
    }


def _line(line: SimLine) -> dict[str, Any]:
    return {
        "id": int(line.line_id),
        "name": line.title,
        "sku": line.sku,
        "quantity": line.qty,
        "price": float((line.net / line.qty).quantize(CENT)),
        "subtotal": str(line.goods),
        "total": str(line.net),
        "subtotal_tax": "0.00",
        "total_tax": "0.00",
        "meta_data": [{"id": 1, "key": key, "value": value} for key, value in _options(line.spec)],
    }


def _options(spec: str) -> list[tuple[str, str]]:
    pairs = (part.partition(":") for part in re.split("[;,]", spec) if ":" in part)
    return [(f"pa_{key.strip()}", value.strip()) for key, _, value in pairs]


DIALECT = WooCommerceDialect()
