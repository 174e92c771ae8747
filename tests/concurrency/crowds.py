"""Many at once: threads with connections of their own, started together."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


def at_once(acts: Iterable[Callable[[], T]]) -> list[T | BaseException]:
    """Run all acts at the same moment, each in a thread; what one raises is its result."""
    acts = list(acts)
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], T]) -> T | BaseException:
        try:
            connection.ensure_connection()
            gate.wait(timeout=60)
            return act()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
