from kernel.models.heartbeat import Heartbeat
from kernel.models.idempotency import IdempotencyRecord
from kernel.models.inbox import DeliveryKey, InboxDelivery, Verdict
from kernel.models.notification import Notification, NotificationLevel
from kernel.models.outbox import OutboxEvent
from kernel.models.work import ErrorClass, WorkRow, WorkState

__all__ = [
    "DeliveryKey",
    "ErrorClass",
    "Heartbeat",
    "IdempotencyRecord",
    "InboxDelivery",
    "Notification",
    "NotificationLevel",
    "OutboxEvent",
    "Verdict",
    "WorkRow",
    "WorkState",
]
