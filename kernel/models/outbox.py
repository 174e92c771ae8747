from typing import ClassVar

from django.db import models

from kernel.models.work import WorkRow


class OutboxEvent(WorkRow):
    """One event on its way to one subscriber. The payload holds ids only."""

    queue: ClassVar[str] = "events"

    event = models.CharField(max_length=160)
    handler = models.CharField(max_length=200)
    payload = models.JSONField(default=dict)

    class Meta(WorkRow.Meta):
        default_permissions = ()
