"""Which processes make up the running system, and what each is told.

The supervisor starts the servers, the web server and the *application*: one process that loads Django once and forks the
others (oms/management/commands/run.py). Nine processes that each load it would take three times the memory and start.
"""

import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from oms.stack.embedded import Server
from oms.stack.installation import ROOT, Installation

WEB_WORKERS, WEB_THREADS = 2, 4
# Orders and pushes never wait behind an export: bulk work has a worker of its own.
LIVE_QUEUES, BULK_QUEUES = "intake,events,outbound", "bulk,reports"
# A worker may finish what it does; whoever waits for workers waits a little longer.
PATIENCE, PATIENCE_WITH_WORKERS = 20.0, 25.0


@dataclass(frozen=True)
class Service:
    name: str
    command: list[str]
    folder: Path = ROOT
    environ: Mapping[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = PATIENCE
    # What has to happen before each start, the first and those after a crash.
    before: Callable[[], None] | None = None
    become: Callable[[], None] | None = None
    # Forked into the child instead of a new program being started.
    run: Callable[[], None] | None = None
    # Ends by itself and is not started again.
    is_once: bool = False


def server_service(name: str, server: Server) -> Service:
    return Service(
        name,
        server.command,
        folder=server.data,
        stop_signal=server.stop_signal,
        before=server.prepare,
        become=server.become,
    )


def application_service() -> Service:
    command = [sys.executable, "manage.py", "run"]
    return Service("application", command, environ={"OMS_PROCESS": "application"}, patience=PATIENCE_WITH_WORKERS)


def web_service(installation: Installation) -> Service:
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi"),
        *("--host", "127.0.0.1", "--port", str(installation.port), "--no-ws"),
        *("--workers", str(WEB_WORKERS), "--blocking-threads", str(WEB_THREADS)),
        *("--respawn-failed-workers", "--respawn-interval", "0.2", "--workers-kill-timeout", "10"),
        "oms.wsgi:application",
    ]
    return Service("web", command, environ={"OMS_PROCESS": "web"})


def application_commands(installation: Installation) -> dict[str, list[str]]:
    """What the application forks, by name: the command lines that would start the same thing alone."""
    beat = ["--schedule", str(installation.run / "beat"), "--pidfile", ""]
    commands = {
        "worker": _worker("worker", LIVE_QUEUES, processes=2),
        "worker-bulk": _worker("worker-bulk", BULK_QUEUES, processes=1),
        "beat": ["celery", "-A", "oms", "beat", *beat],
        "sweeper": ["manage.py", "sweeper"],
        "messages": ["manage.py", "consume_messages"],
    }
    if installation.has_simulator:
        commands["simulator"] = ["manage.py", "simulate"]
    return commands


def _worker(name: str, queues: str, *, processes: int) -> list[str]:
    words = ["celery", "-A", "oms", "worker", "-n", f"{name}@%h", "-Q", queues, "-c", str(processes)]
    return [*words, "--without-gossip", "--without-mingle", "-l", "WARNING"]
