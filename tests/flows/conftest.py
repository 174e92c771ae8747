"""The whole system for one flow: our web server, a Celery worker, the sweeper and the simulated platform, each real."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from channels_sync import directory
from channels_sync.simulator.server import Server
from tests.factories.channels import make_connection, sim_shop

ROOT = Path(__file__).resolve().parents[2]
QUEUES = "intake,events,outbound,bulk,reports"
PATIENCE_SECONDS = 60


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Server]:
    """The simulated platform on a port of its own, with books of its own."""
    server = Server(tmp_path / "platform.sqlite3")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def processes(process_environ: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., None]]:
    """Start processes of the product on this test's database; all end with the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*words: str) -> None:
        log = (tmp_path / f"process-{len(started)}.log").open("wb")
        environ = process_environ | {"OMS_LOG_LEVEL": "INFO"}
        started.append(subprocess.Popen([sys.executable, *words], cwd=ROOT, env=environ, stdout=log, stderr=log))

    yield start
    for process in started:
        process.terminate()
    for process in started:
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
    for file in sorted(tmp_path.glob("process-*.log")):
        sys.stdout.write(file.read_text(errors="replace")[-4000:])


@pytest.fixture
def running_system(processes: Callable[..., None]) -> None:
    processes(
        "-m", "celery", "-A", "oms.celery", "worker", "-Q", QUEUES, "-c", "2", "-l", "WARNING", "--without-mingle"
    )
    processes("manage.py", "sweeper")


@pytest.fixture
def connected(platform: Server, live_server: LiveServer) -> Callable[[str], Any]:
    """Connect a shop to the simulated platform, and the platform's webhooks to our web server."""

    def connect(name: str) -> Any:
        directory.forget_all()
        connection = make_connection(name, code=f"{name}-shop", server=platform, warehouses="WH-SH")
        hook = "" if name == "taobao" else f"{live_server.url}/hooks/{name}-shop/"
        platform.platform.book.connect(sim_shop(connection, hook_url=hook))
        return platform.platform.book.shop(f"{name}-shop")

    return connect


def until(what: Callable[[], Any], *, seconds: float = PATIENCE_SECONDS) -> Any:
    """Wait until it answers something true; what the last answer was is in the failure."""
    ends = time.monotonic() + seconds
    while not (answer := what()):
        assert time.monotonic() < ends, f"still {answer!r} after {seconds} s"
        time.sleep(0.1)
    return answer
