"""Write a promise of stock down, and find what was promised: the SQL under `reserve`.

Written by hand, because this is the hottest path of the house: a reservation costs one call of the gate and one round
trip here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import connection

from inventory.choices import Floor, ReservationState
from inventory.contracts import ReservationView, ReservedLine
from inventory.errors import ReservationMismatch

# A function of the database (migration 0002): lock, look at the gate, write, in one message and without planning.
WRITE = "SELECT inventory_write_promise(%s, %s, %s, %s, %s, %s, %s, %s, %s::timestamptz, %s::text[], %s::bigint[])"

FIND = """
SELECT r.reservation_id, r.state, w.code, r.expires_at, r.owner_ref, r.body_digest, r.gate_epoch, r.gate_ticket,
       array_agg(s.code ORDER BY s.code), array_agg(l.qty ORDER BY s.code), array_agg(l.shipped_qty ORDER BY s.code)
FROM inventory_reservation r
JOIN inventory_warehouse w ON w.id = r.warehouse_id
JOIN inventory_reservationline l ON l.reservation_id = r.id
JOIN inventory_sku s ON s.id = l.sku_id
WHERE {where}
GROUP BY r.id, w.code
ORDER BY r.id
"""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a caller wants to be promised: each SKU once, in order of its code."""

    reservation_id: str
    demand: tuple[tuple[str, int], ...]
    floor: str = Floor.SELLABLE.value
    state: str = ReservationState.HELD.value
    owner_ref: str = ""
    digest: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A promise as it stands in PostgreSQL, with the gate's entry that it stands on."""

    view: ReservationView
    digest: str
    entry: tuple[str, int | None, int | None]


def digest_of(demand: Sequence[tuple[str, int]], warehouse: str | None, ttl_seconds: int | None) -> str:
    """What makes two requests the same: the summed lines, the warehouse asked for, the lifetime asked for."""
    body = repr((demand, warehouse or "", ttl_seconds or 0))
    return sha256(body.encode()).hexdigest()[:32]


def write_promise(wish: Wish, *, warehouse: str, epoch: int | None = None, ticket: int | None = None) -> bool:
    """Insert it if the gate is open with this epoch, or closed for one without. False: not so, or id or ticket is used."""
    # Texts as PostgreSQL writes them: the driver's own adaptation of lists and times costs more than the rest of this.
    skus = ",".join(_quoted(sku) for sku, _qty in wish.demand)
    quantities = ",".join(str(qty) for _sku, qty in wish.demand)
    expires_at = wish.expires_at.isoformat() if wish.expires_at else None
    values = (
        *(warehouse, epoch, ticket, wish.reservation_id, wish.state, wish.floor),
        *(wish.owner_ref, wish.digest, expires_at, f"{{{skus}}}", f"{{{quantities}}}"),
    )
    with connection.cursor() as cursor:
        cursor.execute(WRITE, values)
        return bool(cursor.fetchone()[0])


def _quoted(text: str) -> str:
    """An element of an array literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def view_of(wish: Wish, warehouse: str) -> ReservationView:
    """The answer to a wish that has just been written."""
    lines = tuple(ReservedLine(sku, qty) for sku, qty in wish.demand)
    return ReservationView(
        wish.reservation_id, str(wish.state), warehouse, wish.expires_at, lines, wish.owner_ref, is_new=True
    )


def find_written(where: str, values: Sequence[Any]) -> list[Written]:
    with connection.cursor() as cursor:
        cursor.execute(FIND.format(where=where), values)
        return [_written(row) for row in cursor.fetchall()]


def find_promise(reservation_id: str) -> Written | None:
    found = find_written("r.reservation_id = %s", [reservation_id])
    return found[0] if found else None


def same_promise(written: Written, wish: Wish) -> ReservationView:
    """The answer to a repeated request: as it was, if the request is the same."""
    if written.digest != wish.digest:
        raise ReservationMismatch(
            f"Reservation {wish.reservation_id} exists with another body.",
            advice="Use a new reservation id for another request.",
            reservation_id=wish.reservation_id,
        )
    return replace(written.view, is_new=False)


def _written(row: tuple[Any, ...]) -> Written:
    reservation_id, state, warehouse, expires_at, owner_ref, digest, epoch, ticket, *columns = row
    lines = tuple(ReservedLine(*line) for line in zip(*columns, strict=True))
    view = ReservationView(reservation_id, state, warehouse, expires_at, lines, owner_ref)
    return Written(view, digest, (warehouse, epoch, ticket))
