"""Is this webhook from the shop, and which delivery is it?

base64(HMAC-SHA256(webhook secret, raw body)). The delivery id is made of the webhook's id and the second, so two
deliveries of one second share it: a delivery is named by its order, the order's time of change and its status.
"""

import re
from collections.abc import Mapping
from datetime import datetime

from channels_sync.connectors.base import Credentials, Identity, Kind
from channels_sync.connectors.peeking import body_key, peek
from channels_sync.connectors.signatures import base64_hmac_sha256, require_match

ORDER_TOPICS = frozenset({"order.created", "order.updated", "order.restored"})
# The body of a deletion is the order's id alone.
HINT_TOPICS = frozenset({"order.deleted"})
PING = "ping"
_PING_BODY = re.compile(rb"webhook_id=\d{1,20}")


def is_ping(headers: Mapping[str, str], body: bytes) -> bool:
    """The one unsigned shape that WooCommerce sends: a form that says which webhook was switched on."""
    return "x-wc-webhook-signature" not in headers and _PING_BODY.fullmatch(body) is not None


def verify(credentials: Credentials, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    if is_ping(headers, body):
        return
    expected = [base64_hmac_sha256(secret, body) for secret in credentials.live_secrets]
    require_match([headers.get("x-wc-webhook-signature", "")], expected)


def identify(headers: Mapping[str, str], body: bytes) -> Identity:
    if is_ping(headers, body):
        return Identity(delivery_key=PING, topic=PING, order_id="")
    topic = headers.get("x-wc-webhook-topic", "")
    payload = peek(body)
    order_id, modified = payload.get("id"), payload.get("date_modified_gmt")
    if not order_id or not modified:
        return Identity(body_key(topic, body), topic, str(order_id or ""))
    return Identity(f"{order_id}:{modified}:{payload.get('status', '')}", topic, str(order_id))


def classify(topic: str) -> Kind:
    if topic in ORDER_TOPICS:
        return "order"
    if topic in HINT_TOPICS:
        return "hint"
    return "probe" if topic == PING else "unknown"
