"""Move a promise to another warehouse, all of it, in one transaction."""

from dataclasses import replace

from django.db import transaction

from inventory.choices import HOLDING, Floor, ReservationState
from inventory.contracts import ReservationView
from inventory.errors import ReservationOver
from inventory.models import Reservation
from inventory.services.promise import Wish, find_promise
from inventory.services.reserve import keep_wish_in
from inventory.services.ship import lock_promise, open_lines
from kernel.clock import now


@transaction.atomic
def move_reservation(*, reservation_id: str, to_warehouse: str) -> ReservationView:
    """Promise the same lines elsewhere and release the old place. Short there: nothing changes, InsufficientStock.

    The old row keeps the history under `<id>~<row>`; the id goes on with the new one.
    """
    promise = lock_promise(reservation_id)
    written = find_promise(reservation_id)
    lines = open_lines(promise)
    if promise.state not in HOLDING or written is None or any(line.shipped_qty for line in lines):
        raise ReservationOver(reservation_id, promise.state)
    if written.view.warehouse == to_warehouse:
        return written.view
    Reservation.objects.filter(pk=promise.pk).update(
        reservation_id=f"{reservation_id}~{promise.pk}",
        state=ReservationState.RELEASED,
        reason=f"moved to {to_warehouse}",
        changed_at=now(),
    )
    wish = Wish(
        reservation_id=reservation_id,
        demand=tuple(sorted((line.sku.code, line.qty) for line in lines)),
        floor=Floor.PAID if promise.state == ReservationState.COMMITTED else promise.floor,
        state=promise.state,
        owner_ref=promise.owner_ref,
        digest=promise.body_digest,
        expires_at=promise.expires_at,
    )
    return replace(keep_wish_in(to_warehouse, wish), is_new=False)
