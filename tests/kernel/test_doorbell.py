import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from celery import current_app
from django.db import transaction

from kernel import doorbell, work
from kernel.redis import get_client
from tests.kernel.models import Chore


@pytest.fixture
def bell(settings: Any) -> Iterator[doorbell._Bell]:
    yield doorbell._bell
    doorbell._bell.flush(3)


@pytest.fixture
def rung() -> Iterator[Any]:
    """How many rings lie in the broker's queue of chores."""
    client = get_client("cache")
    client.delete("broker:events")
    yield lambda: client.llen("broker:events")
    client.delete("broker:events")


@pytest.fixture
def hanging_broker() -> Iterator[None]:
    """A broker that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        held = []
        accepting = threading.Thread(target=lambda: _accept(server, held), daemon=True)
        accepting.start()
        yield from _broker_at(f"redis://127.0.0.1:{server.getsockname()[1]}/0")


@pytest.fixture
def no_broker() -> Iterator[None]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    yield from _broker_at(f"redis://127.0.0.1:{port}/0")


def _accept(server: socket.socket, held: list[socket.socket]) -> None:
    while True:
        try:
            held.append(server.accept()[0])
        except OSError:
            return


def _broker_at(url: str) -> Iterator[None]:
    before = current_app.conf.broker_url
    current_app.pool.force_close_all()
    current_app.amqp._producer_pool = None
    current_app._pool = None
    current_app.conf.broker_url = current_app.conf.broker_write_url = current_app.conf.broker_read_url = url
    yield
    current_app.conf.broker_url = current_app.conf.broker_write_url = current_app.conf.broker_read_url = before
    current_app.amqp._producer_pool = None
    current_app._pool = None


def wait_for(is_true: Any, seconds: float = 5) -> bool:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if is_true():
            return True
        time.sleep(0.01)
    return False


@pytest.mark.django_db(transaction=True)
def test_a_ring_is_sent_when_the_transaction_has_committed_and_not_before(bell: Any, rung: Any) -> None:
    with transaction.atomic():
        work.ring(Chore)
        time.sleep(0.1)
        assert rung() == 0
    assert wait_for(lambda: rung() == 1)


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_is_rolled_back_rings_for_nobody(bell: Any, rung: Any) -> None:
    with transaction.atomic():
        work.ring(Chore)
        transaction.set_rollback(True)
    time.sleep(0.1)
    assert rung() == 0


@pytest.mark.django_db(transaction=True)
def test_many_rings_for_one_table_become_few(bell: Any, rung: Any) -> None:
    for _ in range(500):
        work.ring(Chore)
    bell.flush(3)
    assert 1 <= rung() <= 20


@pytest.mark.django_db(transaction=True)
def test_a_batch_rings_once_for_each_table(bell: Any, rung: Any) -> None:
    with doorbell.together():
        for _ in range(10):
            work.ring(Chore)
        time.sleep(0.1)
        assert rung() == 0
    bell.flush(3)
    assert rung() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("broker", ["hanging_broker", "no_broker"])
def test_a_dead_or_hanging_broker_delays_nobody_and_raises_nothing(
    bell: Any, broker: str, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(broker)
    errors = doorbell.ERRORS.labels("events")._value.get()
    longest = 0.0
    for _ in range(20):
        started = time.perf_counter()
        with transaction.atomic():
            work.ring(Chore)
        longest = max(longest, time.perf_counter() - started)
    assert longest < 0.2
    assert wait_for(lambda: doorbell.ERRORS.labels("events")._value.get() > errors, seconds=15)
