"""What becomes of a held reservation: deducted, released, adopted or expired. The first `WHERE state = …` wins."""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest

from inventory.choices import HOLDING, ReservationState
from inventory.contracts import ReservationView
from inventory.errors import ReservationNotFound, ReservationOver
from inventory.events import ReservationExpired
from inventory.models import Reservation
from inventory.services.promise import find_promise
from kernel.clock import now
from kernel.events import publish

HELD, COMMITTED = ReservationState.HELD, ReservationState.COMMITTED
SHIPPED, RELEASED = ReservationState.SHIPPED, ReservationState.RELEASED

EXPIRE = """
UPDATE inventory_reservation SET state = 'expired', changed_at = %(at)s
WHERE state = 'held' AND id IN (
    SELECT id FROM inventory_reservation WHERE state = 'held' AND expires_at <= %(at)s
    ORDER BY expires_at LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED
)
RETURNING reservation_id, owner_ref
"""


def commit_reservation(*, reservation_id: str) -> ReservationView:
    """Deduct for good: held becomes committed and does not expire any more. Doing it twice is doing it once."""
    _advance(reservation_id, (HELD,), state=COMMITTED, expires_at=None)
    return _require(reservation_id, {COMMITTED, SHIPPED})


def release_reservation(*, reservation_id: str, reason: str, only_held: bool = False) -> ReservationView:
    """Give the stock back. `only_held` refuses what was deducted already: a storefront cannot undo a sale.

    Without it, a reservation that is over anyway is answered as it is: there is nothing left to give back.
    """
    _advance(reservation_id, (HELD,) if only_held else HOLDING, state=RELEASED, reason=reason[:200])
    allowed = {RELEASED} if only_held else {RELEASED, ReservationState.EXPIRED}
    return _require(reservation_id, allowed)


def adopt_reservation(*, reservation_id: str, owner_ref: str, ttl_seconds: int) -> ReservationView:
    """A checkout hold becomes the hold of an order: it belongs to the order and lives at least that much longer."""
    until = Greatest(F("expires_at"), now() + timedelta(seconds=ttl_seconds))
    held = Reservation.objects.filter(reservation_id=reservation_id, state=HELD)
    held.update(owner_ref=owner_ref, expires_at=until)
    Reservation.objects.filter(reservation_id=reservation_id, state=COMMITTED, owner_ref="").update(owner_ref=owner_ref)
    return _require(reservation_id, {HELD, COMMITTED})


def expire_due(limit: int = 500) -> int:
    """Let go what was held too long, and tell whoever asked for it. Returns how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(EXPIRE, {"at": now(), "limit": limit})
        expired = cursor.fetchall()
        for reservation_id, owner_ref in expired:
            publish(ReservationExpired(reservation_id=reservation_id, owner_ref=owner_ref))
    return len(expired)


def _advance(reservation_id: str, sources: tuple[str, ...], **changes: object) -> None:
    rows = Reservation.objects.filter(reservation_id=reservation_id, state__in=sources)
    rows.update(changed_at=now(), **changes)


def _require(reservation_id: str, allowed: set[ReservationState]) -> ReservationView:
    written = find_promise(reservation_id)
    if written is None:
        raise ReservationNotFound(f"There is no reservation {reservation_id}.", reservation_id=reservation_id)
    if written.view.state not in allowed:
        raise ReservationOver(reservation_id, written.view.state)
    return written.view
