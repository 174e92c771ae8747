from collections.abc import Iterator
from pathlib import Path

import pytest

from channels_sync import directory
from channels_sync.simulator.server import Server
from kernel import work


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    directory.forget_all()
    yield
    directory.forget_all()


@pytest.fixture(autouse=True)
def _fast_retries(settings: object) -> None:
    settings.OMS_WORK_BACKOFF_SECONDS = 0.001  # type: ignore[attr-defined]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """The simulated platforms, over HTTP, with a memory that ends with the test."""
    running = Server(tmp_path / "simulator.sqlite3")
    running.start()
    yield running
    running.stop()


@pytest.fixture
def drain() -> object:
    """Work through a table here and now: `drain("inbox")`."""
    labels = {
        "inbox": "kernel.inboxdelivery",
        "events": "kernel.outboxevent",
        "pushes": "channels_sync.shipmentpush",
        "fetches": "channels_sync.orderfetch",
    }
    return lambda name: work.drain(labels[name])
