"""Emptying a platform's message queue: its messages go into the inbox, and only when they are committed there are they
confirmed. Unconfirmed ones come again, and are duplicates then.
"""

from typing import cast

from django.db import transaction

from channels_sync.connectors.base import QueueClient, QueueMessage
from channels_sync.connectors.registry import connectors
from channels_sync.models import Connection
from channels_sync.services.platform import calling
from kernel import inbox

BATCH = 100


def queue_connections() -> list[Connection]:
    """The connections whose platform keeps its news in a queue."""
    queued = [name for name, connector in connectors().items() if connector.intake == "queue"]
    rows = Connection.objects.select_related("shop").filter(platform__in=queued, is_active=True, shop__is_active=True)
    return list(rows.exclude(base_url="").order_by("id"))


def consume_messages(connection: Connection) -> int:
    """One round: take messages, keep them, confirm them. Answers how many there were."""
    with calling(connection, "consume_messages") as client:
        queue = cast(QueueClient, client)
        messages = queue.consume_messages(BATCH)
        if messages:
            _keep(connection, list(messages))
            queue.confirm_messages([message.message_id for message in messages])
    return len(messages)


def _keep(connection: Connection, messages: list[QueueMessage]) -> None:
    connector = connectors()[connection.platform]
    with transaction.atomic():
        for message in messages:
            found = connector.identify({}, message.body)
            is_known = connector.classify(found.topic) != "unknown"
            ignored = "" if is_known else f"nobody listens to the topic {found.topic}"
            identity = inbox.Identity(found.delivery_key, found.topic, found.order_id, ignored)
            inbox.put("shop", connection.shop.code, identity, message.body, {})
