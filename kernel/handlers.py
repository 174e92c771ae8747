"""The kernel's own work: events to their subscribers, deliveries to their sources, notices to people."""

from kernel import events, inbox, notifications, work
from kernel.models import InboxDelivery, Notification, OutboxEvent

work.register(OutboxEvent, events.deliver)
work.register(InboxDelivery, inbox.process)
work.register(Notification, notifications.send, transactional=False)
work.on_dead(None, notifications.tell_of_dead_letter)
