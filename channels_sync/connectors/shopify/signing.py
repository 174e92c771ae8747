"""Is this webhook Shopify's, and which delivery is it?

base64(HMAC-SHA256(app client secret, raw body)). After a rotation the old secret may sign for an hour. A retry repeats
the webhook id; the event id is shared by different topics, so it never identifies a delivery.
"""

from collections.abc import Mapping
from datetime import datetime

from channels_sync.connectors.base import Credentials, Identity, Kind
from channels_sync.connectors.peeking import body_key, peek
from channels_sync.connectors.signatures import base64_hmac_sha256, require_match

ORDER_TOPICS = frozenset(
    {
        "orders/create",
        "orders/paid",
        "orders/updated",
        "orders/edited",
        "orders/cancelled",
        "orders/fulfilled",
        "orders/partially_fulfilled",
    }
)
HINT_TOPICS = frozenset({"refunds/create", "fulfillments/create", "fulfillments/update", "order_transactions/create"})
PRIVACY_TOPICS = frozenset({"customers/data_request", "customers/redact", "shop/redact"})


def header(headers: Mapping[str, str], name: str) -> str:
    """Newer deliveries drop the `X-` prefix."""
    return headers.get(f"x-shopify-{name}") or headers.get(f"shopify-{name}", "")


def verify(credentials: Credentials, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    expected = [base64_hmac_sha256(secret, body) for secret in credentials.live_secrets]
    require_match([header(headers, "hmac-sha256")], expected)


def identify(headers: Mapping[str, str], body: bytes) -> Identity:
    payload = peek(body)
    topic = header(headers, "topic")
    order_id = payload.get("id") if topic in ORDER_TOPICS else payload.get("order_id")
    return Identity(
        delivery_key=header(headers, "webhook-id") or body_key(topic, body),
        topic=topic,
        order_id=str(order_id or ""),
    )


def classify(topic: str) -> Kind:
    if topic in ORDER_TOPICS:
        return "order"
    if topic in HINT_TOPICS:
        return "hint"
    return "privacy" if topic in PRIVACY_TOPICS else "unknown"
