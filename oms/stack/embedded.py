"""What the supervisor, the tests and the benchmarks ask of an embedded server, whichever it is."""

import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from oms.stack import processes
from oms.stack.errors import StackError


class Server(Protocol):
    @property
    def url(self) -> str: ...

    @property
    def command(self) -> list[str]: ...

    @property
    def data(self) -> Path:
        """Its working folder while it runs: by it, leftovers of an earlier life are found."""

    @property
    def become(self) -> Callable[[], None] | None: ...

    @property
    def stop_signal(self) -> signal.Signals: ...

    def prepare(self) -> None: ...

    def is_ready(self) -> bool: ...

    def end_leftovers(self) -> None: ...


def start(server: Server, *, log: Path) -> subprocess.Popen[bytes]:
    """For whoever needs a server and no supervisor: it answers when this returns, and ends with its starter."""
    server.prepare()
    process = processes.spawn(
        server.command,
        log=log,
        environ=os.environ,
        folder=server.data,
        on_parent_death=server.stop_signal,
        become=server.become,
    )
    if not processes.wait_until(server.is_ready, seconds=30):
        raise StackError(f"{server.command[0]} did not start within 30 seconds: {log.read_text()[-2000:]}")
    return process


def end_everything_in(data: Path, signals: Sequence[tuple[signal.Signals, float]]) -> None:
    """Each signal in turn, each with its patience, until nobody works in the folder any more."""
    for number, seconds in signals:
        processes.end(processes.working_in(data), number)
        if processes.wait_until(lambda: not processes.working_in(data), seconds=seconds):
            return
    raise StackError(f"An older server still works in {data} and does not end: stop it by hand.")
