"""Shopify as it behaves: the whole order in every webhook, fulfillment orders, pages by Link, an access token."""

import base64
import json
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from channels_sync.connectors.signatures import base64_hmac_sha256
from channels_sync.simulator.book import NotShippable, OrderBook
from channels_sync.simulator.dialect import Announcement, Refusal, Request, Response, SimShop, json_response
from channels_sync.simulator.orders import SimLine, SimOrder
from kernel import clock, ids

TOPICS = {
    "create": "orders/create",
    "pay": "orders/paid",
    "update": "orders/updated",
    "cancel": "orders/cancelled",
    "refund": "orders/updated",
    "ship": "orders/fulfilled",
    "done": "orders/updated",
}
NOT_FOUND = json_response({"errors": "Not Found"}, 404)
FULFILLMENT_STATUS = {"part_shipped": "partial", "shipped": "fulfilled", "done": "fulfilled"}


class ShopifyDialect:
    first_order_id = 9_100_000_000_000_000

    def authorize(self, request: Request, shop: SimShop) -> None:
        if request.headers.get("x-shopify-access-token") != shop.api_token:
            raise Refusal(json_response({"errors": "[API] Invalid API key or access token"}, 401))

    def throttled(self, retry_after: int) -> Response:
        return json_response({"errors": "Exceeded 2 calls per second"}, 429, {"Retry-After": str(retry_after)})

    def answer(self, request: Request, shop: SimShop, book: OrderBook) -> Response:
        match request.method, *request.parts[3:]:
            case "GET", "orders.json":
                return _list(request, shop, book)
            case "POST", "fulfillments.json":
                return _fulfill(request, shop, book)
            case "GET", "orders", order_id, "fulfillment_orders.json":
                return _found(book.order(shop.code, order_id), lambda o: {"fulfillment_orders": [_group(o)]})
            case "GET", "orders", order_id, "fulfillments.json":
                return _found(book.order(shop.code, order_id), lambda o: {"fulfillments": _fulfillments(o)})
            case "GET", "orders", file:
                order = book.order(shop.code, file.removesuffix(".json"))
                return _found(order, lambda o: {"order": payload(o)})
        return NOT_FOUND

    def document(self, shop: SimShop, order: SimOrder) -> dict[str, Any]:
        return payload(order)

    def announce(self, shop: SimShop, order: SimOrder, event: str, book: OrderBook) -> Announcement:
        return self.sign(shop, event, json.dumps(payload(order), ensure_ascii=False).encode())

    def sign(self, shop: SimShop, event: str, body: bytes) -> Announcement:
        headers = {
            "Content-Type": "application/json",
            "X-Shopify-Topic": TOPICS[event],
            "X-Shopify-Hmac-Sha256": base64_hmac_sha256(shop.secret, body),
            "X-Shopify-Shop-Domain": f"{shop.code}.example.com",
            "X-Shopify-API-Version": "2026-07",
            "X-Shopify-Webhook-Id": str(ids.uuid7()),
            "X-Shopify-Event-Id": str(ids.uuid7()),
            "X-Shopify-Triggered-At": clock.now().isoformat(),
        }
        return Announcement(headers, body)


def _found(order: SimOrder | None, tell: Any) -> Response:
    return json_response(tell(order)) if order else NOT_FOUND


def _list(request: Request, shop: SimShop, book: OrderBook) -> Response:
    query = dict(request.query)
    offset = 0
    if "page_info" in query:
        query |= dict(parse_qsl(base64.urlsafe_b64decode(query["page_info"]).decode()))
        offset = int(query["offset"])
    limit = min(int(query.get("limit", 50)), 250)
    since, until = (datetime.fromisoformat(query[f"updated_at_{end}"]) for end in ("min", "max"))
    orders = book.changed(shop.code, since, until)
    page, rest = orders[offset : offset + limit], orders[offset + limit :]
    headers = {}
    if rest:
        window = f"updated_at_min={since:%Y-%m-%dT%H:%M:%SZ}&updated_at_max={until:%Y-%m-%dT%H:%M:%S.%fZ}"
        cursor = base64.urlsafe_b64encode(f"{window}&offset={offset + limit}".encode()).decode()
        headers["Link"] = f'<https://{shop.code}.example.com/orders.json?limit={limit}&page_info={cursor}>; rel="next"'
    return json_response({"orders": [payload(order) for order in page]}, headers=headers)


def _fulfill(request: Request, shop: SimShop, book: OrderBook) -> Response:
    fulfillment = request.json().get("fulfillment", {})
    tracking = fulfillment.get("tracking_info", {})
    groups = fulfillment.get("line_items_by_fulfillment_order", [])
    if not groups or not tracking.get("number"):
        return json_response({"errors": "fulfillment order and tracking number are required"}, 422)
    order_id = str(groups[0]["fulfillment_order_id"])
    items = groups[0].get("fulfillment_order_line_items")
    line_ids = [str(item["id"]) for item in items] if items else None
    number, company = str(tracking["number"]), str(tracking.get("company", ""))
    try:
        book.ship(shop.code, order_id, key=number, carrier=company, tracking_no=number, line_ids=line_ids)
    except NotShippable as refused:
        return json_response({"errors": [f"fulfillment order is not open: {refused}"]}, 422)
    order = book.order(shop.code, order_id)
    return json_response({"fulfillment": _fulfillments(order)[-1]}, 201) if order else NOT_FOUND


def _group(order: SimOrder) -> dict[str, Any]:
    is_open = order.status in ("to_ship", "part_shipped")
    return {
        "id": int(order.order_id),
        "order_id": int(order.order_id),
        "status": "open" if is_open else "closed",
        "line_items": [
            {
                "id": int(line.line_id),
                "line_item_id": int(line.line_id),
                "quantity": line.qty,
                "fulfillable_quantity": line.qty - line.shipped_qty if is_open else 0,
            }
            for line in order.lines
        ],
    }


def _fulfillments(order: SimOrder) -> list[dict[str, Any]]:
    return [
        {
            "id": int(shipment.shipment_id),
            "order_id": int(order.order_id),
            "status": "success",
            "created_at": shipment.shipped_at,
            "tracking_company": shipment.carrier,
            "tracking_number": shipment.tracking_no,
            "tracking_numbers": [shipment.tracking_no],
        }
        for shipment in order.shipments
    ]


def _financial(order: SimOrder) -> str:
    if order.refund == "full":
        return "refunded"
    return "paid" if order.paid_at else "pending"


def payload(order: SimOrder) -> dict[str, Any]:
    name = order.buyer["nick"]
    receiver = order.receiver
    return {
        "id": int(order.order_id),
        "admin_graphql_api_id": f"gid://shopify/Order/{order.order_id}",
        "name": order.number,
        "email": order.buyer.get("email", ""),
        "browser_ip": order.buyer.get("ip", ""),
        "created_at": order.created_at.isoformat(timespec="seconds"),
        "processed_at": (order.paid_at or order.created_at).isoformat(timespec="seconds"),
        "updated_at": order.updated_at.isoformat(timespec="seconds"),
        "cancelled_at": order.cancelled_at.isoformat(timespec="seconds") if order.cancelled_at else None,
        "closed_at": order.done_at.isoformat(timespec="seconds") if order.done_at else None,
        "currency": order.currency,
        "financial_status": _financial(order),
        "fulfillment_status": FULFILLMENT_STATUS.get(order.status),
        "total_line_items_price": str(order.goods),
        "total_discounts": str(order.discount),
        "total_tax": "0.00",
        "taxes_included": False,
        "total_price": str(order.total),
        "total_shipping_price_set": {"shop_money": {"amount": order.shipping, "currency_code": order.currency}},
        "payment_gateway_names": ["simulated"],
        "note": order.note or None,
        "test": False,
        "customer": {"id": int(order.buyer.get("id", 0) or 0), "first_name": name, "last_name": ""},
        "shipping_address": {
            "name": receiver.get("name", ""),
            "phone": receiver.get("phone", ""),
            "country_code": receiver.get("country", ""),
            "province": receiver.get("province", ""),
            "city": receiver.get("city", ""),
            "address1": f"{receiver.get('district', '')}{receiver.get('street', '')}{receiver.get('address', '')}",
            "zip": receiver.get("zip", ""),
        },
        "line_items": [_line(line) for line in order.lines],
        "fulfillments": _fulfillments(order),
        "refunds": [_refund(order)] if order.refund == "full" else [],
    }


def _line(line: SimLine) -> dict[str, Any]:
    shares = [{"amount": line.discount, "discount_application_index": 0}] if line.discount != "0.00" else []
    return {
        "id": int(line.line_id),
        "sku": line.sku,
        "title": line.title,
        "variant_title": line.spec,
        "quantity": line.qty,
        "price": line.price,
        "total_discount": "0.00",
        "discount_allocations": shares,
        "tax_lines": [],
    }


def _refund(order: SimOrder) -> dict[str, Any]:
    return {
        "id": int(order.order_id),
        "order_id": int(order.order_id),
        "transactions": [{"kind": "refund", "status": "success", "amount": order.refunded}],
        "refund_line_items": [{"line_item_id": int(line.line_id), "quantity": line.qty} for line in order.lines],
    }


DIALECT = ShopifyDialect()
