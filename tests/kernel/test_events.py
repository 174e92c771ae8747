from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction

from kernel import correlation, events, work
from kernel.models import OutboxEvent
from kernel.work import WorkState
from tests.kernel.models import Effect

OUTBOX = "kernel.outboxevent"


@dataclass(frozen=True)
class ParcelSent(events.Event):
    parcel_no: str
    parts: int = 1

    @property
    def ordering_key(self) -> str:
        return self.parcel_no


@dataclass(frozen=True)
class Careless(events.Event):
    body: Any


def on_parcel_sent(event: ParcelSent) -> None:
    Effect.objects.create(name=f"told of {event.parcel_no}")


def on_parcel_sent_too(event: ParcelSent) -> None:
    if event.parts > 1:
        raise work.Retry("too_many_parts", "cannot do that yet", "business")
    Effect.objects.create(name=f"counted {event.parcel_no}")


@pytest.fixture(autouse=True)
def subscribers() -> Iterator[None]:
    kept = dict(events._subscribers), dict(events._handlers), dict(events._events)
    events.subscribe(ParcelSent, on_parcel_sent)
    events.subscribe(ParcelSent, on_parcel_sent_too)
    yield
    for registry, before in zip((events._subscribers, events._handlers, events._events), kept, strict=True):
        registry.clear()
        registry.update(before)


def effects() -> set[str]:
    return set(Effect.objects.values_list("name", flat=True))


@pytest.mark.django_db
def test_each_subscriber_gets_a_row_of_its_own_and_hears_the_event() -> None:
    events.publish(ParcelSent("P1"))
    assert OutboxEvent.objects.count() == 2
    work.drain(OUTBOX)
    assert effects() == {"told of P1", "counted P1"}


@pytest.mark.django_db
def test_a_handler_that_fails_is_retried_alone() -> None:
    events.publish(ParcelSent("P1", parts=2))
    work.drain(OUTBOX)
    assert effects() == {"told of P1"}
    waiting = OutboxEvent.objects.get(state=WorkState.READY)
    assert (waiting.handler, waiting.last_error_code) == (f"{__name__}.on_parcel_sent_too", "too_many_parts")


@pytest.mark.django_db
def test_subscribing_twice_is_subscribing_once() -> None:
    events.subscribe(ParcelSent, on_parcel_sent)
    events.publish(ParcelSent("P1"))
    assert OutboxEvent.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_event_is_published_in_the_transaction_of_its_fact_and_dies_with_it() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        events.publish(ParcelSent("P1"))
    with transaction.atomic():
        events.publish(ParcelSent("P1"))
        transaction.set_rollback(True)
    assert not OutboxEvent.objects.exists()


@pytest.mark.django_db
def test_an_event_that_carries_more_than_ids_is_refused() -> None:
    events.subscribe(Careless, on_parcel_sent)
    for body in ({"phone": "1"}, ["x"], None, 1.5):
        with pytest.raises(TypeError, match="more than ids"):
            events.publish(Careless(body))


@pytest.mark.django_db
def test_an_event_nobody_listens_to_writes_nothing() -> None:
    events.publish(Careless("O1"))
    assert not OutboxEvent.objects.exists()


@pytest.mark.django_db
def test_events_of_one_key_reach_a_handler_in_turn_and_handlers_do_not_wait_for_each_other() -> None:
    events.publish(ParcelSent("P1", parts=2))
    events.publish(ParcelSent("P1"))
    work.drain(OUTBOX)
    assert effects() == {"told of P1"}
    assert Effect.objects.count() == 2


@pytest.mark.django_db
def test_a_row_whose_handler_left_the_code_is_dead_and_not_lost() -> None:
    events.publish(ParcelSent("P1"))
    OutboxEvent.objects.update(handler="gone.on_parcel_sent")
    work.drain(OUTBOX)
    assert set(OutboxEvent.objects.values_list("state", "last_error_code")) == {(WorkState.DEAD, "unknown_handler")}


@pytest.mark.django_db
def test_the_correlation_id_goes_with_the_event() -> None:
    with correlation.bound("webhook-0001"):
        events.publish(ParcelSent("P1"))
    assert set(OutboxEvent.objects.values_list("correlation_id", flat=True)) == {"webhook-0001"}
