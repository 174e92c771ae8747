from datetime import timedelta

import pytest
from django.db import transaction

from inventory.api import (
    InsufficientStock,
    ReservationMismatch,
    UnknownSku,
    UnknownWarehouse,
    get_reservation,
    get_stock,
    reserve,
    reserve_and_commit,
)
from inventory.models import Reservation, Sku, StockLevel
from kernel.clock import now
from kernel.errors import InvalidInput
from tests.factories.inventory import make_sku, make_warehouse, stock
from tests.inventory.committed import really_committed
from tests.inventory.folding import fold_all

pytestmark = really_committed


def available(sku: str, warehouse: str = "WH-1") -> int:
    (row,) = get_stock([sku], warehouse)
    return row.available


def test_a_reservation_takes_all_its_lines_and_tells_until_when(any_shelf: str) -> None:
    answer = reserve(reservation_id="r1", lines=[("B", 2), ("A", 3)], warehouse_code=any_shelf, ttl_seconds=60)
    assert (answer.state, answer.warehouse, answer.is_new) == ("held", any_shelf, True)
    assert [(line.sku_code, line.qty) for line in answer.lines] == [("A", 3), ("B", 2)]
    assert timedelta(seconds=50) < answer.expires_at - now() <= timedelta(seconds=60)
    assert (available("A"), available("B")) == (7, 8)


def test_the_promise_is_seen_before_it_is_folded_and_touches_no_level_row(any_shelf: str) -> None:
    reserve(reservation_id="r1", lines=[("A", 3)], warehouse_code=any_shelf)
    assert StockLevel.objects.get(sku__code="A").reserved_qty == 0
    (row,) = get_stock(["A"], any_shelf)
    assert (row.on_hand, row.reserved, row.available) == (10, 3, 7)


def test_the_same_sku_twice_is_summed_before_the_check(any_shelf: str) -> None:
    with pytest.raises(InsufficientStock) as refusal:
        reserve(reservation_id="r1", lines=[("A", 6), ("A", 6)], warehouse_code=any_shelf)
    assert (refusal.value.sku, refusal.value.left) == ("A", 10)
    answer = reserve(reservation_id="r2", lines=[("A", 5), ("A", 5)], warehouse_code=any_shelf)
    assert [(line.sku_code, line.qty) for line in answer.lines] == [("A", 10)]


def test_one_short_line_takes_nothing_of_the_others(any_shelf: str) -> None:
    with pytest.raises(InsufficientStock) as refusal:
        reserve(reservation_id="r1", lines=[("A", 1), ("B", 11), ("C", 1)], warehouse_code=any_shelf)
    assert refusal.value.sku == "B"
    assert (available("A"), available("B"), available("C")) == (10, 10, 10)
    assert get_reservation("r1") is None
    reserve(reservation_id="r2", lines=[("A", 10), ("B", 10), ("C", 10)], warehouse_code=any_shelf)


def test_the_same_request_again_gets_the_same_answer(any_shelf: str) -> None:
    first = reserve(reservation_id="r1", lines=[("A", 1), ("A", 1)], warehouse_code=any_shelf, ttl_seconds=90)
    for _again in range(2):
        again = reserve(reservation_id="r1", lines=[("A", 2)], warehouse_code=any_shelf, ttl_seconds=90)
        assert (again.is_new, again.expires_at, again.lines) == (False, first.expires_at, first.lines)
        fold_all()
    assert available("A") == 8
    reserve(reservation_id="r2", lines=[("A", 8)], warehouse_code=any_shelf)


def test_a_repeated_request_is_answered_though_nothing_is_left(any_shelf: str) -> None:
    reserve(reservation_id="r1", lines=[("A", 10)], warehouse_code=any_shelf)
    fold_all()
    assert not reserve(reservation_id="r1", lines=[("A", 10)], warehouse_code=any_shelf).is_new


def test_the_same_id_with_another_body_is_refused(any_shelf: str) -> None:
    reserve(reservation_id="r1", lines=[("A", 1)], warehouse_code=any_shelf)
    for lines in ([("A", 2)], [("B", 1)]):
        with pytest.raises(ReservationMismatch):
            reserve(reservation_id="r1", lines=lines, warehouse_code=any_shelf)
    fold_all()
    with pytest.raises(ReservationMismatch):
        reserve(reservation_id="r1", lines=[("A", 2)], warehouse_code=any_shelf)
    assert available("A") == 9


def test_an_unknown_sku_is_told_apart_from_an_empty_shelf(any_shelf: str) -> None:
    make_sku("NEVER-HERE")
    with pytest.raises(UnknownSku) as refusal:
        reserve(reservation_id="r1", lines=[("A", 1), ("NOPE", 1)], warehouse_code=any_shelf)
    assert refusal.value.skus == ["NOPE"]
    with pytest.raises(InsufficientStock):
        reserve(reservation_id="r1", lines=[("NEVER-HERE", 1)], warehouse_code=any_shelf)


def test_an_unknown_warehouse_is_told(shelf: str) -> None:
    with pytest.raises(UnknownWarehouse):
        reserve(reservation_id="r1", lines=[("A", 1)], warehouse_code="NOWHERE")


@pytest.mark.parametrize("lines", [[], [("A", 0)], [("A", -1)], [("A", 10**12)]])
def test_a_request_that_makes_no_sense_is_refused(shelf: str, lines: list[tuple[str, int]]) -> None:
    with pytest.raises(InvalidInput):
        reserve(reservation_id="r1", lines=lines, warehouse_code=shelf)


def test_the_first_warehouse_that_has_it_all_is_taken(any_shelf: str) -> None:
    make_warehouse("WH-2")
    stock("A", "WH-2", 50)
    answer = reserve(reservation_id="r1", lines=[("A", 20)], warehouses=[any_shelf, "WH-2"])
    assert answer.warehouse == "WH-2"
    assert available("A", any_shelf) == 10


def test_a_checkout_stops_at_buffer_and_safety_stock_and_a_paid_order_does_not(any_shelf: str) -> None:
    make_sku("D", safety_qty=2, buffer_percent=10)
    stock("D", any_shelf, 12)
    with pytest.raises(InsufficientStock) as refusal:
        reserve(reservation_id="r1", lines=[("D", 10)], warehouse_code=any_shelf)
    assert refusal.value.left == 9  # floor((12 - 2) * 0.9)
    assert get_stock(["D"], any_shelf)[0].sellable == 9
    paid = reserve_and_commit(reservation_id="r2", lines=[("D", 12)], warehouse_code=any_shelf)
    assert (paid.state, paid.expires_at) == ("committed", None)
    assert available("D") == 0


def test_a_refusal_leaves_the_callers_transaction_usable(any_shelf: str) -> None:
    with transaction.atomic():
        with pytest.raises(InsufficientStock):
            reserve(reservation_id="r1", lines=[("A", 99)], warehouse_code=any_shelf)
        Sku.objects.create(code="WRITTEN-AFTER", name="x")
        reserve(reservation_id="r2", lines=[("A", 1)], warehouse_code=any_shelf)
    assert Sku.objects.filter(code="WRITTEN-AFTER").exists()
    assert Reservation.objects.filter(reservation_id="r2").exists()


@pytest.mark.parametrize("code", ['He said "hi"', "back\\slash", "{curly},comma", "杯子 红", "NULL", "it's", "%s"])
def test_any_sku_code_is_reserved_as_it_is_written(any_shelf: str, code: str) -> None:
    make_sku(code)
    stock(code, any_shelf, 2)
    answer = reserve(reservation_id="r1", lines=[(code, 2)], warehouse_code=any_shelf)
    assert [(line.sku_code, line.qty) for line in answer.lines] == [(code, 2)]
    assert available(code) == 0
    assert get_reservation("r1").lines == answer.lines
