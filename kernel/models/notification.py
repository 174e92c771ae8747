from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.models.work import WorkRow


class NotificationLevel(models.TextChoices):
    INFO = "info", _("For information")
    WARNING = "warning", _("Warning")
    FAILURE = "failure", _("Failure")


class Notification(WorkRow):
    """Something that people must hear of: shown in the product, and sent by chat and mail where addresses are
    configured.
    """

    queue: ClassVar[str] = "outbound"

    kind = models.CharField(max_length=60)
    audience = models.CharField(max_length=40, default="operations")
    level = models.CharField(max_length=10, choices=NotificationLevel.choices, default=NotificationLevel.INFO)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True, default="")
    link = models.CharField(max_length=200, blank=True, default="")
    dedupe_key = models.CharField(max_length=160, blank=True, default="")

    class Meta(WorkRow.Meta):
        default_permissions = ()
        indexes: ClassVar[tuple[models.Index, ...]] = (
            *WorkRow.Meta.indexes,
            models.Index(fields=["audience", "-id"], name="notification_audience"),
        )
        constraints = (
            models.UniqueConstraint(fields=["dedupe_key"], name="notification_once", condition=~Q(dedupe_key="")),
        )
