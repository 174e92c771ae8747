"""Folding: reservations into levels and ledger, against the bare aggregate UPDATE and an insert of the same entries."""

import time

from django.db import connection, transaction
from psycopg2.extras import execute_values

from bench.row import Row
from bench.stock import NUMBERS, SKUS, stocked_warehouse
from inventory.models import Reservation, Warehouse
from inventory.services.fold import fold

COUNT = 6000
FILL = """
WITH promise AS (
    INSERT INTO inventory_reservation (reservation_id, warehouse_id, state, floor, expires_at)
    SELECT 'ledger-' || %(run)s || '-' || n, %(warehouse)s, 'held', 'sellable', now() + interval '1 hour'
    FROM generate_series(1, %(count)s) AS n RETURNING id
)
INSERT INTO inventory_reservationline (reservation_id, sku_id, qty)
SELECT promise.id, sku.id, 1 FROM promise
JOIN LATERAL (
    SELECT id FROM inventory_sku WHERE code = ANY(ARRAY[
        'BENCH-' || lpad((promise.id %% %(skus)s)::text, 4, '0'),
        'BENCH-' || lpad(((promise.id + 1) %% %(skus)s)::text, 4, '0'),
        'BENCH-' || lpad(((promise.id + 2) %% %(skus)s)::text, 4, '0')])
) sku ON true
"""
READ = """
SELECT promise.id, line.sku_id, line.qty, promise.changed_at
FROM inventory_reservation promise JOIN inventory_reservationline line ON line.reservation_id = promise.id
WHERE promise.warehouse_id = %s AND NOT promise.is_folded
"""
ADD_UP = """
UPDATE inventory_stocklevel level SET reserved_qty = reserved_qty + total.qty
FROM (
    SELECT line.sku_id, sum(line.qty) AS qty
    FROM inventory_reservation promise JOIN inventory_reservationline line ON line.reservation_id = promise.id
    WHERE promise.warehouse_id = %(warehouse)s AND NOT promise.is_folded GROUP BY line.sku_id
) total WHERE level.warehouse_id = %(warehouse)s AND level.sku_id = total.sku_id
"""
WRITE = """
INSERT INTO inventory_movement (warehouse_id, sku_id, kind, reserved_delta, reservation_id, occurred_at) VALUES %s
"""


class _Bench:
    def prepare(self) -> None:
        self.warehouse: Warehouse = stocked_warehouse("BENCH-LEDGER")

    def ours(self) -> float:
        self._fill()
        started = time.perf_counter()
        assert fold(self.warehouse.pk) == COUNT
        return COUNT / (time.perf_counter() - started)

    def bare(self) -> float:
        self._fill()
        with connection.cursor() as cursor:
            cursor.execute(READ, [self.warehouse.pk])
            entries = [(self.warehouse.pk, sku, "reserve", qty, pk, at) for pk, sku, qty, at in cursor.fetchall()]
        started = time.perf_counter()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(ADD_UP, {"warehouse": self.warehouse.pk})
            execute_values(cursor.cursor, WRITE, entries, page_size=1000)
        seconds = time.perf_counter() - started
        Reservation.objects.filter(warehouse_id=self.warehouse.pk, folded_state="").update(folded_state="held")
        return COUNT / seconds

    def _fill(self) -> None:
        values = {"run": next(NUMBERS), "warehouse": self.warehouse.pk, "count": COUNT, "skus": SKUS}
        with connection.cursor() as cursor:
            cursor.execute(FILL, values)


_bench = _Bench()
ROW = Row(
    name="ledger",
    what=f"{COUNT:,} reservations of 3 lines folded into levels and ledger",
    unit="reservations/s",
    goal=0.6,
    ours=_bench.ours,
    yardstick=_bench.bare,
    yardstick_is="bare aggregate UPDATE + execute_values of the same entries",
    prepare=_bench.prepare,
)
