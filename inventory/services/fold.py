"""Fold promises into stock levels and ledger, and number what the gate must hear of. Run about every second.

One rule: a reservation whose `folded_state` differs from its `state` is brought up to it, in one transaction with
levels, ledger and the numbered batch for the gate. So a folder that dies at any point has done all of it or nothing, and
a batch that was not accepted yet is sent again. Reservations that somebody is just changing wait for the next round.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection, transaction

from inventory import locks, stock_gate
from inventory.choices import GateMode
from inventory.models import FoldBatch, StockFold, StockGate
from inventory.stock_gate import Code, Credit, GateNotReady
from kernel.clock import now

ROWS_PER_FOLD = 2000

DUE = """
SELECT id, reservation_id, gate_epoch, gate_ticket, changed_at FROM inventory_reservation
WHERE warehouse_id = %s AND NOT is_folded
ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
"""

HAS_WORK = """
SELECT EXISTS (SELECT 1 FROM inventory_reservation WHERE warehouse_id = %(warehouse)s AND NOT is_folded)
    OR EXISTS (SELECT 1 FROM inventory_stockcredit WHERE warehouse_id = %(warehouse)s)
    OR EXISTS (SELECT 1 FROM inventory_foldbatch WHERE warehouse_id = %(warehouse)s)
"""

LOCK_LEVELS = """
SELECT level.id FROM inventory_stocklevel level
WHERE level.warehouse_id = %s
  AND level.sku_id IN (SELECT sku_id FROM inventory_reservationline WHERE reservation_id = ANY(%s))
ORDER BY level.sku_id FOR NO KEY UPDATE
"""

# What a change of state means for a level: signs for reserved and committed. A promise that came and went between two
# folds still leaves all of its entries in the ledger.
FOLD = """
WITH step (was, becomes, turn, kind, reserved, committed) AS (VALUES
    ('', 'held', 1, 'reserve', 1, 0),
    ('', 'committed', 1, 'reserve', 1, 0), ('', 'committed', 2, 'commit', -1, 1),
    ('', 'released', 1, 'reserve', 1, 0), ('', 'released', 2, 'release', -1, 0),
    ('', 'expired', 1, 'reserve', 1, 0), ('', 'expired', 2, 'expire', -1, 0),
    ('held', 'committed', 1, 'commit', -1, 1),
    ('held', 'released', 1, 'release', -1, 0),
    ('held', 'expired', 1, 'expire', -1, 0),
    ('committed', 'released', 1, 'release', 0, -1)
), due AS (
    SELECT * FROM inventory_reservation WHERE id = ANY(%(ids)s)
), entry AS (
    SELECT due.id, due.warehouse_id, line.sku_id, step.kind, due.owner_ref, due.reason, due.changed_at,
           step.reserved * (line.qty - line.shipped_qty) AS reserved,
           step.committed * (line.qty - line.shipped_qty) AS committed
    FROM due
    JOIN step ON step.was = due.folded_state AND step.becomes = due.state
    JOIN inventory_reservationline line ON line.reservation_id = due.id
    ORDER BY due.id, step.turn, line.sku_id
), moved AS (
    INSERT INTO inventory_movement
        (warehouse_id, sku_id, kind, reserved_delta, committed_delta, reservation_id, ref, reason, occurred_at)
    SELECT warehouse_id, sku_id, kind, reserved, committed, id, owner_ref, reason, changed_at FROM entry
), levelled AS (
    UPDATE inventory_stocklevel level
    SET reserved_qty = reserved_qty + total.reserved, committed_qty = committed_qty + total.committed
    FROM (SELECT warehouse_id, sku_id, sum(reserved) AS reserved, sum(committed) AS committed
          FROM entry GROUP BY warehouse_id, sku_id) total
    WHERE level.warehouse_id = total.warehouse_id AND level.sku_id = total.sku_id
), ended AS (
    UPDATE inventory_reservationline line SET is_open = false
    FROM due WHERE line.reservation_id = due.id AND due.state NOT IN ('held', 'committed')
    RETURNING line.sku_id, line.qty - line.shipped_qty AS qty
), marked AS (
    UPDATE inventory_reservation SET folded_state = due.state FROM due WHERE inventory_reservation.id = due.id
)
SELECT sku_id, sum(qty) FROM ended GROUP BY sku_id
"""


class Due(NamedTuple):
    pk: int
    reservation_id: str
    gate_epoch: int | None
    gate_ticket: int | None
    changed_at: Any


def fold(warehouse_id: int) -> int:
    """Fold everything that is due and send the gate its batches. Returns how many reservations were folded.

    Raises GateNotReady when the gate does not take its batches; what was folded stays folded.
    """
    total = 0
    while _has_work(warehouse_id):
        with transaction.atomic():
            if not locks.try_folder(warehouse_id):
                return total
            count = _fold_once(warehouse_id)
        carry(warehouse_id)
        total += count
        if count < ROWS_PER_FOLD:
            break
    return total


def fold_all(warehouse_id: int) -> None:
    """Fold everything inside the caller's transaction, which holds the folder's lock, and tell the gate nothing."""
    while len(due := _due(warehouse_id)) == ROWS_PER_FOLD:
        fold_rows(warehouse_id, [row.pk for row in due])
    fold_rows(warehouse_id, [row.pk for row in due])


def fold_rows(warehouse_id: int, ids: Sequence[int]) -> dict[int, int]:
    """Bring levels and ledger up to these locked reservations. Returns what came free, by SKU."""
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(LOCK_LEVELS, [warehouse_id, list(ids)])
        cursor.execute(FOLD, {"ids": list(ids)})
        return {sku_id: int(qty) for sku_id, qty in cursor.fetchall()}


def carry(warehouse_id: int) -> None:
    """Send the gate its batches in order, each until it was accepted."""
    for batch in FoldBatch.objects.filter(warehouse_id=warehouse_id).select_related("warehouse"):
        given = [Credit(*row) for row in batch.payload["given"]]
        answer = stock_gate.apply(batch.warehouse.code, batch.epoch, batch.number, given, batch.payload["seen"])
        if answer == Code.GAP:
            raise GateNotReady("batch_missing")
        batch.delete()


def _has_work(warehouse_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(HAS_WORK, {"warehouse": warehouse_id})
        return bool(cursor.fetchone()[0])


def _fold_once(warehouse_id: int) -> int:
    due = _due(warehouse_id)
    free = fold_rows(warehouse_id, [row.pk for row in due])
    gate = StockGate.objects.filter(warehouse_id=warehouse_id, mode=GateMode.OPEN).first()
    if gate is not None:
        seen = [(row.reservation_id, row.gate_ticket) for row in due if row.gate_epoch == gate.epoch]
        _number_batch(gate, _with_credits(warehouse_id, free), seen)
    if due:
        _mark(warehouse_id, due)
    return len(due)


def _due(warehouse_id: int) -> list[Due]:
    with connection.cursor() as cursor:
        cursor.execute(DUE, [warehouse_id, ROWS_PER_FOLD])
        return [Due(*row) for row in cursor.fetchall()]


def _with_credits(warehouse_id: int, free: dict[int, int]) -> list[tuple[str, int, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM inventory_stockcredit WHERE warehouse_id = %s RETURNING sku_id, qty", [warehouse_id]
        )
        for sku_id, qty in cursor.fetchall():
            free[sku_id] = free.get(sku_id, 0) + qty
        cursor.execute(
            "SELECT id, code, safety_qty, (buffer_percent * 100)::int FROM inventory_sku WHERE id = ANY(%s)",
            [list(free)],
        )
        return [(code, free[pk], safety, buffer) for pk, code, safety, buffer in cursor.fetchall()]


def _number_batch(gate: StockGate, given: list[tuple[str, int, int, int]], seen: list[tuple[str, int | None]]) -> None:
    if not given and not seen:
        return
    bookmark, _new = StockFold.objects.get_or_create(warehouse_id=gate.pk)
    bookmark.last_batch += 1
    bookmark.save(update_fields=["last_batch"])
    FoldBatch.objects.create(
        warehouse_id=gate.pk,
        epoch=gate.epoch,
        number=bookmark.last_batch,
        payload={"given": given, "seen": seen},
    )


# What the column holds: some 24 days, which only history loaded at once exceeds.
LARGEST_LAG_MS = 2**31 - 1


def _mark(warehouse_id: int, due: list[Due]) -> None:
    at = now()
    lag_ms = round((at - min(row.changed_at for row in due)).total_seconds() * 1000)
    bookmark, _new = StockFold.objects.get_or_create(warehouse_id=warehouse_id)
    bookmark.folded_at, bookmark.lag_ms = at, min(max(lag_ms, 0), LARGEST_LAG_MS)
    bookmark.folded_count += len(due)
    bookmark.save(update_fields=["folded_at", "lag_ms", "folded_count"])
