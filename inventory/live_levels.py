"""Stock levels as of this instant: what is folded, plus the promises of the last second that are not."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection

from inventory.choices import Floor

SQL = """
WITH unfolded AS (
    SELECT promise.warehouse_id, line.sku_id,
           sum((line.qty - line.shipped_qty)
               * ((promise.state = 'held')::int - (promise.folded_state = 'held')::int)) AS reserved,
           sum((line.qty - line.shipped_qty)
               * ((promise.state = 'committed')::int - (promise.folded_state = 'committed')::int)) AS committed
    FROM inventory_reservation promise JOIN inventory_reservationline line ON line.reservation_id = promise.id
    WHERE NOT promise.is_folded
    GROUP BY promise.warehouse_id, line.sku_id
)
SELECT warehouse.code, sku.id, sku.code, level.on_hand_qty,
       (level.reserved_qty + COALESCE(unfolded.reserved, 0))::bigint,
       (level.committed_qty + COALESCE(unfolded.committed, 0))::bigint,
       level.quarantine_qty, level.locked_qty, sku.safety_qty, (sku.buffer_percent * 100)::int
FROM inventory_stocklevel level
JOIN inventory_warehouse warehouse ON warehouse.id = level.warehouse_id
JOIN inventory_sku sku ON sku.id = level.sku_id
LEFT JOIN unfolded ON unfolded.warehouse_id = level.warehouse_id AND unfolded.sku_id = level.sku_id
WHERE {where}
ORDER BY sku.code, warehouse.priority, warehouse.id
"""


class LiveLevel(NamedTuple):
    """One SKU in one warehouse. `buffer` is in hundredths of a percent, as the gate has it."""

    warehouse: str
    sku_id: int
    sku: str
    on_hand: int
    reserved: int
    committed: int
    quarantine: int
    locked: int
    safety: int
    buffer: int

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved - self.committed - self.quarantine - self.locked

    @property
    def sellable(self) -> int:
        """What a checkout may still reserve: the same formula as lua/reserve.lua."""
        return max(0, (self.available - self.safety) * (10000 - self.buffer) // 10000)

    def left_above(self, floor: str) -> int:
        """How much may be taken: a checkout stops at the layers, a paid order takes whatever is free."""
        return self.sellable if floor == Floor.SELLABLE else max(0, self.available)


def read_levels(where: str, values: Sequence[Any]) -> list[LiveLevel]:
    with connection.cursor() as cursor:
        cursor.execute(SQL.format(where=where), values)
        return [LiveLevel(*row) for row in cursor.fetchall()]
