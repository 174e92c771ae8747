"""One process of the `reserve-hot` row: reserves one unit of one SKU as fast as it can, our way or by one SQL statement.

Reads a number of seconds a line and answers how often it was done.
"""

import os
import sys
import time
from collections.abc import Callable

import django

HOT = "BENCH-0000"
# What a careful person would write without a gate: take it if it is there, and write the reservation, in one statement.
ONE_STATEMENT = """
WITH taken AS (
    UPDATE inventory_stocklevel SET reserved_qty = reserved_qty + 1
    WHERE warehouse_id = %(warehouse)s AND sku_id = %(sku)s
      AND on_hand_qty - reserved_qty - committed_qty - quarantine_qty - locked_qty >= 1
    RETURNING sku_id
), promise AS (
    INSERT INTO inventory_reservation (reservation_id, warehouse_id, state, folded_state, floor, body_digest, expires_at)
    SELECT %(id)s, %(warehouse)s, 'held', 'held', 'sellable', 'sql', now() + interval '15 minutes' FROM taken
    RETURNING id
)
INSERT INTO inventory_reservationline (reservation_id, sku_id, qty) SELECT promise.id, sku_id, 1 FROM promise, taken
"""


def main(way: str, warehouse: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oms.settings")
    django.setup()
    act = our_way(warehouse) if way == "ours" else one_statement(warehouse)
    act()
    print("ready", flush=True)
    for line in sys.stdin:
        count, ends = 0, time.perf_counter() + float(line)
        while time.perf_counter() < ends:
            act()
            count += 1
        print(count, flush=True)


def our_way(warehouse: str) -> Callable[[], object]:
    from inventory.api import reserve  # noqa: PLC0415  Django is set up by now

    return lambda: reserve(reservation_id=_fresh_id(), lines=[(HOT, 1)], warehouse_code=warehouse)


def one_statement(warehouse: str) -> Callable[[], object]:
    from django.db import connection  # noqa: PLC0415

    from inventory.models import StockLevel  # noqa: PLC0415

    level = StockLevel.objects.get(warehouse__code=warehouse, sku__code=HOT)

    def act() -> None:
        with connection.cursor() as cursor:
            cursor.execute(ONE_STATEMENT, {"warehouse": level.warehouse_id, "sku": level.sku_id, "id": _fresh_id()})

    return act


def _fresh_id() -> str:
    return f"hot-{os.getpid()}-{time.perf_counter_ns()}"


if __name__ == "__main__":
    main(*sys.argv[1:])
