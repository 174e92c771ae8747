import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from kernel import clock, heartbeats, sweeps
from kernel.models import Heartbeat, Notification, OutboxEvent
from kernel.work import WorkState


@pytest.fixture
def own_sweeps() -> Iterator[None]:
    kept = dict(sweeps._sweeps)
    sweeps._sweeps.clear()
    yield
    sweeps._sweeps.clear()
    sweeps._sweeps.update(kept)


@pytest.mark.django_db
def test_only_tables_with_due_rows_are_rung_for_and_one_query_finds_them(django_assert_num_queries: Any) -> None:
    OutboxEvent.objects.create()
    Notification.objects.create(next_attempt_at=clock.now() + timedelta(minutes=1))
    with django_assert_num_queries(1):
        assert sweeps.due_models() == [OutboxEvent]


@pytest.mark.django_db
def test_a_row_whose_lease_ran_out_is_taken_back_and_a_dead_one_is_told_of() -> None:
    gone = {"state": WorkState.RUNNING, "lease_until": clock.now() - timedelta(seconds=1)}
    OutboxEvent.objects.create(attempts=1, **gone)
    OutboxEvent.objects.create(attempts=4, **gone)
    assert sweeps.take_back(OutboxEvent) == 2
    assert list(OutboxEvent.objects.order_by("id").values_list("state", flat=True)) == ["ready", "dead"]
    assert Notification.objects.get().kind == "dead_letter"


@pytest.mark.django_db
def test_each_tick_shows_that_the_sweeper_lives() -> None:
    sweeps.tick()
    silence = heartbeats.silence(heartbeats.SWEEPER)
    assert silence is not None
    assert silence < timedelta(seconds=5)
    assert heartbeats.silence("nobody") is None


@pytest.mark.django_db(transaction=True)
def test_a_sweep_that_fails_or_hangs_stops_neither_the_others_nor_the_ticks(own_sweeps: None) -> None:
    counted = []
    hang = threading.Event()

    def broken() -> None:
        raise RuntimeError

    sweeps.register_sweep("broken", 0.05, broken)
    sweeps.register_sweep("hanging", 0.05, lambda: hang.wait(30))
    sweeps.register_sweep("counting", 0.05, lambda: counted.append(1))
    stop = threading.Event()
    runner = threading.Thread(target=sweeps.run, args=(stop,))
    runner.start()
    time.sleep(1.2)
    stop.set()
    hang.set()
    runner.join(10)
    assert len(counted) >= 5
    assert set(Heartbeat.objects.values_list("name", flat=True)) >= {"sweeper", "sweep:counting"}
    assert not Heartbeat.objects.filter(name="sweep:broken").exists()
