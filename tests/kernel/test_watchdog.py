from datetime import timedelta
from typing import Any

import pytest

from kernel import clock, health
from kernel.health import Health
from kernel.models import Heartbeat
from kernel.watchdog import Watchdog

WATCHED = {"worker": ["worker:intake", "worker:events"], "worker-bulk": ["worker:bulk"], "sweeper": ["sweeper"]}
pytestmark = pytest.mark.django_db(transaction=True)


def heard(**seconds_ago: int) -> None:
    names = {"intake": "worker:intake", "events": "worker:events", "bulk": "worker:bulk", "sweeper": "sweeper"}
    Heartbeat.objects.all().delete()
    for name, seconds in seconds_ago.items():
        Heartbeat.objects.create(name=names[name], beat_at=clock.now() - timedelta(seconds=seconds))


def looks(count: int = 2) -> list[list[str]]:
    watchdog = Watchdog(WATCHED)
    return [watchdog.look() for _ in range(count)]


def test_a_worker_that_is_silent_at_two_looks_is_named_once() -> None:
    heard(sweeper=1, intake=100, events=5, bulk=5)
    assert looks(3) == [[], ["worker"], []]


def test_who_is_heard_is_left_alone_and_who_was_never_heard_is_still_starting() -> None:
    heard(sweeper=1, intake=5, events=70)
    assert looks() == [[], []]


def test_when_the_sweeper_is_silent_it_is_the_one_and_no_worker() -> None:
    heard(sweeper=60, intake=100, bulk=100)
    assert looks() == [[], ["sweeper"]]


def test_while_the_broker_is_gone_no_worker_is_guilty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "broker", lambda: Health(False))
    heard(sweeper=1, intake=100, bulk=100)
    assert looks() == [[], []]


def test_a_worker_that_was_heard_between_two_looks_starts_afresh() -> None:
    watchdog = Watchdog(WATCHED)
    heard(sweeper=1, bulk=100)
    watchdog.look()
    heard(sweeper=1, bulk=1)
    watchdog.look()
    heard(sweeper=1, bulk=100)
    assert watchdog.look() == []


def test_between_its_looks_it_asks_nobody(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert Watchdog(WATCHED).silent() == []
