import time

import pytest

from oms.stack import readiness, watchdog
from oms.stack.watchdog import WebWatchdog


@pytest.fixture
def count_ends(monkeypatch):
    """Lets the dog look at one answer after another, a little apart, and counts how often it bit."""
    monkeypatch.setattr(watchdog, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(watchdog, "PATIENCE", 0.15)

    def look_at(*answers: bool) -> int:
        left, ends = list(answers), []
        dog = WebWatchdog(lambda: left.pop(0), lambda: ends.append(True))
        for _ in answers:
            dog.tick()
            time.sleep(0.1)
        return len(ends)

    return look_at


def test_a_web_server_that_never_answers_is_ended(count_ends):
    assert count_ends(False, False, False) == 1


def test_a_web_server_that_answers_now_and_then_is_left_alone(count_ends):
    assert count_ends(False, True, False, True, False) == 0


def test_a_web_server_that_was_ended_gets_time_to_start(count_ends):
    assert count_ends(False, False, False, False) == 1


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"parts": 3}'])
def test_an_answer_that_makes_no_sense_is_no_traceback(body):
    assert readiness._ill(503, body) == {"web": "/readyz answers 503"}
    assert readiness._ill(200, body) == {}
