from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from kernel import clock, health, heartbeats, sweeps, tasks
from kernel.health import Check, Health
from kernel.models import Heartbeat, Notification, OutboxEvent
from kernel.work import WorkState

pytestmark = pytest.mark.django_db


def ready(client: Client) -> tuple[int, dict[str, Any]]:
    response = client.get("/readyz")
    return response.status_code, response.json()


def everybody_lives() -> None:
    heartbeats.beat(heartbeats.SWEEPER)
    for queue in sweeps.queues():
        tasks.show_life(queue)


def test_a_living_process_says_so_without_asking_anybody(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"status": "ok"}


def test_readyz_names_each_part_its_state_and_its_lag(client: Client) -> None:
    everybody_lives()
    status, report = ready(client)
    assert (status, report["status"]) == (200, "ok"), report
    parts = {
        "database",
        "redis_stock",
        "redis_cache",
        "broker",
        "sweeper",
        "worker:intake",
        "work:kernel.inboxdelivery",
    }
    assert parts <= set(report["parts"])
    assert report["parts"]["work:kernel.outboxevent"] == {"ok": True, "detail": "", "lag_seconds": 0.0}


def test_work_that_waits_too_long_is_told_and_still_serves(client: Client) -> None:
    everybody_lives()
    OutboxEvent.objects.create(next_attempt_at=clock.now() - timedelta(seconds=90))
    status, report = ready(client)
    part = report["parts"]["work:kernel.outboxevent"]
    assert (status, report["status"], part["ok"]) == (200, "degraded", False)
    assert 90 <= part["lag_seconds"] < 100


@pytest.mark.parametrize("name", ["sweeper", "worker:intake"])
def test_a_silent_process_is_told_by_name(client: Client, name: str) -> None:
    everybody_lives()
    Heartbeat.objects.filter(name=name).update(beat_at=clock.now() - timedelta(minutes=2))
    status, report = ready(client)
    part = report["parts"][name]
    assert (status, report["status"], part["ok"]) == (200, "degraded", False)
    assert "silent for 120 s" in part["detail"]


def test_a_process_that_was_never_heard_is_not_well(client: Client) -> None:
    assert ready(client)[1]["parts"]["sweeper"]["detail"] == "not heard yet"


def test_without_a_vital_part_nothing_can_be_served(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Health:
        raise OperationalError("password=secret")

    monkeypatch.setitem(health._checks, "database", Check(broken, vital=True))
    status, report = ready(client)
    assert (status, report["status"]) == (503, "down")
    assert report["parts"]["database"]["detail"] == "does not answer (OperationalError)"


def test_a_gate_that_is_gone_leaves_us_serving(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Health:
        raise ConnectionError

    monkeypatch.setitem(health._checks, "redis_stock", Check(broken, vital=False))
    assert ready(client)[0] == 200


def test_metrics_tell_waiting_dead_and_retried_rows_and_the_lag(client: Client) -> None:
    OutboxEvent.objects.create(next_attempt_at=clock.now() - timedelta(seconds=30))
    OutboxEvent.objects.create(attempts=2, next_attempt_at=clock.now() + timedelta(seconds=30))
    Notification.objects.create(state=WorkState.DEAD)
    heartbeats.beat(heartbeats.SWEEPER)
    text = client.get("/metrics").content.decode()
    assert 'oms_work_rows{kind="kernel.outboxevent",state="ready"} 2.0' in text
    assert 'oms_work_rows{kind="kernel.notification",state="dead"} 1.0' in text
    assert 'oms_work_retrying{kind="kernel.outboxevent"} 1.0' in text
    lag = next(line for line in text.splitlines() if line.startswith('oms_work_lag_seconds{kind="kernel.outboxevent"}'))
    assert 30 <= float(lag.split()[-1]) < 40
    assert 'oms_heartbeat_age_seconds{name="sweeper"}' in text
    assert "oms_doorbell_rings_total" in text
    assert "django_http_requests" in text
