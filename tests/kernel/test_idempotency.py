import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from kernel import clock, idempotency
from kernel.errors import IdempotencyMismatch, Refused
from kernel.models import IdempotencyRecord
from tests.kernel.models import Effect


def once(body: bytes = b"{}", key: str = "k1", **changed: Any) -> idempotency.Answer:
    def act() -> tuple[int, dict[str, Any]]:
        return 201, {"made": Effect.objects.create(name="made").pk}

    return idempotency.once(**{"key": key, "route": "payments", "caller": "u1", "body": body, "act": act} | changed)


@pytest.mark.django_db
def test_the_same_request_again_gets_the_stored_answer() -> None:
    first, second = once(), once()
    assert (second.status, second.body, second.replayed) == (201, first.body, True)
    assert Effect.objects.count() == 1


@pytest.mark.django_db
def test_the_same_key_with_another_body_is_refused() -> None:
    once()
    with pytest.raises(IdempotencyMismatch) as caught:
        once(b'{"other": 1}')
    assert (caught.value.code, caught.value.status) == ("idempotency_mismatch", 409)


@pytest.mark.django_db
def test_another_caller_or_route_may_use_the_same_key() -> None:
    assert {once().replayed, once(caller="u2").replayed, once(route="orders").replayed} == {False}


@pytest.mark.django_db
def test_a_request_that_failed_leaves_its_key_free() -> None:
    def refuse() -> tuple[int, dict[str, Any]]:
        Effect.objects.create(name="half")
        raise Refused

    with pytest.raises(Refused):
        once(act=refuse)
    assert not Effect.objects.exists()
    assert once().replayed is False


@pytest.mark.django_db
def test_a_key_is_kept_seven_days() -> None:
    once()
    IdempotencyRecord.objects.update(created_at=clock.now() - timedelta(days=8))
    assert once(b"other").replayed is False
    IdempotencyRecord.objects.update(created_at=clock.now() - timedelta(days=8))
    assert idempotency.purge() == 1


@pytest.mark.django_db
def test_without_a_key_nothing_is_remembered_unless_the_route_needs_one() -> None:
    assert once(key="").replayed is False
    assert not IdempotencyRecord.objects.exists()
    with pytest.raises(idempotency.IdempotencyKeyMissing):
        once(key="", required=True)
    with pytest.raises(idempotency.IdempotencyKeyTooLong):
        once(key="x" * 161)


@pytest.mark.django_db(transaction=True)
def test_the_same_request_twenty_times_at_once_has_one_effect_and_one_answer() -> None:
    answers: list[idempotency.Answer] = []
    start = threading.Barrier(20)

    def request() -> None:
        start.wait()
        try:
            answers.append(once())
        finally:
            connection.close()

    threads = [threading.Thread(target=request) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Effect.objects.count() == 1
    assert len({str(answer.body) for answer in answers}) == 1
    assert sum(not answer.replayed for answer in answers) == 1
