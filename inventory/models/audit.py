from django.db import models
from django.db.models.functions import Now


class StockAudit(models.Model):
    """One run of the auditor: every invariant with its figure, the time, and the first entry that broke it."""

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(db_default=Now())
    is_sound = models.BooleanField()
    findings = models.JSONField(default=list)

    class Meta:
        ordering = ["-id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M} {'sound' if self.is_sound else 'broken'}"
