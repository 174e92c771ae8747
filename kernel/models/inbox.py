from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from kernel.crypto import EncryptedBytesField
from kernel.models.work import WorkRow


class Verdict(models.TextChoices):
    """What was decided at the door, before the acknowledgement."""

    ACCEPTED = "accepted", _("Accepted")
    IGNORED = "ignored", _("Ignored")
    MALFORMED = "malformed", _("Malformed")
    REFUSED = "refused", _("Refused")


class InboxDelivery(WorkRow):
    """One delivery from outside as it came: kept before it is acknowledged, processed after. Bodies are encrypted and
    kept 90 days.
    """

    queue: ClassVar[str] = "intake"

    source = models.CharField(max_length=20)
    endpoint = models.CharField(max_length=60)
    received_at = models.DateTimeField(db_default=Now())
    topic = models.CharField(max_length=120, blank=True, default="")
    delivery_key = models.CharField(max_length=160, blank=True, default="")
    verdict = models.CharField(max_length=10, choices=Verdict.choices, default=Verdict.ACCEPTED)
    refused_reason = models.CharField(max_length=255, blank=True, default="")
    remote_addr = models.GenericIPAddressField(null=True, blank=True)
    headers = models.JSONField(default=dict)
    body_bytes = models.PositiveIntegerField(default=0)
    raw_body = EncryptedBytesField(blank=True)
    result = models.JSONField(default=dict)

    class Meta(WorkRow.Meta):
        indexes: ClassVar[tuple[models.Index, ...]] = (
            *WorkRow.Meta.indexes,
            models.Index(fields=["-received_at", "-id"], name="inbox_received"),
            models.Index(fields=["source", "endpoint", "-received_at", "-id"], name="inbox_endpoint"),
            models.Index(fields=["-received_at", "-id"], name="inbox_refused", condition=Q(verdict="refused")),
        )


class DeliveryKey(models.Model):
    """That a delivery has been seen: kept for ever, so that no redelivery, however late, is processed twice."""

    source = models.CharField(max_length=20)
    endpoint = models.CharField(max_length=60)
    key = models.CharField(max_length=160)
    seen_at = models.DateTimeField(db_default=Now())
    repeats = models.PositiveIntegerField(default=0)
    repeated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=["source", "endpoint", "key"], name="delivery_once"),)

    def __str__(self) -> str:
        return f"{self.source}/{self.endpoint} {self.key}"
