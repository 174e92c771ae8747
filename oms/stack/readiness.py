"""Is the system ready: its own /readyz says so, and names the part that is not."""

import http.client
import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Readiness:
    is_ready: bool
    reason: str


def ask(port: int) -> Readiness:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException):
        return Readiness(False, "the web process does not answer")
    finally:
        connection.close()
    return Readiness(answer.status == http.client.OK, _reason(answer.status, body))


def _reason(status: int, body: bytes) -> str:
    """The parts that are not well, in their own words."""
    try:
        content = json.loads(body)
        parts = content.get("parts") or content.get("checks") or content
        ill = [f"{name}: {part.get('detail') or 'not ready'}" for name, part in parts.items() if not part["ok"]]
    except (ValueError, AttributeError, KeyError, TypeError):
        ill = []
    return "; ".join(ill) or f"/readyz answers {status}"
