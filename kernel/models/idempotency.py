from django.db import models
from django.db.models.functions import Now


class IdempotencyRecord(models.Model):
    """The answer to a request that came with an idempotency key: given again to the same request for 7 days."""

    route = models.CharField(max_length=100)
    caller = models.CharField(max_length=80)
    key = models.CharField(max_length=160)
    body_digest = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now(), db_index=True)

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=["caller", "route", "key"], name="idempotency_once"),)

    def __str__(self) -> str:
        return f"{self.route} {self.key}"
