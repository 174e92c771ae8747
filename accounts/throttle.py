"""A limit per API key and minute, counted in Redis by slices so that most calls ask nobody.

Redis is not the truth here: when it cannot be asked the call goes through and is counted as unchecked.
"""

import threading
from time import time

from prometheus_client import Counter
from redis import RedisError

from accounts.errors import KeyThrottled
from kernel.redis import get_client

UNCHECKED = Counter("oms_api_throttle_unchecked_total", "API calls let through because Redis did not answer")
WINDOW_SECONDS = 60
SLICES = 50

_left: dict[str, tuple[int, int]] = {}
_lock = threading.Lock()


def admit(key: str, per_minute: int) -> None:
    """Let one call through, or raise KeyThrottled with the seconds to wait. A limit of 0 means none."""
    if not per_minute:
        return
    second = time()
    window = int(second // WINDOW_SECONDS)
    with _lock:
        known_window, left = _left.get(key, (window, 0))
        if known_window == window and left > 0:
            _left[key] = (window, left - 1)
            return
    granted = _ask(key, window, per_minute)
    if granted <= 0:
        raise KeyThrottled(retry_after=max(1, int((window + 1) * WINDOW_SECONDS - second)))
    with _lock:
        _, left = _left.get(key, (window, 0))
        _left[key] = (window, left + granted - 1)


def _ask(key: str, window: int, per_minute: int) -> int:
    """Take the next slice of this minute's calls; 0 when they are used up."""
    size = max(1, per_minute // SLICES)
    name = f"throttle:{key}:{window}"
    try:
        pipe = get_client("cache").pipeline(transaction=False)
        pipe.incrby(name, size)
        pipe.expire(name, WINDOW_SECONDS * 2)
        taken = int(pipe.execute()[0])
    except RedisError:
        UNCHECKED.inc()
        return 1
    return min(size, per_minute - (taken - size))
