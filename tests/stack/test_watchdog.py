import subprocess
import time

import pytest

from oms.stack import readiness, watchdog
from oms.stack.processes import Record
from oms.stack.readiness import SILENCE, Readiness
from oms.stack.watchdog import WORKERS, Watchdog

WELL = Readiness(True, True, {})
SILENT_BULK = Readiness(True, True, {"worker:bulk": "silent for 40 s"})


@pytest.fixture
def worker():
    process = subprocess.Popen(["sleep", "60"], start_new_session=True)
    yield process
    process.kill()
    process.wait()


@pytest.fixture
def look(worker, monkeypatch):
    """Lets the dog look at one state of the system after another, each a little later."""
    monkeypatch.setattr(watchdog, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(watchdog, "PATIENCE", 0.05)
    states: list[Readiness] = []
    names = {"worker-bulk": Record.of(worker.pid), "web": Record.of(worker.pid)}
    dog = Watchdog(states.pop, lambda: names, lambda _line: None)

    def look_at(*seen: Readiness) -> bool:
        for state in seen:
            states.append(state)
            dog.tick()
            time.sleep(0.1)
        return worker.poll() is not None

    return look_at


def test_a_worker_that_stays_silent_is_ended(look):
    assert look(SILENT_BULK, SILENT_BULK)


def test_a_worker_that_speaks_again_is_left_alone(look):
    assert not look(SILENT_BULK, WELL, SILENT_BULK)


def test_nobody_is_blamed_while_the_broker_is_down(look):
    down = Readiness(True, True, {"worker:bulk": "silent", "broker": "does not answer"})
    assert not look(down, down, down)


def test_a_web_server_that_never_answers_is_ended(look):
    assert look(SILENCE, SILENCE)


def test_every_queue_that_is_watched_has_its_worker():
    assert set(WORKERS.values()) == {"worker", "worker-bulk"}
    assert set(WORKERS) == {f"worker:{queue}" for queue in ("intake", "events", "outbound", "bulk", "reports")}


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"parts": 3}'])
def test_an_answer_that_makes_no_sense_is_no_traceback(body):
    assert readiness._ill(503, body) == {"web": "/readyz answers 503"}
    assert readiness._ill(200, body) == {}
