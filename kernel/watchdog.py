"""Finds processes that live but do nothing any more (frozen, or stuck on a dead connection), so that they are started again.

Silence is judged by heartbeats in the database. It counts only while the database, the broker and the sweeper that asks for
signs of life are well themselves, and only when it was seen twice in a row: an outage of theirs makes nobody guilty.
"""

import time
from collections import Counter
from collections.abc import Mapping, Sequence

import structlog
from django.db import Error, connection

from kernel import clock, health, heartbeats
from kernel.models import Heartbeat

log = structlog.get_logger("watchdog")

LOOK_SECONDS = 15.0
# Longer than the longest task (30 s) and the pause between two signs of life (10 s) together, twice over.
WORKER_SECONDS = 80.0
SWEEPER_SECONDS = 30.0
LOOKS_NEEDED = 2


class Watchdog:
    """Watches processes by name; `watched` says which heartbeats each of them must give."""

    def __init__(self, watched: Mapping[str, Sequence[str]]) -> None:
        self._watched = watched
        self._seen: Counter[str] = Counter()
        self._look_at = time.monotonic() + LOOK_SECONDS

    def silent(self) -> list[str]:
        """Who must be ended now. Cheap to call often; looks every 15 seconds and leaves no connection open."""
        if time.monotonic() < self._look_at:
            return []
        self._look_at = time.monotonic() + LOOK_SECONDS
        return self.look()

    def look(self) -> list[str]:
        """One look: a process that was silent at the last look too is named, and starts afresh."""
        found = self._silent_now()
        self._seen = Counter({name: self._seen[name] + 1 for name in found})
        guilty = [name for name in found if self._seen[name] >= LOOKS_NEEDED]
        for name in guilty:
            del self._seen[name]
            log.error("process_silent", process=name)
        return guilty

    def _silent_now(self) -> set[str]:
        try:
            beats = dict(Heartbeat.objects.values_list("name", "beat_at"))
        except Error:
            return set()
        finally:
            connection.close()
        now = clock.now()
        ages = {name: (now - beat_at).total_seconds() for name, beat_at in beats.items()}
        can_judge_workers = ages.get(heartbeats.SWEEPER, SWEEPER_SECONDS) < SWEEPER_SECONDS and health.broker().ok
        return {
            process
            for process, names in self._watched.items()
            if any(self._is_silent(name, ages, can_judge_workers) for name in names)
        }

    @staticmethod
    def _is_silent(name: str, ages: Mapping[str, float], can_judge_workers: bool) -> bool:
        if name not in ages:
            return False  # never heard: it is still starting, or its queue has no work of any kind
        if name == heartbeats.SWEEPER:
            return ages[name] > SWEEPER_SECONDS
        return can_judge_workers and ages[name] > WORKER_SECONDS
