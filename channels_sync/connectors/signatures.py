"""HMAC checks shared by connectors: constant time, on the raw bytes, over every live secret."""

import base64
import hashlib
import hmac
from collections.abc import Sequence

from channels_sync.connectors.base import BadSignature


def base64_hmac_sha256(secret: str, body: bytes) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()


def require_match(given: Sequence[str], expected: Sequence[str]) -> None:
    """One of the given must be one of the expected. Every pair is compared: the time taken tells nothing."""
    if not any(given):
        raise BadSignature("signature header is missing")
    matches = [hmac.compare_digest(item.encode(), wanted.encode()) for item in given for wanted in expected]
    if not any(matches):
        raise BadSignature("signature does not match")
