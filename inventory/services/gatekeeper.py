"""Who says whether a warehouse sells through Redis: closes the gate at the first doubt, opens it after a loading.

Any worker may close; only the gatekeeper opens: the sweeper's round (tend.py), or `rebuild_gate` by hand.
"""

import structlog
from django.db import OperationalError, connection, transaction

from inventory import locks, stock_gate
from inventory.choices import HOLDING, GateMode
from inventory.errors import StockNotReady, UnknownWarehouse
from inventory.live_levels import read_levels
from inventory.models import FoldBatch, Reservation, StockCredit, StockFold, StockGate, Warehouse
from inventory.services.fold import fold_all
from inventory.stock_gate import Credit, GateNotReady
from kernel.clock import now

log = structlog.get_logger()

# One message, so one transaction: wait a little for the lock, then close what is still as it was seen.
CLOSE = """
SELECT set_config('lock_timeout', '1s', true);
SELECT pg_advisory_xact_lock(%(lock)s, id::int) FROM inventory_warehouse WHERE code = %(warehouse)s;
UPDATE inventory_stockgate SET mode = 'closed', epoch = epoch + 1, reason = %(why)s, changed_at = %(at)s
WHERE warehouse_id = (SELECT id FROM inventory_warehouse WHERE code = %(warehouse)s)
  AND mode = 'open' AND epoch = %(epoch)s
"""

# What this process last read, so that a reservation need not ask. A stale epoch is found out by the write.
_known_epochs: dict[str, int] = {}


def open_epoch(warehouse: str) -> int | None:
    """The epoch the gate is open with, as far as this process knows; None when it is closed."""
    known = _known_epochs.get(warehouse)
    if known is None:
        known = read_epoch(warehouse)
        if known is not None:
            _known_epochs[warehouse] = known
    return known


def read_epoch(warehouse: str) -> int | None:
    """The epoch the gate is open with, from PostgreSQL; None when it is closed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT g.mode, g.epoch FROM inventory_warehouse w LEFT JOIN inventory_stockgate g ON g.warehouse_id = w.id"
            " WHERE w.code = %s",
            [warehouse],
        )
        row = cursor.fetchone()
    if row is None:
        raise UnknownWarehouse(warehouse)
    return row[1] if row[0] == GateMode.OPEN else None


def doubt_epoch(warehouse: str) -> None:
    """Ask PostgreSQL again before the next reservation."""
    _known_epochs.pop(warehouse, None)


def close_gate(warehouse: str, *, epoch: int, why: str) -> None:
    """Close the gate if it is still open with this epoch. Waits until every reservation in flight has ended.

    Inside a transaction it works on a connection of its own: the closing must outlive the caller's rollback, and must
    not hold the others up until the caller's commit.
    """
    doubt_epoch(warehouse)
    own = connection.copy() if connection.in_atomic_block else connection
    try:
        with own.cursor() as cursor:
            cursor.execute(CLOSE, {"lock": locks.GATE, "warehouse": warehouse, "epoch": epoch, "why": why, "at": now()})
            closed = cursor.rowcount
    except OperationalError as error:
        raise StockNotReady("The gate is closing.", advice="Try again in a second.") from error
    finally:
        if own is not connection:
            own.close()
    if closed:
        log.warning("stock_gate_closed", warehouse=warehouse, epoch=epoch, why=why)


def rebuild_gate(warehouse_code: str) -> int:
    """Fold, load Redis from PostgreSQL under a new epoch, open. Returns the count of SKUs. Raises GateNotReady.

    The gate's lock is held alone meanwhile, so reservations wait; whatever fails leaves the gate as it was. Behind a
    long transaction it gives up soon, for while it waits nobody else gets past it.
    """
    try:
        return _rebuild(warehouse_code)
    except OperationalError as error:
        raise GateNotReady("busy") from error


@transaction.atomic
def _rebuild(warehouse_code: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '2s'")
    warehouse = Warehouse.objects.get(code=warehouse_code)
    locks.hold_folder(warehouse.pk)
    locks.hold_gate(warehouse.pk)
    gate, _new = StockGate.objects.select_for_update(no_key=True).get_or_create(warehouse=warehouse)
    bookmark, _new = StockFold.objects.get_or_create(warehouse=warehouse)
    _settle_the_past(warehouse.pk)
    levels = [
        Credit(level.sku, level.available, level.safety, level.buffer)
        for level in read_levels("level.warehouse_id = %s", [warehouse.pk])
    ]
    gate.mode, gate.epoch, gate.reason, gate.changed_at = GateMode.OPEN, gate.epoch + 1, "", now()
    stock_gate.load(warehouse.code, gate.epoch, bookmark.last_batch, levels)
    gate.save()
    transaction.on_commit(lambda: doubt_epoch(warehouse_code))
    log.info("stock_gate_opened", warehouse=warehouse.code, epoch=gate.epoch, skus=len(levels))
    return len(levels)


def _settle_the_past(warehouse_id: int) -> None:
    """Fold, and drop what an earlier loading should have heard: the new one is read from the result.

    A promise that somebody is changing just now stays unfolded and counts as what it was. Should one that is already
    over be left, its stock would come back twice: then the gate waits for the next round.
    """
    fold_all(warehouse_id)
    over = Reservation.objects.filter(warehouse_id=warehouse_id, is_folded=False)
    if over.exclude(state__in=HOLDING).exists():
        raise GateNotReady("busy")
    FoldBatch.objects.filter(warehouse_id=warehouse_id).delete()
    StockCredit.objects.filter(warehouse_id=warehouse_id).delete()
