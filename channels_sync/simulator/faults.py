"""Faults by switch: what goes wrong with the next calls of a shop. In memory: a restart heals everything."""

import threading
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Literal

# `after` does the work and loses the answer: the caller cannot know. `before` does nothing.
FaultKind = Literal["status", "time_out_after", "drop_before", "drop_after", "slow", "wrong_answer"]


@dataclass(frozen=True, slots=True)
class Fault:
    kind: FaultKind
    status: int = 500
    seconds: float = 0.0
    # Only requests whose path or method name holds this text.
    match: str = ""


class Faults:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, deque[Fault]] = defaultdict(deque)

    def add(self, shop: str, fault: Fault, times: int = 1) -> None:
        with self._lock:
            self._waiting[shop].extend([fault] * times)

    def clear(self, shop: str) -> None:
        with self._lock:
            self._waiting.pop(shop, None)

    def next(self, shop: str, what: str) -> Fault | None:
        with self._lock:
            waiting = self._waiting[shop]
            if not waiting or waiting[0].match not in what:
                return None
            return waiting.popleft()
