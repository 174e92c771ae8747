"""The invariants of stock as SQL: each selects one row an entry, `entry` to name it and `broken`."""

LEDGER = """
SELECT concat(sku.code, '@', place.code, ': level ', level.{column}, ', ledger ', COALESCE(total.qty, 0)) AS entry,
       level.{column} <> COALESCE(total.qty, 0) AS broken
FROM inventory_stocklevel level
JOIN inventory_sku sku ON sku.id = level.sku_id
JOIN inventory_warehouse place ON place.id = level.warehouse_id
LEFT JOIN (SELECT warehouse_id, sku_id, sum({delta}) AS qty FROM inventory_movement GROUP BY 1, 2) total
       ON total.warehouse_id = level.warehouse_id AND total.sku_id = level.sku_id
"""

PROMISED = """
SELECT concat(sku.code, '@', place.code, ': level ', level.{column}, ', reservations ', COALESCE(total.qty, 0)) AS entry,
       level.{column} <> COALESCE(total.qty, 0) AS broken
FROM inventory_stocklevel level
JOIN inventory_sku sku ON sku.id = level.sku_id
JOIN inventory_warehouse place ON place.id = level.warehouse_id
LEFT JOIN (
    SELECT promise.warehouse_id, line.sku_id, sum(line.qty - line.shipped_qty) AS qty
    FROM inventory_reservationline line JOIN inventory_reservation promise ON promise.id = line.reservation_id
    WHERE line.is_open AND promise.folded_state = '{state}'
    GROUP BY 1, 2
) total ON total.warehouse_id = level.warehouse_id AND total.sku_id = level.sku_id
"""

# More is promised than stands on the shelf. After a loss was booked that is a case for people, not a broken counter.
COVERED = """
SELECT concat(sku.code, '@', place.code, ': available ',
              level.on_hand_qty - level.reserved_qty - level.committed_qty - level.quarantine_qty - level.locked_qty
       ) AS entry,
       level.on_hand_qty < level.reserved_qty + level.committed_qty + level.quarantine_qty + level.locked_qty
       AND NOT EXISTS (
           SELECT 1 FROM inventory_movement loss
           WHERE loss.sku_id = level.sku_id AND loss.warehouse_id = level.warehouse_id
             AND loss.kind = 'adjust' AND loss.on_hand_delta < 0
       ) AS broken
FROM inventory_stocklevel level
JOIN inventory_sku sku ON sku.id = level.sku_id
JOIN inventory_warehouse place ON place.id = level.warehouse_id
"""

OVERDUE = """
SELECT concat(reservation_id, ': expired ', expires_at) AS entry,
       expires_at < clock_timestamp() - interval '1 minute' AS broken
FROM inventory_reservation WHERE state = 'held'
"""

# The hot tables carry no foreign keys; this is what they would have refused.
ORPHANED = """
SELECT concat('line ', line.id, ' of reservation ', line.reservation_id) AS entry,
       promise.id IS NULL OR level.id IS NULL AS broken
FROM inventory_reservationline line
LEFT JOIN inventory_reservation promise ON promise.id = line.reservation_id
LEFT JOIN inventory_stocklevel level ON level.warehouse_id = promise.warehouse_id AND level.sku_id = line.sku_id
WHERE line.is_open
"""

UNFOLDED = """
SELECT concat(reservation_id, ': ', state, ' since ', changed_at) AS entry,
       changed_at < clock_timestamp() - interval '10 seconds' AS broken
FROM inventory_reservation WHERE NOT is_folded
"""

CHECKS = {
    "ledger_on_hand": LEDGER.format(column="on_hand_qty", delta="on_hand_delta"),
    "ledger_reserved": LEDGER.format(column="reserved_qty", delta="reserved_delta"),
    "ledger_committed": LEDGER.format(column="committed_qty", delta="committed_delta"),
    "held_reserved": PROMISED.format(column="reserved_qty", state="held"),
    "committed_committed": PROMISED.format(column="committed_qty", state="committed"),
    "promises_covered": COVERED,
    "none_overdue": OVERDUE,
    "none_orphaned": ORPHANED,
    "all_folded": UNFOLDED,
}

# What the gate should hold: free stock, without what it has not heard of yet (credits) and what it gave to promises that
# are not folded yet. Tickets count up, so a promise above the snapshot's last ticket came after it.
GATE_SHOULD_HOLD = """
WITH credit AS (
    SELECT sku_id, sum(qty) AS qty FROM inventory_stockcredit WHERE warehouse_id = %(warehouse)s GROUP BY sku_id
), given AS (
    SELECT line.sku_id, sum(line.qty) AS qty
    FROM inventory_reservation promise JOIN inventory_reservationline line ON line.reservation_id = promise.id
    WHERE promise.warehouse_id = %(warehouse)s AND NOT promise.is_folded AND promise.folded_state = ''
      AND (promise.gate_epoch IS DISTINCT FROM %(epoch)s OR promise.gate_ticket <= %(ticket)s)
    GROUP BY line.sku_id
)
SELECT sku.code,
       level.on_hand_qty - level.reserved_qty - level.committed_qty - level.quarantine_qty - level.locked_qty
       - COALESCE(credit.qty, 0) - COALESCE(given.qty, 0)
FROM inventory_stocklevel level
JOIN inventory_sku sku ON sku.id = level.sku_id
LEFT JOIN credit ON credit.sku_id = level.sku_id
LEFT JOIN given ON given.sku_id = level.sku_id
WHERE level.warehouse_id = %(warehouse)s
UNION ALL
SELECT NULL, gate_ticket FROM inventory_reservation
WHERE warehouse_id = %(warehouse)s AND gate_epoch = %(epoch)s AND gate_ticket = ANY(%(pending)s) AND state <> 'void'
"""

SUM_UP = "SELECT count(*), count(*) FILTER (WHERE broken), min(entry) FILTER (WHERE broken) FROM ({check}) checked"
