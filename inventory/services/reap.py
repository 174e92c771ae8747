"""Give back what the gate gave and nobody will ever write down: rolled-back transactions, repeated requests.

A ticket is used once. Whoever wants to give it back first uses it up in PostgreSQL with a `void` row; only if that row
is there is the stock given back, so a slow transaction that comes after finds its ticket gone and asks again.
"""

from typing import Any

import structlog
from django.db import OperationalError, connection

from inventory import stock_gate
from inventory.choices import ReservationState
from inventory.stock_gate import GateNotReady

log = structlog.get_logger()
PENDING_SECONDS, REAP_EVERY = 60, 10

VOID = """
SELECT set_config('lock_timeout', '250ms', true);
INSERT INTO inventory_reservation
    (reservation_id, warehouse_id, state, folded_state, floor, gate_epoch, gate_ticket, reason)
SELECT concat_ws('~', '', 'void', id, %(epoch)s, %(ticket)s), id, 'void', 'void', 'sellable', %(epoch)s, %(ticket)s, %(why)s
FROM inventory_warehouse WHERE code = %(warehouse)s
ON CONFLICT DO NOTHING;
"""
USED_BY = """
SELECT promise.state FROM inventory_reservation promise JOIN inventory_warehouse place ON place.id = promise.warehouse_id
WHERE place.code = %(warehouse)s AND promise.gate_epoch = %(epoch)s AND promise.gate_ticket = %(ticket)s
"""


def reap_pending(warehouse: str, epoch: int, *, older_than: int = PENDING_SECONDS) -> int:
    """Settle the gate's entries that have waited too long. Returns how many were given back."""
    gate = stock_gate.snapshot(warehouse, epoch, pending_only=True)
    old = [entry for entry in gate.pending if gate.second - entry.second >= older_than]
    return sum(settle_entry(warehouse, epoch, entry.reservation_id, entry.ticket) for entry in old)


def settle_entry(warehouse: str, epoch: int, reservation_id: str, ticket: int) -> bool:
    """Void one entry and give its stock back. One on which a reservation stands is dropped, its stock stays taken.

    Best effort: what fails is settled by the reaper a minute later. Tells whether stock was given back.
    """
    used_by = _void(warehouse, epoch, reservation_id, ticket)
    if used_by is None:
        return False
    is_void = used_by == ReservationState.VOID
    try:
        dropped = stock_gate.forget(warehouse, epoch, [(reservation_id, ticket)], give_back=is_void)
    except GateNotReady as error:
        log.info("stock_gate_give_back_failed", warehouse=warehouse, why=error.why)
        return False
    return is_void and bool(dropped)


def _void(warehouse: str, epoch: int, reservation_id: str, ticket: int) -> str | None:
    """Use the ticket up; tell what state the row has that used it. None: somebody is using it at this moment.

    On a connection of its own when the caller is in a transaction: what counts is what is committed.
    """
    values: dict[str, Any] = {"warehouse": warehouse, "epoch": epoch, "ticket": ticket, "why": reservation_id}
    own = connection.copy() if connection.in_atomic_block else connection
    try:
        with own.cursor() as cursor:
            cursor.execute(VOID, values)
            cursor.execute(USED_BY, values)
            row = cursor.fetchone()
            return row[0] if row else None
    except OperationalError:
        return None
    finally:
        if own is not connection:
            own.close()
