"""A worker is killed with SIGKILL in the middle of deliveries: nothing is lost and nothing is done twice."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count

from kernel import inbox, work
from kernel.models import InboxDelivery
from kernel.redis import get_client
from kernel.work import WorkState
from tests.concurrency import slow_worker

ROOT = Path(__file__).resolve().parents[2]
DELIVERIES = 150
LEASE_SECONDS = "3"

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(autouse=True)
def trace() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS kill_trace")
        cursor.execute("CREATE TABLE kill_trace (uid uuid NOT NULL)")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE kill_trace")


@pytest.fixture
def start(process_environ: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start a process in a session of its own; all are killed afterwards."""
    environ = process_environ | {"OMS_WORK_LEASE_SECONDS": LEASE_SECONDS, "OMS_WORK_BACKOFF_SECONDS": "1"}
    started: list[subprocess.Popen[bytes]] = []

    def begin(*words: str) -> subprocess.Popen[bytes]:
        log = (tmp_path / f"{len(started)}.log").open("wb")
        process = subprocess.Popen(
            [sys.executable, *words], cwd=ROOT, env=environ, stdout=log, stderr=log, start_new_session=True
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        kill_all(process)


def worker_words() -> tuple[str, ...]:
    app = "tests.concurrency.slow_worker"
    return ("-m", "celery", "-A", app, "worker", "-Q", "intake", "-c", "2", "-l", "WARNING", "--without-mingle")


def kill_all(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def children(process: subprocess.Popen[bytes]) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False)
    return [int(pid) for pid in found.stdout.split()]


def deliver(count: int) -> None:
    for number in range(count):
        outcome = inbox.put(slow_worker.NAME, "shop", inbox.Identity(f"d{number}", "order"), b"{}", {})
        assert outcome.name == "accepted"


def done() -> int:
    return InboxDelivery.objects.filter(state=WorkState.DONE).count()


def running() -> int:
    return InboxDelivery.objects.filter(state=WorkState.RUNNING).count()


def wait_until(is_true: Callable[[], Any], seconds: float = 90) -> None:
    ends = time.monotonic() + seconds
    while not is_true():
        states = dict(InboxDelivery.objects.values_list("state").annotate(Count("id")).order_by())
        assert time.monotonic() < ends, f"waited in vain; states: {states}"
        time.sleep(0.05)


def assert_each_delivery_had_one_effect() -> None:
    assert set(InboxDelivery.objects.values_list("state", flat=True)) == {WorkState.DONE}
    with connection.cursor() as cursor:
        cursor.execute("SELECT uid FROM kill_trace")
        effects = [uid for (uid,) in cursor.fetchall()]
    assert len(effects) == len(set(effects)) == DELIVERIES
    assert set(effects) == set(InboxDelivery.objects.values_list("uid", flat=True))


def test_a_pool_process_killed_in_the_middle_of_deliveries_loses_and_repeats_nothing(start: Any) -> None:
    deliver(DELIVERIES)
    start("manage.py", "sweeper")
    worker = start(*worker_words())
    for reached in (5, 40):
        wait_until(lambda reached=reached: done() >= reached and running() > 0)
        os.kill(children(worker)[0], signal.SIGKILL)
    wait_until(lambda: done() == DELIVERIES)
    assert InboxDelivery.objects.filter(last_error_code="lease_expired").exists()
    assert_each_delivery_had_one_effect()


def test_a_whole_worker_killed_in_the_middle_of_deliveries_is_replaced_without_loss(start: Any) -> None:
    deliver(DELIVERIES)
    start("manage.py", "sweeper")
    first = start(*worker_words())
    wait_until(lambda: done() >= 10 and running() > 0)
    kill_all(first)
    after_the_kill = done()
    assert after_the_kill < DELIVERIES
    start(*worker_words())
    wait_until(lambda: done() == DELIVERIES)
    assert_each_delivery_had_one_effect()


def test_a_frozen_worker_that_wakes_after_its_lease_changes_nothing(start: Any) -> None:
    deliver(DELIVERIES)
    start("manage.py", "sweeper")
    frozen = start(*worker_words())
    wait_until(lambda: done() >= 5 and running() > 0)
    os.killpg(frozen.pid, signal.SIGSTOP)
    held = running()
    start(*worker_words())
    try:
        wait_until(lambda: done() >= DELIVERIES - held)
    finally:
        os.killpg(frozen.pid, signal.SIGCONT)
    wait_until(lambda: done() == DELIVERIES)
    assert_each_delivery_had_one_effect()


def test_a_broker_that_forgets_everything_again_and_again_loses_nothing(start: Any) -> None:
    deliver(DELIVERIES)
    start("manage.py", "sweeper")
    start(*worker_words())
    for reached in (1, 30, 60):
        wait_until(lambda reached=reached: done() >= reached)
        get_client("cache").flushall()
    wait_until(lambda: done() == DELIVERIES)
    assert_each_delivery_had_one_effect()


def test_the_last_word_is_had_by_the_token_not_by_the_clock() -> None:
    deliver(1)
    (slow,) = work.claim(InboxDelivery, lease_seconds=-1)
    work.return_expired(InboxDelivery)
    (quick,) = work.claim(InboxDelivery)
    work.done(quick)
    with pytest.raises(work.LeaseLost):
        work.done(slow)
