"""Ringing for work. A ring says only "there are rows in this table"; the rows say the rest, and the sweeper rings
again.

Nobody waits for the broker: a ring is put down in `on_commit` and sent by one background thread of the process,
without retry. Its errors are counted and logged, never raised; a broker that hangs or is gone delays nothing and loses
nothing.
"""

import atexit
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import structlog
from celery import current_app
from django.db import transaction
from prometheus_client import Counter

from kernel.models.work import WorkRow

log = structlog.get_logger("doorbell")

RINGS = Counter("oms_doorbell_rings_total", "Rings sent to the broker", ["queue"])
ERRORS = Counter("oms_doorbell_errors_total", "Rings that the broker did not take", ["queue"])

TASK = "kernel.drain_work"
SPACING_SECONDS = 0.05
AFTER_ERROR_SECONDS = 1.0
# A ring that nobody heard for this long is worthless: the sweeper has rung since.
EXPIRES_SECONDS = 10
EXIT_SECONDS = 0.2

_collecting: ContextVar[set[type[WorkRow]] | None] = ContextVar("doorbell", default=None)


def ring(model: type[WorkRow]) -> None:
    """Wake the workers of a table once the current transaction has committed (at once outside of one)."""
    transaction.on_commit(lambda: _bell.push(model), robust=True)


@contextmanager
def together() -> Iterator[None]:
    """Rings inside are sent once a table, at the end: for a batch whose rows would all ring for the same work."""
    rung: set[type[WorkRow]] = set()
    token = _collecting.set(rung)
    try:
        yield
    finally:
        _collecting.reset(token)
        for model in rung:
            _bell.push(model)


class _Bell:
    """The waiting rings of this process, and the thread that sends them."""

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self._pid = os.getpid()
        self._waiting: dict[str, str] = {}
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._busy = False

    def push(self, model: type[WorkRow]) -> None:
        """Put a ring down; the same table waiting already is enough."""
        rung = _collecting.get()
        if rung is not None:
            rung.add(model)
            return
        if self._pid != os.getpid():
            self._forget()  # a fork has our state but not our thread
        with self._changed:
            self._waiting[model._meta.label_lower] = model.queue
            if self._thread is None:
                self._thread = threading.Thread(target=self._send_forever, name="doorbell", daemon=True)
                self._thread.start()
            self._changed.notify()

    def flush(self, seconds: float) -> None:
        """Give waiting rings a last chance before the process ends."""
        ends = time.monotonic() + seconds
        while (self._waiting or self._busy) and self._pid == os.getpid() and time.monotonic() < ends:
            time.sleep(0.005)

    def _send_forever(self) -> None:
        while True:
            with self._changed:
                while not self._waiting:
                    self._busy = False
                    self._changed.wait()
                rings, self._waiting = self._waiting, {}
                self._busy = True
            sent = [_send(label, queue) for label, queue in rings.items()]
            with self._changed:
                self._busy = bool(self._waiting)
            time.sleep(SPACING_SECONDS if all(sent) else AFTER_ERROR_SECONDS)


def _send(label: str, queue: str) -> bool:
    try:
        current_app.send_task(TASK, args=(label,), queue=queue, retry=False, expires=EXPIRES_SECONDS)
    except Exception as error:
        ERRORS.labels(queue).inc()
        log.warning("ring_failed", queue=queue, table=label, error=type(error).__name__)
        return False
    RINGS.labels(queue).inc()
    return True


_bell = _Bell()
atexit.register(lambda: _bell.flush(EXIT_SECONDS))
