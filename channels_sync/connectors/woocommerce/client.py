"""WooCommerce's REST API v3. The core has no shipment: tracking goes into a note to the buyer and the order's metadata.

Both are found again by the tracking number, so a repeated push changes nothing.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from channels_sync.connectors.base import Credentials, ListedOrder, PushOutcome, Settings, Shipment
from channels_sync.connectors.calling import answer, call, call_json
from channels_sync.connectors.carriers import english_name

ROOT = "wp-json/wc/v3/orders"
PAGE_SIZE = 100
TRACKING_KEY = "_wc_shipment_tracking_items"


class WooCommerceClient:
    def __init__(self, http: httpx.Client, credentials: Credentials, settings: Settings) -> None:
        self.http = http
        self.auth = (credentials.api_key, credentials.api_token)

    def fetch_order(self, order_id: str) -> bytes:
        return call(self.http, "GET", f"{ROOT}/{order_id}", auth=self.auth).content

    def list_orders(self, since: datetime, until: datetime) -> Iterator[ListedOrder]:
        params: dict[str, Any] = {
            "modified_after": _naive(since),
            # Exclusive and in whole seconds: the last second belongs to the window.
            "modified_before": _naive(until + timedelta(seconds=1)),
            "dates_are_gmt": "true",
            "orderby": "modified",
            "order": "asc",
            "per_page": PAGE_SIZE,
        }
        page, pages = 1, 1
        while page <= pages:
            response = call(self.http, "GET", ROOT, params={**params, "page": page}, auth=self.auth)
            for order in json.loads(response.content):
                version = f"{order.get('date_modified_gmt', '')}:{order.get('status', '')}"
                yield ListedOrder(str(order["id"]), version, json.dumps(order).encode())
            pages = int(response.headers.get("x-wp-totalpages", "1"))
            page += 1

    def push_shipment(self, shipment: Shipment) -> PushOutcome:
        if not self._is_noted(shipment):
            self._note(shipment)
        tracking = {"key": TRACKING_KEY, "value": [*self._tracked(shipment), _tracking(shipment)]}
        status = {"status": "completed"} if shipment.is_whole_order else {}
        answer(call(self.http, "PUT", self._path(shipment), json={**status, "meta_data": [tracking]}, auth=self.auth))
        return PushOutcome(shipment.tracking_no)

    def find_shipment(self, shipment: Shipment) -> PushOutcome | None:
        is_known = any(item.get("tracking_number") == shipment.tracking_no for item in self._tracked(shipment))
        return PushOutcome(shipment.tracking_no, was_known=True) if is_known else None

    def _path(self, shipment: Shipment) -> str:
        return f"{ROOT}/{shipment.channel_order_no}"

    def _note(self, shipment: Shipment) -> None:
        note = f"Shipped with {english_name(shipment.carrier_code)}, tracking number {shipment.tracking_no}"
        body = {"note": note, "customer_note": True}
        call(self.http, "POST", f"{self._path(shipment)}/notes", json=body, auth=self.auth)

    def _is_noted(self, shipment: Shipment) -> bool:
        notes = call_json(self.http, "GET", f"{self._path(shipment)}/notes", auth=self.auth)
        return any(shipment.tracking_no in str(note.get("note", "")) for note in notes)

    def _tracked(self, shipment: Shipment) -> list[dict[str, Any]]:
        order = call_json(self.http, "GET", self._path(shipment), auth=self.auth)
        for entry in order.get("meta_data", []):
            if entry.get("key") == TRACKING_KEY and isinstance(entry.get("value"), list):
                return list(entry["value"])
        return []


def _tracking(shipment: Shipment) -> dict[str, str]:
    return {
        "tracking_provider": english_name(shipment.carrier_code),
        "tracking_number": shipment.tracking_no,
        "date_shipped": str(int(shipment.shipped_at.timestamp())),
    }


def _naive(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
