"""Stock that is really committed, for tests with threads, processes and gates; only what stock wrote is cleared after."""

from collections.abc import Iterator

import pgtrigger
import pytest
from django.db import connection

from inventory.api import rebuild_gate
from tests.factories.inventory import make_sku, make_warehouse, stock

WRITTEN = """
TRUNCATE inventory_warehouse, inventory_sku, inventory_reservation, inventory_reservationline, inventory_movement,
         inventory_stockaudit, accounts_auditentry, kernel_outboxevent CASCADE
"""


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield
        with pgtrigger.ignore(), connection.cursor() as cursor:
            cursor.execute(WRITTEN)
        connection.close()


def fill_shelf(*, qty: int = 10, skus: tuple[str, ...] = ("A", "B", "C"), is_open: bool = True) -> str:
    """WH-1 with so many of each SKU."""
    make_warehouse("WH-1")
    for code in skus:
        make_sku(code)
        stock(code, "WH-1", qty)
    if is_open:
        rebuild_gate("WH-1")
    return "WH-1"
