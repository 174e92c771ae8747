"""The children of one supervisor together: kept alive, recorded for those who come after a kill, stopped in turn."""

import contextlib
import json
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from oms.stack import processes
from oms.stack.child import Child
from oms.stack.errors import StackError
from oms.stack.installation import write_private
from oms.stack.processes import Record

LOOK_EVERY = 0.1


class Family:
    def __init__(self, records: Path, say: Callable[[str], None]) -> None:
        self.children: list[Child] = []
        self._records = records
        self._say = say

    def add(self, child: Child) -> Child:
        self.children.append(child)
        child.start()
        self._write_records()
        return child

    def drop(self, child: Child) -> None:
        self.children.remove(child)
        self._write_records()

    def tick(self) -> None:
        for child in self.children:
            try:
                restarted = child.tick()
            except (OSError, StackError) as error:
                self._say(f"{child.name} cannot be started again yet: {error}")
                continue
            if restarted:
                self._say(f"{child.name} ended ({child.last_end}) and was started again.")
                self._write_records()

    def wait(self, is_done: Callable[[], bool], *, seconds: float) -> bool:
        """Wait while keeping everybody alive; false when the time is over."""
        deadline = time.monotonic() + seconds
        while not is_done():
            if time.monotonic() > deadline:
                return False
            self.tick()
            time.sleep(LOOK_EVERY)
        return True

    def trim_logs(self) -> None:
        for child in self.children:
            with contextlib.suppress(OSError):
                child.trim_log()

    def stop(self, children: Sequence[Child], *, is_hurried: Callable[[], bool]) -> None:
        """Ask all, wait for all, then kill those who would not."""
        for child in children:
            child.ask_to_stop()
        deadline = time.monotonic() + max((child.service.patience for child in children), default=0.0)
        while any(child.is_running() for child in children) and time.monotonic() < deadline and not is_hurried():
            time.sleep(LOOK_EVERY)
        for child in children:
            child.kill()
            self.children.remove(child)
        self._write_records()

    def _write_records(self) -> None:
        records: dict[str, dict[str, list[int]]] = {"processes": {}, "servers": {}}
        for child in self.children:
            if child.record:
                kind = "servers" if child.service.before else "processes"
                records[kind][child.name] = [child.record.pid, child.record.started]
        try:
            write_private(self._records, json.dumps({"life": _life(), **records}))
        except OSError as error:
            self._say(f"The record of the processes could not be written: {error.strerror}.")


def end_orphans(*files: Path) -> None:
    """End what a killed supervisor left behind; work in flight is a row that somebody claims again.

    The embedded servers are not among them: they end their own leftovers, gently, when they are prepared.
    """
    for number, seconds in ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0)):
        orphans = _orphans(files)
        processes.end(orphans, number)
        if processes.wait_until(lambda: not _orphans(files), seconds=seconds):
            return


def _orphans(files: Sequence[Path]) -> list[int]:
    return [pid for file in files for record in _recorded(file) for pid in record.session_pids()]


def _recorded(file: Path) -> list[Record]:
    try:
        content = json.loads(file.read_text())
    except (OSError, ValueError):
        return []
    if content.get("life") != _life():
        return []
    return [Record(*record) for record in content.get("processes", {}).values()]


def _life() -> str:
    """Process numbers mean something only within one boot of one machine or container."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip() + str(Path("/proc/self/ns/pid").readlink())
