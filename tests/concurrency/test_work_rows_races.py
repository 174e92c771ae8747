"""Many hands on the same rows at once, on real PostgreSQL connections."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from kernel import inbox, work
from kernel.models import DeliveryKey, InboxDelivery
from kernel.work import WorkState, registry
from tests.concurrency import slow_worker

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(count: int, act: Callable[[int], Any]) -> list[Any]:
    """Run `act(0) … act(count - 1)` in as many threads, started together; answers with their results."""
    results: list[Any] = [None] * count
    gate = threading.Barrier(count)

    def run(number: int) -> None:
        gate.wait()
        try:
            results[number] = act(number)
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def fill(count: int, ordering_key: str = "") -> None:
    InboxDelivery.objects.bulk_create(
        InboxDelivery(source=slow_worker.NAME, endpoint="shop", delivery_key=str(number), ordering_key=ordering_key)
        for number in range(count)
    )


@pytest.fixture
def handled() -> Iterator[list[str]]:
    """Replaces the inbox's handler by one that only remembers, for the time of a test."""
    kept = dict(registry._handlings)
    seen: list[str] = []
    work.register(InboxDelivery, lambda row: seen.append(row.delivery_key))
    yield seen
    registry._handlings.clear()
    registry._handlings.update(kept)


def test_the_same_delivery_fifty_times_at_once_is_one_row() -> None:
    acks = at_once(50, lambda _: inbox.receive(slow_worker.NAME, "shop", {}, b"one", "203.0.113.9").body)
    assert Counter(acks) == {b"accepted": 1, b"duplicate": 49}
    assert InboxDelivery.objects.count() == 1
    assert DeliveryKey.objects.get().repeats == 49


def test_fifty_claims_at_once_take_each_row_once() -> None:
    fill(200)
    taken = at_once(50, lambda _: [row.pk for row in work.claim(InboxDelivery, limit=10)])
    rows = [pk for some in taken for pk in some]
    assert len(rows) == len(set(rows)) == 200


def test_two_rows_of_one_key_never_run_at_the_same_time() -> None:
    fill(30, ordering_key="O1")
    order: list[int] = []

    def work_on(_: int) -> None:
        while InboxDelivery.objects.exclude(state=WorkState.DONE).exists():
            rows = work.claim(InboxDelivery, limit=5)
            assert len(rows) <= 1
            for row in rows:
                running = InboxDelivery.objects.filter(state=WorkState.RUNNING).values_list("pk", flat=True)
                assert list(running) == [row.pk]
                order.append(row.pk)
                work.done(row)

    assert at_once(8, work_on) == [None] * 8
    assert order == sorted(order)
    assert len(order) == 30


def test_eight_drains_at_once_work_each_row_once(handled: list[str]) -> None:
    fill(400)
    at_once(8, lambda _: work.drain("kernel.inboxdelivery"))
    assert Counter(handled) == Counter(str(number) for number in range(400))
    assert set(InboxDelivery.objects.values_list("state", flat=True)) == {WorkState.DONE}


def test_expired_leases_are_not_taken_from_a_worker_that_is_just_committing() -> None:
    fill(1)
    (row,) = work.claim(InboxDelivery, lease_seconds=-1)
    with transaction.atomic():
        InboxDelivery.objects.select_for_update().get(pk=row.pk)
        assert at_once(1, lambda _: work.return_expired(InboxDelivery)) == [[]]
        work.done(row)
    assert work.return_expired(InboxDelivery) == []
    assert InboxDelivery.objects.get().state == WorkState.DONE
