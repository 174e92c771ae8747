"""Signs of life of the processes that must never be silent."""

from datetime import timedelta

from kernel import clock
from kernel.models import Heartbeat

SWEEPER = "sweeper"


def beat(name: str) -> None:
    """`name` is alive now."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, beat_at=clock.now())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["beat_at"],
    )


def silence(name: str) -> timedelta | None:
    """How long `name` has been silent; None when it was never heard."""
    last = Heartbeat.objects.filter(name=name).values_list("beat_at", flat=True).first()
    return None if last is None else clock.now() - last
