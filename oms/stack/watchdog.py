"""A process can live and yet do nothing: a worker that lost its broker, a web server that is stuck. The dog bites those.

Each queue shows its life end to end (the sweeper rings, a worker drains and writes its heartbeat), and /readyz tells.
"""

import signal
import time
from collections.abc import Callable, Mapping

from oms.stack import processes
from oms.stack.processes import Record
from oms.stack.readiness import Readiness
from oms.stack.services import BULK_QUEUES, LIVE_QUEUES

LOOK_EVERY = 10.0
# On top of the half minute after which /readyz calls a worker silent: long enough for a few long tasks in a row.
PATIENCE = 90.0
WORKERS = {f"worker:{queue}": "worker" for queue in LIVE_QUEUES.split(",")} | {
    f"worker:{queue}": "worker-bulk" for queue in BULK_QUEUES.split(",")
}
# While one of these is down, a worker's silence is not its own fault.
NEEDED = {"database", "broker", "sweeper"}


class Watchdog:
    def __init__(
        self, ask: Callable[[], Readiness], records: Callable[[], Mapping[str, Record]], say: Callable[[str], None]
    ) -> None:
        self._ask = ask
        self._records = records
        self._say = say
        self._silent_since: dict[str, float] = {}
        self._look_at = 0.0

    def tick(self) -> None:
        now = time.monotonic()
        if now < self._look_at:
            return
        self._look_at = now + LOOK_EVERY
        silent = self._silent()
        self._silent_since = {name: self._silent_since.get(name, now) for name in silent}
        for name, since in list(self._silent_since.items()):
            if now - since > PATIENCE:
                self._bite(name)
                del self._silent_since[name]

    def _silent(self) -> set[str]:
        """Names of processes that live and do nothing."""
        readiness = self._ask()
        if not readiness.is_answering:
            return {"web"}
        if NEEDED & readiness.ill.keys():
            return set()
        return {worker for part, worker in WORKERS.items() if part in readiness.ill}

    def _bite(self, name: str) -> None:
        """Its family finds it dead and starts it again."""
        record = self._records().get(name)
        if record:
            self._say(f"{name} has been silent for {PATIENCE:.0f} seconds and is ended.")
            processes.end(record.session_pids(), signal.SIGKILL)
