"""How stock is, for /readyz: a closed gate or a late folder makes it slower, never wrong."""

from datetime import timedelta

from django.db.models import Min

from inventory.choices import GateMode
from inventory.models import Reservation, StockGate
from kernel.clock import now
from kernel.health import Health

LATE = timedelta(seconds=10)


def look_at_gates() -> Health:
    closed = list(StockGate.objects.exclude(mode=GateMode.OPEN).values_list("warehouse__code", flat=True))
    unfolded = Reservation.objects.filter(is_folded=False)
    oldest = unfolded.aggregate(at=Min("changed_at"))["at"]
    lag = now() - oldest if oldest else timedelta()
    words = [f"closed: {', '.join(closed)}"] if closed else []
    words += ["the folder is late"] if lag > LATE else []
    return Health(ok=not words, detail="; ".join(words), lag_seconds=round(lag.total_seconds(), 3))
