"""One supervised process: started, watched, started again after a growing pause, stopped."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from oms.stack import processes
from oms.stack.forking import Forked, fork
from oms.stack.processes import Record
from oms.stack.services import Service

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 30.0
# Who has lived this long has recovered: its next crash is a first one again.
RECOVERED_AFTER = 30.0
LARGEST_LOG = 20 * 2**20


class Child:
    def __init__(self, service: Service, *, logs: Path, environ: Mapping[str, str]) -> None:
        self.service = service
        self.log = logs / f"{service.name}.log"
        self.record: Record | None = None
        self.crashes = 0
        self.last_end = ""
        self._environ = {**os.environ, **environ, **service.environ}
        self._process: subprocess.Popen[bytes] | Forked | None = None
        self._started_at = 0.0
        self._restart_at = 0.0

    @property
    def name(self) -> str:
        return self.service.name

    def start(self) -> None:
        if self.service.before:
            self.service.before()
        self._started_at = time.monotonic()
        self._process = self._make_process()
        self.record = Record.of(self._process.pid)

    def _make_process(self) -> subprocess.Popen[bytes] | Forked:
        service = self.service
        if service.run:
            return fork(
                service.run,
                log=self.log,
                environ=self._environ,
                folder=service.folder,
                on_parent_death=service.stop_signal,
            )
        return processes.spawn(
            service.command,
            log=self.log,
            environ=self._environ,
            folder=service.folder,
            on_parent_death=service.stop_signal,
            become=service.become,
        )

    def has_succeeded(self) -> bool:
        return self._process is not None and self._process.poll() == 0

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def tick(self) -> bool:
        """Notice a death, and start again when its pause is over; true when it was started again."""
        if self.is_running() or self.service.is_once:
            return False
        now = time.monotonic()
        if not self._restart_at:
            self._restart_at = now + self._note_crash(now)
        if now < self._restart_at:
            return False
        self._restart_at = now + LONGEST_PAUSE
        self.start()
        self._restart_at = 0.0
        return True

    def _note_crash(self, now: float) -> float:
        """How long to wait; what the dead process left running would hold its port and its work."""
        if self.record:
            processes.end(self.record.session_pids(), signal.SIGKILL)
        code = (self._process.returncode if self._process else 0) or 0
        self.last_end = f"signal {-code}" if code < 0 else f"exit code {code}"
        self.crashes = 1 if now - self._started_at > RECOVERED_AFTER else self.crashes + 1
        return min(FIRST_PAUSE * 2.0 ** (self.crashes - 1), LONGEST_PAUSE)

    def ask_to_stop(self) -> None:
        if self._process and self.is_running():
            self._process.send_signal(self.service.stop_signal)

    def kill(self) -> None:
        """The whole session: a leader that was asked in vain, and members that outlived it."""
        if self.record:
            processes.end(self.record.session_pids(), signal.SIGKILL)
        if self._process:
            self._process.wait()

    def tail(self) -> str:
        try:
            return self.log.read_bytes()[-4000:].decode(errors="replace")
        except OSError:
            return ""

    def last_words(self) -> str:
        """The last line of the log that says something, for the one sentence about its end."""
        return next((line.strip() for line in reversed(self.tail().splitlines()) if line.strip()), "it said nothing")

    def trim_log(self) -> None:
        """Copied and emptied in place: the process goes on writing to the same file."""
        if not self.log.exists() or self.log.stat().st_size < LARGEST_LOG:
            return
        self.log.with_suffix(".log.1").write_bytes(self.log.read_bytes())
        os.truncate(self.log, 0)
