"""The generic API, which the other side offers: orders by window, and shipments that carry our idempotency key.

Every request is signed as a webhook is (Standard Webhooks), the message id of a shipment being its key; a GET signs an
empty body.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import httpx

from channels_sync.connectors.base import CallFailed, Credentials, ListedOrder, PushOutcome, Settings, Shipment
from channels_sync.connectors.calling import answer, call
from channels_sync.connectors.generic.signing import sign
from kernel import clock, ids

PAGE_SIZE = 100


class GenericClient:
    def __init__(self, http: httpx.Client, credentials: Credentials, settings: Settings) -> None:
        self.http = http
        self.credentials = credentials

    def fetch_order(self, order_id: str) -> bytes:
        return self._get(f"orders/{order_id}").content

    def list_orders(self, since: datetime, until: datetime) -> Iterator[ListedOrder]:
        window: dict[str, Any] = {
            "updated_from": since.isoformat(),
            "updated_to": until.isoformat(),
            "limit": PAGE_SIZE,
        }
        cursor: str | None = ""
        while cursor is not None:
            page = json.loads(self._get("orders", {**window, "limit": PAGE_SIZE, "cursor": cursor}).content)
            for order in page.get("orders", []):
                yield ListedOrder(str(order["order_no"]), str(order.get("updated_at", "")), json.dumps(order).encode())
            cursor = page.get("next_cursor")

    def push_shipment(self, shipment: Shipment) -> PushOutcome:
        body = json.dumps(
            {
                "order_no": shipment.channel_order_no,
                "carrier_code": shipment.carrier_code,
                "tracking_no": shipment.tracking_no,
                "shipped_at": shipment.shipped_at.isoformat(),
                "lines": [{"line_id": line.channel_line_id, "qty": line.qty} for line in shipment.lines],
                "is_whole_order": shipment.is_whole_order,
            }
        ).encode()
        headers = self._signed(shipment.idempotency_key, body) | {"Content-Type": "application/json"}
        answered = answer(call(self.http, "POST", "shipments", content=body, headers=headers))
        return PushOutcome(str(answered.get("shipment_id", shipment.idempotency_key)))

    def find_shipment(self, shipment: Shipment) -> PushOutcome | None:
        try:
            answered = answer(self._get(f"shipments/{shipment.idempotency_key}"))
        except CallFailed as failed:
            if failed.code == "http_404":
                return None
            raise
        return PushOutcome(str(answered.get("shipment_id", "")), was_known=True)

    def _get(self, path: str, params: dict[str, Any] | None = None) -> httpx.Response:
        return call(self.http, "GET", path, params=params, headers=self._signed(ids.uuid7().hex, b""))

    def _signed(self, message_id: str, body: bytes) -> dict[str, str]:
        timestamp = str(int(clock.now().timestamp()))
        signature = sign(self.credentials.secret, message_id, timestamp, body)
        return {"webhook-id": message_id, "webhook-timestamp": timestamp, "webhook-signature": signature}
