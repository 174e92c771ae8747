"""Shopify's Admin REST API: orders by time of change, and fulfillments.

A fulfillment has no idempotency key of its own: the order's fulfillments are read, and a tracking number found there is
ours.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import httpx

from channels_sync.connectors.base import CallFailed, Credentials, ListedOrder, PushOutcome, Settings, Shipment
from channels_sync.connectors.calling import answer, call, call_json
from channels_sync.connectors.carriers import english_name

PAGE_SIZE = 250
OPEN_STATES = ("open", "in_progress", "scheduled", "on_hold")
NEXT_PAGE = re.compile(r'page_info=([^&>]+)[^>]*>;\s*rel="next"')


class ShopifyClient:
    def __init__(self, http: httpx.Client, credentials: Credentials, settings: Settings) -> None:
        self.http = http
        self.root = f"admin/api/{settings.options.get('api_version', '2026-07')}"
        self.headers = {"X-Shopify-Access-Token": credentials.api_token}

    def fetch_order(self, order_id: str) -> bytes:
        return call(self.http, "GET", f"{self.root}/orders/{order_id}.json", headers=self.headers).content

    def list_orders(self, since: datetime, until: datetime) -> Iterator[ListedOrder]:
        params: dict[str, Any] = {
            "status": "any",
            "limit": PAGE_SIZE,
            "updated_at_min": since.isoformat(),
            "updated_at_max": until.isoformat(),
        }
        while params:
            page = call(self.http, "GET", f"{self.root}/orders.json", params=params, headers=self.headers)
            for order in json.loads(page.content).get("orders", []):
                yield ListedOrder(str(order["id"]), str(order["updated_at"]), json.dumps(order).encode())
            cursor = NEXT_PAGE.search(page.headers.get("link", ""))
            params = {"limit": PAGE_SIZE, "page_info": cursor[1]} if cursor else {}

    def push_shipment(self, shipment: Shipment) -> PushOutcome:
        body = {
            "fulfillment": {
                "line_items_by_fulfillment_order": self._open_fulfillment_orders(shipment),
                "tracking_info": {"number": shipment.tracking_no, "company": english_name(shipment.carrier_code)},
                "notify_customer": True,
            }
        }
        response = call(self.http, "POST", f"{self.root}/fulfillments.json", json=body, headers=self.headers)
        return PushOutcome(str(_inside(answer(response), "fulfillment").get("id", "")))

    def find_shipment(self, shipment: Shipment) -> PushOutcome | None:
        answered = self._get(f"orders/{shipment.channel_order_no}/fulfillments.json")
        for fulfillment in answered.get("fulfillments", []):
            if (
                shipment.tracking_no in fulfillment.get("tracking_numbers", [])
                and fulfillment.get("status") != "cancelled"
            ):
                return PushOutcome(str(fulfillment.get("id", "")), was_known=True)
        return None

    def _open_fulfillment_orders(self, shipment: Shipment) -> list[dict[str, Any]]:
        answered = self._get(f"orders/{shipment.channel_order_no}/fulfillment_orders.json")
        wanted = {line.channel_line_id: line.qty for line in shipment.lines}
        groups = []
        for group in answered.get("fulfillment_orders", []):
            if group.get("status") not in OPEN_STATES:
                continue
            items = [
                {"id": item["id"], "quantity": min(wanted[line_id], item["fulfillable_quantity"])}
                for item in group.get("line_items", [])
                if (line_id := str(item["line_item_id"])) in wanted and item["fulfillable_quantity"] > 0
            ]
            if items:
                groups.append({"fulfillment_order_id": group["id"], "fulfillment_order_line_items": items})
        if not groups:
            raise CallFailed(
                "business", "nothing_to_fulfill", "the platform has no open fulfillment order for these lines"
            )
        return groups

    def _get(self, path: str) -> dict[str, Any]:
        answered = call_json(self.http, "GET", f"{self.root}/{path}", headers=self.headers)
        return answered if isinstance(answered, dict) else {}


def _inside(answered: Any, key: str) -> dict[str, Any]:
    value = answered.get(key) if isinstance(answered, dict) else None
    if not isinstance(value, dict):
        raise CallFailed("schema", "unreadable_answer", f"no {key} in the answer", is_outcome_known=False)
    return value
