from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from kernel.crypto import EncryptedJSONField
from kernel.ids import uuid7


class BreakerReason(models.TextChoices):
    """Why we stopped calling a platform."""

    NONE = "", _("Calling")
    FAILURES = "failures", _("The platform fails")
    AUTH = "auth", _("The platform refuses our token")


class Connection(models.Model):
    """How one shop reaches its platform: credentials, limits, and how well that goes.

    Breaker: after failures in a row we stop calling until `breaker_open_until`; then one worker tries, and its success
    closes the breaker. Rate limit: `next_call_at` is when the allowance is full again (a token bucket in one row), so
    that all workers together keep it.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    shop = models.OneToOneField("orders.Shop", on_delete=models.PROTECT, related_name="connection")
    platform = models.CharField(max_length=40)
    credentials = EncryptedJSONField(blank=True)
    credentials_changed_at = models.DateTimeField(db_default=Now())
    previous_secret_until = models.DateTimeField(null=True, blank=True)
    base_url = models.CharField(max_length=300, blank=True)
    options = models.JSONField(default=dict, blank=True)
    rate_per_minute = models.PositiveIntegerField(default=100)
    next_call_at = models.DateTimeField(db_default=Now())
    is_active = models.BooleanField(default=True)
    is_intake_paused = models.BooleanField(default=False)
    intake_paused_at = models.DateTimeField(null=True, blank=True)
    breaker_reason = models.CharField(max_length=12, choices=BreakerReason.choices, blank=True, default="")
    breaker_failures = models.PositiveIntegerField(default=0)
    breaker_open_until = models.DateTimeField(null=True, blank=True)
    breaker_opened_at = models.DateTimeField(null=True, blank=True)
    last_call_ok_at = models.DateTimeField(null=True, blank=True)
    last_call_failed_at = models.DateTimeField(null=True, blank=True)
    last_failure = models.CharField(max_length=255, blank=True, default="")
    # Everything that changed on the platform before this moment has been pulled.
    pulled_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("id",)
        default_permissions = ()
        permissions = (
            ("view_channel", "May see how channels do"),
            ("manage_channel", "May pause channels and change how they are reached"),
            ("view_inbox", "May see deliveries, without personal data"),
            ("view_raw_body", "May read a delivery as it came, personal data included"),
            ("replay_delivery", "May let dead letters run again"),
            ("discard_delivery", "May close dead letters for good"),
        )

    def __str__(self) -> str:
        return f"connection {self.pk} to {self.platform}"
