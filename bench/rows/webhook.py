"""`POST /hooks/<shop>/` as a platform sends it, against a bare view that checks, inserts and commits."""

import base64
import contextlib
import hashlib
import hmac
import json
import os
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from bench import bare_webhook, load
from bench.row import Row
from channels_sync.connectors.signatures import base64_hmac_sha256
from channels_sync.models import Connection
from channels_sync.services.connect import connect_shop

CODE, SECRET = "bench-webhook", "bench-secret"
BODY_BYTES = 3_500
SECONDS = 3.0


def _order() -> dict[str, Any]:
    """An order as Shopify tells it, filled up to the size with what does not compress."""
    line = {"sku": "TEE-BLK-L", "title": "T-shirt", "variant_title": "black / L", "quantity": 2, "price": "59.00"}
    address = {"name": "Alex Sample", "address1": "1 Sample Street", "city": "Leeds", "country_code": "GB"}
    return {
        "id": 0,
        "created_at": "2026-11-22T10:00:00Z",
        "updated_at": "2026-11-22T10:00:01Z",
        "financial_status": "paid",
        "currency": "USD",
        "total_price": "472.00",
        "shipping_address": address,
        "line_items": [line | {"id": number} for number in range(4)],
        "note": "",
    }


ORDER = _order()
ORDER["note"] = base64.b64encode(os.urandom(BODY_BYTES)).decode()[: BODY_BYTES - len(json.dumps(ORDER)) - 20]


def _body(number: int) -> bytes:
    return json.dumps(ORDER | {"id": number}).encode()


def _ours(number: int) -> tuple[bytes, dict[str, str]]:
    body = _body(number)
    headers = {
        "Content-Type": "application/json",
        "X-Shopify-Topic": "orders/create",
        "X-Shopify-Webhook-Id": str(number),
        "X-Shopify-Hmac-Sha256": base64_hmac_sha256(SECRET, body),
    }
    return body, headers


def _bare(number: int) -> tuple[bytes, dict[str, str]]:
    body = _body(number)
    signature = hmac.digest(bare_webhook.SECRET, body, hashlib.sha256).hex()
    return body, {"Content-Type": "application/json", "X-Key": str(number), "X-Signature": signature}


@dataclass
class _Bench:
    """Both servers stand during the whole row, so that each pair meets the same warm processes."""

    stack: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    urls: dict[str, str] = field(default_factory=dict)

    def prepare(self) -> None:
        if not Connection.objects.filter(shop__code=CODE).exists():
            connect_shop(platform="shopify", code=CODE, secret=SECRET)
        with connection.cursor() as cursor:
            cursor.execute(bare_webhook.CREATE)
        self.urls["ours"] = self.stack.enter_context(load.serving("oms.wsgi:application")) + f"/hooks/{CODE}/"
        self.urls["bare"] = self.stack.enter_context(load.serving("bench.bare_webhook:application")) + "/hook/"

    def clear(self) -> None:
        self.stack.close()
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS bench_webhook")

    def ours(self) -> float:
        return load.rate(self.urls["ours"], _ours, seconds=SECONDS)

    def bare(self) -> float:
        return load.rate(self.urls["bare"], _bare, seconds=SECONDS)


_bench = _Bench()
ROW = Row(
    name="webhook",
    what="POST /hooks/<shop>/, all checks, 3.5 KB body, 32 connections",
    unit="requests/s",
    goal=0.75,
    ours=_bench.ours,
    yardstick=_bench.bare,
    yardstick_is="a bare Django view: HMAC + one INSERT + commit, same server",
    prepare=_bench.prepare,
    clear=_bench.clear,
)
