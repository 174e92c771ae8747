"""Telling the apps above what happened. An event is published in the transaction of its fact and carries ids only.

    @dataclass(frozen=True)
    class OrderShipped(Event):              # <app>/events.py, past tense
        order_no: str
        fo_no: str

    events.publish(OrderShipped(order_no=..., fo_no=...))       # in the service that made it true
    events.subscribe(OrderShipped, on_order_shipped)            # <app>/handlers.py, found at start

One row is written per subscriber, so a handler that fails is retried alone. A handler runs in a savepoint and at least
once.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, TypeVar

from django.db import connection, transaction

from kernel import clock, work
from kernel.models import OutboxEvent

KEPT = timedelta(days=30)
PURGED_AT_ONCE = 10_000

AnyEvent = TypeVar("AnyEvent", bound="Event")


@dataclass(frozen=True)
class Event:
    """Something that happened. Subclasses are frozen dataclasses of ids (text or whole numbers)."""

    @property
    def ordering_key(self) -> str:
        """Events with the same key reach each handler in turn; "" means in any order."""
        return ""


_events: dict[str, type[Event]] = {}
_handlers: dict[str, Callable[[Any], None]] = {}
_subscribers: dict[str, list[str]] = {}


def subscribe(event: type[AnyEvent], handler: Callable[[AnyEvent], None]) -> None:
    """Call `handler(event)` after each such event has committed. Subscribing it again changes nothing."""
    name, path = _name(event), f"{handler.__module__}.{handler.__qualname__}"
    _events[name] = event
    _handlers[path] = handler
    paths = _subscribers.setdefault(name, [])
    if path not in paths:
        paths.append(path)


def publish(event: Event) -> None:
    """Write the event for each of its subscribers, in the caller's transaction, and ring when that has committed."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an event is published in the transaction of its fact")
    payload = asdict(event)
    if not all(isinstance(value, str | int) for value in payload.values()):
        raise TypeError(f"{type(event).__name__} carries more than ids")
    name = _name(type(event))
    paths = _subscribers.get(name, [])
    if not paths:
        return
    OutboxEvent.objects.bulk_create(
        OutboxEvent(
            event=name,
            handler=path,
            payload=payload,
            ordering_key=f"{path}|{event.ordering_key}"[-160:] if event.ordering_key else "",
        )
        for path in paths
    )
    work.ring(OutboxEvent)


def deliver(row: OutboxEvent) -> None:
    """Call one subscriber with one event. A handler that is gone from the code makes the row dead, not lost."""
    handler, event = _handlers.get(row.handler), _events.get(row.event)
    if handler is None or event is None:
        raise work.Dead("unknown_handler", f"{row.handler} does not listen to {row.event} any more", "schema")
    handler(event(**row.payload))


def purge() -> int:
    """Forget delivered events older than 30 days, so that the table stays small."""
    delivered = OutboxEvent.objects.filter(state=work.WorkState.DONE, created_at__lt=clock.now() - KEPT)
    old = list(delivered.order_by("pk").values_list("pk", flat=True)[:PURGED_AT_ONCE])
    return OutboxEvent.objects.filter(pk__in=old).delete()[0]


def _name(event: type[Event]) -> str:
    return f"{event.__module__}.{event.__qualname__}"
