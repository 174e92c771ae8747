"""Standard Webhooks.

`v1,base64(HMAC-SHA256(key, "{id}.{timestamp}.{body}"))`, several signatures side by side, five minutes of tolerance.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

from channels_sync.connectors.base import BadSignature, Credentials, Identity, Kind
from channels_sync.connectors.peeking import peek
from channels_sync.connectors.signatures import require_match

TOLERANCE_SECONDS = 300
PREFIX = "whsec_"
ORDER_TOPICS = frozenset(
    {
        "order.created",
        "order.updated",
        "order.paid",
        "order.cancelled",
        "order.refunded",
        "pos.sale",
        "pos.refund",
    }
)
HINT_TOPICS = frozenset({"order.changed"})
PING = "ping"


def keys_of(secret: str) -> list[bytes]:
    """A secret is base64 behind its prefix, perhaps without padding. Without the prefix it may be meant either way."""
    text = secret.removeprefix(PREFIX)
    try:
        decoded = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        decoded = b""
    keys = [decoded] if secret.startswith(PREFIX) else [secret.encode(), decoded]
    return [key for key in keys if key] or [secret.encode()]


def sign(secret: str, message_id: str, timestamp: str, body: bytes) -> str:
    return signatures_of(secret, message_id, timestamp, body)[0]


def signatures_of(secret: str, message_id: str, timestamp: str, body: bytes) -> list[str]:
    text = f"{message_id}.{timestamp}.".encode() + body
    return ["v1," + base64.b64encode(hmac.digest(key, text, hashlib.sha256)).decode() for key in keys_of(secret)]


def verify(credentials: Credentials, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = [item for item in headers.get("webhook-signature", "").split(" ") if item.startswith("v1,")][:10]
    if not message_id or not timestamp or not given:
        raise BadSignature("signature header is missing")
    secrets = credentials.live_secrets
    require_match(given, [item for secret in secrets for item in signatures_of(secret, message_id, timestamp, body)])
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        raise BadSignature("timestamp is not a number")
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE_SECONDS:
        raise BadSignature("timestamp is outside the window")


def identify(headers: Mapping[str, str], body: bytes) -> Identity:
    payload = peek(body)
    data = payload["data"] if isinstance(payload.get("data"), dict) else payload
    order_id = data.get("receipt_no") or data.get("order_no") or ""
    return Identity(headers.get("webhook-id", ""), topic_of(payload), str(order_id))


def topic_of(payload: Mapping[str, object]) -> str:
    """An envelope names its type; a till sends the sale itself."""
    if str(payload.get("schema", "")).startswith("pos.sale"):
        return f"pos.{payload.get('kind', 'sale')}"
    if "type" in payload:
        return str(payload["type"])
    return "order.updated" if "order_no" in payload else ""


def classify(topic: str) -> Kind:
    if topic in ORDER_TOPICS:
        return "order"
    if topic in HINT_TOPICS:
        return "hint"
    return "probe" if topic == PING else "unknown"
