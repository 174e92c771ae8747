"""The kernel's own work: events to their subscribers, deliveries to their sources, notices to people, old rows out."""

from kernel import events, idempotency, inbox, inbox_store, notifications, work
from kernel.models import InboxDelivery, Notification, OutboxEvent
from kernel.sweeps import register_sweep

HOUR = 3600.0

work.register(OutboxEvent, events.deliver)
work.register(InboxDelivery, inbox.process)
work.register(Notification, notifications.send, transactional=False)
work.on_dead(None, notifications.tell_of_dead_letter)

register_sweep("purge_bodies", HOUR, inbox_store.purge_bodies)
register_sweep("purge_idempotency_keys", HOUR, idempotency.purge)
register_sweep("purge_events", HOUR, events.purge)
