"""Which processes make up the running system, and what each is told."""

import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from oms.stack.embedded import Server
from oms.stack.installation import ROOT, Installation

WEB_WORKERS, WEB_THREADS = 2, 4
# Orders and pushes never wait behind an export: bulk work has a worker of its own.
LIVE_QUEUES, BULK_QUEUES = "intake,events,outbound", "bulk,reports"


@dataclass(frozen=True)
class Service:
    name: str
    command: list[str]
    folder: Path = ROOT
    environ: Mapping[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    # What has to happen before each start, the first and those after a crash.
    before: Callable[[], None] | None = None
    become: Callable[[], None] | None = None
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


def prepare_service() -> Service:
    return replace(_manage("prepare", "prepare"), is_once=True)


def application_services(installation: Installation) -> list[Service]:
    """In the order of their start; they stop together, before the servers."""
    services = [
        _web(installation),
        _worker("worker", LIVE_QUEUES, processes=2),
        _worker("worker-bulk", BULK_QUEUES, processes=1),
        _python("beat", "celery", "-A", "oms", "beat", "--schedule", str(installation.run / "beat"), "--pidfile", ""),
        _manage("sweeper", "sweeper"),
        _manage("messages", "consume_messages"),
    ]
    if installation.has_simulator:
        services.append(_manage("simulator", "simulate"))
    return services


def _web(installation: Installation) -> Service:
    return _python(
        "web",
        "granian",
        *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(installation.port)),
        *("--workers", str(WEB_WORKERS), "--blocking-threads", str(WEB_THREADS), "--no-ws"),
        *("--respawn-failed-workers", "--respawn-interval", "0.2", "--workers-kill-timeout", "10"),
        "oms.wsgi:application",
    )


def _worker(name: str, queues: str, *, processes: int) -> Service:
    return _python(
        name,
        *("celery", "-A", "oms", "worker", "-n", f"{name}@%h", "-Q", queues, "-c", str(processes)),
        *("--without-gossip", "--without-mingle", "-l", "WARNING"),
    )


def _manage(name: str, *words: str) -> Service:
    return Service(name, [sys.executable, "manage.py", *words], environ={"OMS_PROCESS": name})


def _python(name: str, module: str, *words: str) -> Service:
    return Service(name, [sys.executable, "-m", module, *words], environ={"OMS_PROCESS": name})
