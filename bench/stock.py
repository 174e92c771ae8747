"""Stock for the reserve rows: warehouses of 1,000 SKUs with an open gate, and the bare way to reserve in them."""

import itertools
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import psycopg2
import redis
from django.conf import settings
from django.db import connection

from inventory import stock_gate
from inventory.models import Sku, StockLevel, Warehouse
from inventory.services.gatekeeper import read_epoch, rebuild_gate
from kernel.clock import now

SKUS = 1000
PLENTY = 100_000_000
NUMBERS = itertools.count(time.time_ns())

# What `inventory.api.reserve` must make durable, with nothing around it: the reservation and its lines, one statement.
INSERT = """
WITH promise AS (
    INSERT INTO inventory_reservation
        (reservation_id, warehouse_id, state, floor, gate_epoch, gate_ticket, body_digest, expires_at)
    VALUES (%s, %s, 'held', 'sellable', %s, %s, 'bare', %s) RETURNING id
)
INSERT INTO inventory_reservationline (reservation_id, sku_id, qty)
SELECT promise.id, line.sku, line.qty FROM promise, (VALUES {lines}) AS line (sku, qty)
"""


def sku_code(number: int) -> str:
    return f"BENCH-{number % SKUS:04}"


def stocked_warehouse(code: str) -> Warehouse:
    """An open warehouse with plenty of every SKU. Stock is written straight into the levels: nothing here is audited."""
    place, _new = Warehouse.objects.get_or_create(code=code, defaults={"name": code, "is_active": False})
    Sku.objects.bulk_create((Sku(code=sku_code(n), name="bench") for n in range(SKUS)), ignore_conflicts=True)
    skus = Sku.objects.filter(code__startswith="BENCH-")
    levels = (StockLevel(warehouse=place, sku=sku, on_hand_qty=PLENTY) for sku in skus)
    StockLevel.objects.bulk_create(levels, ignore_conflicts=True)
    rebuild_gate(code)
    return place


def three_lines() -> list[tuple[str, int]]:
    number = next(NUMBERS)
    return [(sku_code(number), 1), (sku_code(number + 1), 2), (sku_code(number + 2), 1)]


def per_second(act: Callable[[], object], *, threads: int = 1, seconds: float = 2.0) -> float:
    """How often `act` is done in a second by so many threads."""
    counts = [0] * threads
    ends = time.perf_counter() + seconds

    def run(slot: int) -> None:
        try:
            while time.perf_counter() < ends:
                act()
                counts[slot] += 1
        finally:
            if threads > 1:
                connection.close()

    started = time.perf_counter()
    if threads == 1:
        run(0)
    else:
        crowd = [threading.Thread(target=run, args=(slot,)) for slot in range(threads)]
        for one in crowd:
            one.start()
        for one in crowd:
            one.join()
    return sum(counts) / (time.perf_counter() - started)


class BareStock:
    """EVALSHA of the same script, one INSERT, one commit: what nobody can do with less."""

    def __init__(self, warehouse: str) -> None:
        self.code = warehouse
        self.local = threading.local()
        self.redis = redis.Redis.from_url(settings.STOCK_REDIS_URL)
        epoch = read_epoch(warehouse) or 0
        database = connection.settings_dict["NAME"]
        self.sha = stock_gate._sha_of("reserve", database, warehouse, epoch)
        self.keys = stock_gate._keys(warehouse)
        self.warehouse_id = Warehouse.objects.get(code=warehouse).pk
        self.sku_ids = dict(Sku.objects.filter(code__startswith="BENCH-").values_list("code", "pk"))

    def evalsha(self) -> None:
        self._take(three_lines())

    def reserve(self) -> None:
        lines = three_lines()
        reservation_id, epoch, ticket = self._take(lines)
        values = [reservation_id, self.warehouse_id, epoch, ticket, now() + timedelta(minutes=15)]
        for sku, qty in lines:
            values += [self.sku_ids[sku], qty]
        cursor = self._cursor()
        cursor.execute(INSERT.format(lines="(%s, %s), (%s, %s), (%s, %s)"), values)
        cursor.connection.commit()

    def _take(self, lines: list[tuple[str, int]]) -> tuple[str, int, int]:
        reservation_id = f"bare-{next(NUMBERS)}"
        flat = [part for line in lines for part in line]
        answer = self.redis.evalsha(self.sha, 4, *self.keys, reservation_id, "sellable", *flat)
        return reservation_id, answer[1], answer[2]

    def _cursor(self) -> "psycopg2.extensions.cursor":
        if not hasattr(self.local, "cursor"):
            base = connection.settings_dict
            line = psycopg2.connect(
                host=base["HOST"], port=base["PORT"], user=base["USER"], password=base["PASSWORD"], dbname=base["NAME"]
            )
            self.local.cursor = line.cursor()
        return self.local.cursor
