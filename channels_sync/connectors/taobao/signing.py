"""Signatures of the gateway (TOP) and of its calls into our server (SPI), and what a message speaks of.

Gateway: all parameters sorted, `key + value` joined without separators, upper-case hex. md5 wraps the text in the
secret, the two HMAC methods are keyed by it. SPI: the listed headers join the parameters and the raw body follows, md5
only, not older than five minutes.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, unquote

from channels_sync.connectors.base import BadSignature, Credentials, Identity, Kind
from channels_sync.connectors.peeking import body_key, peek
from channels_sync.connectors.signatures import require_match
from kernel import clock

ZONE = "Asia/Shanghai"
MAX_AGE = timedelta(minutes=5)
QUERY_HEADER = "x-query-string"
TRADE_PREFIX = "taobao_trade_"
REFUND_PREFIX = "taobao_refund_"


def joined(params: Mapping[str, str]) -> str:
    return "".join(f"{key}{params[key]}" for key in sorted(params) if key and params[key])


def sign(secret: str, params: Mapping[str, str], method: str) -> str:
    text = joined(params).encode()
    key = secret.encode()
    if method == "md5":
        return hashlib.md5(key + text + key, usedforsecurity=False).hexdigest().upper()
    return hmac.digest(key, text, "md5" if method == "hmac" else "sha256").hex().upper()


def spi_sign(secret: str, params: Mapping[str, str], body: bytes) -> str:
    text = secret.encode() + joined(params).encode() + body + secret.encode()
    return hashlib.md5(text, usedforsecurity=False).hexdigest().upper()


def verify(credentials: Credentials, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Check a call of the platform into our server; its parameters travel in the query string."""
    params = dict(parse_qsl(headers.get(QUERY_HEADER, ""), keep_blank_values=True))
    given = params.pop("sign", "")
    named = (name.strip() for name in headers.get("top-sign-list", "").split(",") if name.strip())
    params.update({name: unquote(headers.get(name.lower(), "")) for name in named})
    require_match([given.upper()], [spi_sign(secret, params, body) for secret in credentials.live_secrets])
    require_fresh(params.get("timestamp", ""), now)


def require_fresh(timestamp: str, now: datetime) -> None:
    try:
        sent_at = clock.parse(timestamp, ZONE)
    except ValueError:
        sent_at = None
    if sent_at is None or abs(now - sent_at) > MAX_AGE:
        raise BadSignature("timestamp is outside the window")


def identify(headers: Mapping[str, str], body: bytes) -> Identity:
    """A queue message is named by its id; a call into our server by its content."""
    message = peek(body)
    topic = str(message.get("topic", ""))
    content = message.get("content")
    inner = peek(content.encode()) if isinstance(content, str) else message
    tid = str(inner.get("tid") or "")
    if topic and message.get("id"):
        return Identity(f"tmc:{message['id']}", topic, tid)
    return Identity(body_key("spi", body), "spi", tid)


def classify(topic: str) -> Kind:
    return "hint" if topic == "spi" or topic.startswith((TRADE_PREFIX, REFUND_PREFIX)) else "unknown"
