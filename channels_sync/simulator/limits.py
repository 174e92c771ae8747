"""How often a shop may call: a count a minute, as the platforms state theirs."""

import threading
import time
from collections import deque


class Limits:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: dict[str, deque[float]] = {}

    def wait_seconds(self, shop: str, per_minute: int) -> int:
        """0 when the call may pass, which counts it; otherwise how long to wait."""
        now = time.monotonic()
        with self._lock:
            calls = self._calls.setdefault(shop, deque())
            while calls and calls[0] <= now - 60:
                calls.popleft()
            if len(calls) >= per_minute:
                return max(1, round(calls[0] + 60 - now)) if calls else 60
            calls.append(now)
            return 0
