"""One id that joins a webhook, the rows it made, the calls they caused and every log line in between.

It is bound at the edge (a request, a task, a claimed work row) and written into each work row: it survives any queue.
Outside of those, a whole process (a command, a shell) is one story and has one id.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from kernel.ids import uuid7

HEADER = "X-Request-Id"
MAX_LENGTH = 64
_SAFE = re.compile(r"[A-Za-z0-9._:-]{8,64}")

_bound: ContextVar[str | None] = ContextVar("correlation_id", default=None)
_of_process: dict[int, str] = {}


def new() -> str:
    """A fresh id."""
    return uuid7().hex


def accept(offered: str | None) -> str:
    """The id that a caller offered if it is safe to log and store, else a fresh one."""
    return offered if offered and _SAFE.fullmatch(offered) else new()


def current() -> str:
    """The id in force here; never empty."""
    return _bound.get() or _of_process.setdefault(os.getpid(), new())


@contextmanager
def bound(correlation_id: str) -> Iterator[str]:
    """Everything inside belongs to this id."""
    token = _bound.set(correlation_id or new())
    try:
        yield current()
    finally:
        _bound.reset(token)
