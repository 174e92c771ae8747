from django.db import models


class Heartbeat(models.Model):
    """When a process that must never be silent was last heard of: the sweeper, and a worker of each queue."""

    name = models.CharField(max_length=60, unique=True)
    beat_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name} {self.beat_at:%H:%M:%S}"
