"""Is the system ready: its own /readyz says so, and names the parts that are not."""

import http.client
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass

# Once requests are served, the rest (workers, sweeper) is waited for this long before readiness is told with a remark.
PATIENCE_SECONDS = 20.0


@dataclass(frozen=True)
class Readiness:
    is_answering: bool
    is_serving: bool
    # The parts that are not well, each with its own words.
    ill: Mapping[str, str]

    @property
    def reason(self) -> str:
        return "; ".join(f"{name}: {words}" for name, words in self.ill.items())


SILENCE = Readiness(False, False, {"web": "does not answer"})


def ask(port: int) -> Readiness:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException):
        return SILENCE
    finally:
        connection.close()
    return Readiness(True, answer.status == http.client.OK, _ill(answer.status, body))


def _ill(status: int, body: bytes) -> dict[str, str]:
    try:
        parts = json.loads(body)["parts"]
        return {name: part["detail"] or "not ready" for name, part in parts.items() if not part["ok"]}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {} if status == http.client.OK else {"web": f"/readyz answers {status}"}


class Watch:
    """Asked again and again while the system starts: true when all parts are well, or serving is all there will be."""

    def __init__(self, port: int) -> None:
        self.latest = SILENCE
        self._port = port
        self._serving_since = 0.0

    def is_ready(self) -> bool:
        self.latest = ask(self._port)
        if not self.latest.is_serving:
            return False
        self._serving_since = self._serving_since or time.monotonic()
        return not self.latest.ill or time.monotonic() - self._serving_since > PATIENCE_SECONDS
