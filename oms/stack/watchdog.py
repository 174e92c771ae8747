"""A web server can live and yet answer nobody. The application watches its own processes (kernel/watchdog.py); this one
is watched from outside, as its visitors see it.
"""

import time
from collections.abc import Callable

LOOK_EVERY = 10.0
# A start under load takes a while, and so does a slow answer of /readyz (each look waits five seconds for it).
PATIENCE = 60.0


class WebWatchdog:
    def __init__(
        self, is_answering: Callable[[], bool], end: Callable[[], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._is_answering = is_answering
        self._end = end
        self._clock = clock
        self._look_at = 0.0
        self._answered_at = clock()

    def tick(self) -> None:
        """Cheap to call often. Who is ended is started again by his family."""
        now = self._clock()
        if now < self._look_at:
            return
        self._look_at = now + LOOK_EVERY
        if self._is_answering():
            self._answered_at = now
        elif now - self._answered_at > PATIENCE:
            self._end()
            self._answered_at = now
