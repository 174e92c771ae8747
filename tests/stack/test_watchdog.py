import pytest

from oms.stack import readiness
from oms.stack.watchdog import LOOK_EVERY, PATIENCE, WebWatchdog

LOOKS = int(PATIENCE / LOOK_EVERY)


def count_ends(*answers: bool) -> int:
    """How often the dog bites when it gets these answers, one at each look."""
    left, ends, now = list(answers), [], [0.0]
    dog = WebWatchdog(lambda: left.pop(0), lambda: ends.append(True), lambda: now[0])
    while left:
        dog.tick()
        now[0] += LOOK_EVERY
    return len(ends)


def test_a_web_server_that_never_answers_is_ended():
    assert count_ends(*[False] * (LOOKS + 2)) == 1


def test_a_web_server_that_answers_now_and_then_is_left_alone():
    assert count_ends(*([False] * (LOOKS - 1) + [True]) * 3) == 0


def test_a_web_server_that_was_ended_gets_time_to_start():
    assert count_ends(*[False] * (2 * LOOKS + 1)) == 1


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"parts": 3}'])
def test_an_answer_that_makes_no_sense_is_no_traceback(body):
    assert readiness._ill(503, body) == {"web": "/readyz answers 503"}
    assert readiness._ill(200, body) == {}
