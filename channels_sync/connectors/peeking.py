"""A first glance at a body on the way in, fast and forgiving: the strict reading comes later, in processing."""

import hashlib
from typing import Any

import orjson


def peek(body: bytes) -> dict[str, Any]:
    """The body's object, or nothing: an unreadable body is still stored, and says why when it is processed."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def body_key(topic: str, body: bytes) -> str:
    """A delivery without an id of its own is its content."""
    return f"{topic}:{hashlib.sha256(body).hexdigest()}"


def is_object(body: bytes) -> bool:
    """Whether this can be a JSON object at all, without reading it: what is inside is processing's affair."""
    return body.lstrip(b" \t\r\n\xef\xbb\xbf")[:1] == b"{"
