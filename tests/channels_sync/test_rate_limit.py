"""The limit of a platform holds over all workers together, and waiting for it costs nothing but time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection as database

from channels_sync.connectors.base import CallFailed
from channels_sync.models import Connection
from channels_sync.services import gate
from kernel import clock
from tests.factories.channels import make_connection

RATE = 100


def take(connection_id: int) -> bool:
    try:
        return gate._take(connection_id, RATE)
    finally:
        database.close()


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_get_no_more_than_the_burst_together() -> None:
    connection = make_connection("generic")
    with ThreadPoolExecutor(16) as pool:
        won = sum(pool.map(take, [connection.pk] * 200))
    step, ahead = gate._spacing(RATE)
    assert won >= 10
    assert won <= ahead / step + 1 + 3, "the burst, and what became free while the threads ran"


@pytest.mark.django_db
def test_no_minute_sees_more_than_the_limit() -> None:
    connection = make_connection("generic")
    now = datetime(2026, 11, 22, tzinfo=UTC)
    Connection.objects.update(next_call_at=now)
    taken = []
    for tenth in range(1200):
        at = now + timedelta(seconds=tenth / 10)
        with clock.at(at):
            while gate._take(connection.pk, RATE):
                taken.append(at)
    for start in range(600):
        begin = now + timedelta(seconds=start / 10)
        assert sum(begin <= at < begin + timedelta(seconds=60) for at in taken) <= RATE
    assert len(taken) > 1.7 * RATE, "and the allowance is used"


@pytest.mark.django_db
def test_who_would_have_to_wait_long_is_told_how_long() -> None:
    connection = make_connection("generic")
    Connection.objects.update(next_call_at=clock.now() + timedelta(seconds=30))
    with pytest.raises(CallFailed) as caught:
        gate.take_turn(connection.pk, RATE)
    assert caught.value.error_class == "rate_limit"
    assert 20 < (caught.value.retry_after or 0) <= 30
