from typing import Any

import pytest
from celery import shared_task

from kernel import correlation, heartbeats, work
from kernel.tasks import drain_work, send_correlation, show_life
from tests.kernel.models import Chore, Effect

SEEN: list[str] = []


@shared_task(name="kernel_tests.look")
def look() -> None:
    SEEN.append(correlation.current())


@pytest.mark.django_db
def test_a_ring_drains_the_table_that_it_names(worked: Any) -> None:
    Chore.objects.create(name="a")
    worked(Chore, lambda row: Effect.objects.create(name=row.name))
    drain_work("kernel_tests.chore")
    assert Effect.objects.get().name == "a"


@pytest.mark.django_db
def test_a_table_that_nobody_works_is_an_error_and_not_silence() -> None:
    with pytest.raises(KeyError):
        work.drain("kernel_tests.nobody")


@pytest.mark.django_db
def test_a_worker_shows_life_for_its_queue() -> None:
    show_life("intake")
    assert heartbeats.silence("worker:intake") is not None


def test_a_task_belongs_to_the_story_of_its_sender() -> None:
    headers: dict[str, Any] = {}
    with correlation.bound("webhook-0001"):
        send_correlation(headers=headers)
    assert headers == {"oms_correlation_id": "webhook-0001"}
    look.apply(headers=headers)
    assert SEEN[-1] == "webhook-0001"
    look.apply()
    assert SEEN[-1] != "webhook-0001"
    assert correlation.current() != SEEN[-1]
