"""What happened to stock, told upwards. Identifiers only."""

from dataclasses import dataclass

from kernel.events import Event


@dataclass(frozen=True)
class ReservationExpired(Event):
    """A held reservation ran out of time; its stock is free again. `owner_ref` asked for it (an order number)."""

    reservation_id: str
    owner_ref: str
