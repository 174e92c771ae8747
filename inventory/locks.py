"""The two advisory locks of stock, one pair a warehouse, held until the transaction ends.

Every reservation holds the gate's lock shared; closing and opening the gate hold it alone. The folder's lock keeps
folding, batching, loading and auditing one at a time. Whoever needs both takes the folder's lock first; level rows come
last, by SKU id.
"""

from django.db import connection

GATE, FOLDER = 7301, 7302


def hold_gate_shared(warehouse_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [GATE, warehouse_id])


def hold_gate(warehouse_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [GATE, warehouse_id])


def hold_folder(warehouse_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [FOLDER, warehouse_id])


def try_folder(warehouse_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [FOLDER, warehouse_id])
        return bool(cursor.fetchone()[0])
