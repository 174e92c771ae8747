"""Stock that is really committed, for tests with threads, processes and gates."""

from collections.abc import Iterator

import pgtrigger
import pytest
from django.db import connection
from django.test import TransactionTestCase

from inventory.api import rebuild_gate
from tests.factories.inventory import make_sku, make_warehouse, stock

really_committed = pytest.mark.django_db(transaction=True)
WRITTEN = """
TRUNCATE inventory_warehouse, inventory_sku, inventory_reservation, inventory_reservationline, inventory_movement,
         inventory_stockaudit, accounts_auditentry, kernel_outboxevent CASCADE
"""


@pytest.fixture
def committed(transactional_db: None) -> Iterator[None]:
    """For tests under the mark above: only what stock wrote is emptied after them, a tenth of emptying every table."""
    yield
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute(WRITTEN)
    empty_everything = TransactionTestCase._fixture_teardown

    def skip_once(_case: TransactionTestCase) -> None:
        TransactionTestCase._fixture_teardown = empty_everything

    TransactionTestCase._fixture_teardown = skip_once


def fill_shelf(*, qty: int = 10, skus: tuple[str, ...] = ("A", "B", "C"), is_open: bool = True) -> str:
    """WH-1 with so many of each SKU."""
    make_warehouse("WH-1")
    for code in skus:
        make_sku(code)
        stock(code, "WH-1", qty)
    if is_open:
        rebuild_gate("WH-1")
    return "WH-1"
