"""The sweeper: once a second it rings for due rows, takes back what a vanished worker held, and shows that it lives.

Apps give it *sweeps*, work that the clock starts (expire reservations, fold the ledger). Each sweep runs in a thread
of its own, so a slow one delays no other. Two sweepers may run at once: a sweep must be safe to run twice at the same
time.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from celery import current_app
from django.db import close_old_connections, connection, transaction

from kernel import clock, correlation, heartbeats, work
from kernel.doorbell import EXPIRES_SECONDS
from kernel.models.work import WorkRow, WorkState
from kernel.work.outcomes import mourn

log = structlog.get_logger("sweeper")

TICK_SECONDS = 1.0
SHOW_LIFE_SECONDS = 10.0
SWEEP_BEAT_SECONDS = 5.0


@dataclass(frozen=True)
class Sweep:
    """Something to do every `seconds`."""

    name: str
    seconds: float
    act: Callable[[], object]


_sweeps: dict[str, Sweep] = {}


def register_sweep(name: str, seconds: float, act: Callable[[], object]) -> None:
    """Let the sweeper call `act()` every so many seconds (in `<app>/handlers.py`)."""
    _sweeps[name] = Sweep(name, seconds, act)


def registered_sweeps() -> list[Sweep]:
    return list(_sweeps.values())


def queues() -> list[str]:
    """The queues that some kind of work uses."""
    return sorted({model.queue for model in work.registered()})


def run(stop: threading.Event) -> None:
    """Sweep until told to stop."""
    threads = [
        threading.Thread(target=_keep_sweeping, args=(sweep, stop), daemon=True) for sweep in registered_sweeps()
    ]
    threads.append(threading.Thread(target=_keep_asking_for_life, args=(stop,), daemon=True))
    for thread in threads:
        thread.start()
    while not stop.is_set():
        _safely("tick", tick)
        stop.wait(TICK_SECONDS)
    for thread in threads:
        thread.join(timeout=5)


def tick() -> None:
    """One round over all tables of work."""
    with correlation.bound(correlation.new()):
        heartbeats.beat(heartbeats.SWEEPER)
        for model in work.registered():
            take_back(model)
        for model in due_models():
            work.ring(model)


def take_back(model: type[WorkRow]) -> int:
    """Return rows whose lease ran out, and tell of those that are dead by it."""
    with transaction.atomic():
        rows = work.return_expired(model)
        for row in rows:
            log.warning("lease_expired", kind=model.__name__, uid=str(row.uid), state=row.state)
            if row.state == WorkState.DEAD:
                mourn(row)
    return len(rows)


def due_models() -> list[type[WorkRow]]:
    """The kinds of work that have a due row, found in one query."""
    models = {model._meta.label_lower: model for model in work.registered()}
    if not models:
        return []
    part = "SELECT %s WHERE EXISTS (SELECT 1 FROM {} WHERE state = 'ready' AND next_attempt_at <= %s)"
    sql = " UNION ALL ".join(part.format(connection.ops.quote_name(model._meta.db_table)) for model in models.values())
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for label in models for value in (label, now)])
        return [models[label] for (label,) in cursor.fetchall()]


def _keep_sweeping(sweep: Sweep, stop: threading.Event) -> None:
    beat_at = 0.0
    while not stop.is_set():
        started = clock.now().timestamp()
        with correlation.bound(correlation.new()):
            if _safely(sweep.name, sweep.act) and started - beat_at >= SWEEP_BEAT_SECONDS:
                _safely(sweep.name, lambda: heartbeats.beat(f"sweep:{sweep.name}"))
                beat_at = started
        stop.wait(max(sweep.seconds - (clock.now().timestamp() - started), 0.01))


def _keep_asking_for_life(stop: threading.Event) -> None:
    while not stop.is_set():
        for queue in queues():
            _safely("show_life", lambda queue=queue: ask_for_life(queue))  # type: ignore[misc]
        stop.wait(SHOW_LIFE_SECONDS)


def ask_for_life(queue: str) -> None:
    """Send a task through the queue's broker to a worker that writes its heartbeat."""
    current_app.send_task("kernel.show_life", args=(queue,), queue=queue, retry=False, expires=EXPIRES_SECONDS)


def _safely(name: str, act: Callable[[], object]) -> bool:
    """Run it; a failure is logged and the next round tries again with a fresh connection."""
    try:
        close_old_connections()
        act()
    except Exception:
        log.exception("sweep_failed", sweep=name)
        connection.close()
        return False
    return True
