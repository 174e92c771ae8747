"""Is the system ready: its own /readyz says so, and names the parts that are not."""

import http.client
import json
import time
from dataclasses import dataclass

# Once requests are served, the rest (workers, sweeper) is waited for this long before readiness is told with a remark.
PATIENCE_SECONDS = 20.0


@dataclass(frozen=True)
class Readiness:
    is_serving: bool
    is_complete: bool
    # The parts that are not well, in their own words.
    reason: str


def ask(port: int) -> Readiness:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException):
        return Readiness(False, False, "the web process does not answer")
    finally:
        connection.close()
    return _understand(answer.status, body)


def _understand(status: int, body: bytes) -> Readiness:
    is_serving = status == http.client.OK
    try:
        parts = json.loads(body)["parts"]
        ill = [f"{name}: {part['detail'] or 'not ready'}" for name, part in parts.items() if not part["ok"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        return Readiness(is_serving, is_serving, f"/readyz answers {status}")
    return Readiness(is_serving, is_serving and not ill, "; ".join(ill))


class Watch:
    """Asked again and again while the system starts: true when all parts are well, or serving is all there will be."""

    def __init__(self, port: int) -> None:
        self.latest = Readiness(False, False, "the web process does not answer")
        self._port = port
        self._serving_since = 0.0

    def is_ready(self) -> bool:
        self.latest = ask(self._port)
        if not self.latest.is_serving:
            return False
        self._serving_since = self._serving_since or time.monotonic()
        return self.latest.is_complete or time.monotonic() - self._serving_since > PATIENCE_SECONDS
