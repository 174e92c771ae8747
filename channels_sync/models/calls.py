from django.db import models
from django.db.models.functions import Now

from kernel.models.work import ErrorClass


class ApiCall(models.Model):
    """One request that we sent to a platform: when, how long, how it ended. Never its payload."""

    connection = models.ForeignKey("channels_sync.Connection", on_delete=models.CASCADE, related_name="calls")
    at = models.DateTimeField(db_default=Now())
    purpose = models.CharField(max_length=40)
    method = models.CharField(max_length=8)
    path = models.CharField(max_length=255)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    latency_ms = models.PositiveIntegerField(default=0)
    error_class = models.CharField(max_length=12, choices=ErrorClass.choices, blank=True, default="")
    correlation_id = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        default_permissions = ()
        indexes = (models.Index(fields=["connection", "-at", "-id"], name="call_of_connection"),)

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.status}"
