"""Races on stock that other systems have lost. Each runs through the gate and, where Redis is away, through PostgreSQL."""

import random
from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction

from inventory import stock_gate
from inventory.api import (
    InsufficientStock,
    ReservationOver,
    audit_stock,
    commit_reservation,
    expire_due,
    get_reservation,
    get_stock,
    release_reservation,
    reserve,
    set_stock,
    ship_reservation,
)
from inventory.models import Movement, Reservation
from inventory.services.gatekeeper import read_epoch, rebuild_gate
from inventory.services.tend import reap_stock, tend_stock
from kernel.clock import now
from tests.concurrency.crowds import at_once
from tests.inventory.committed import committed, fill_shelf, really_committed
from tests.inventory.folding import fold_all

__all__ = ["committed"]
pytestmark = [really_committed, pytest.mark.usefixtures("committed")]
both_ways = pytest.mark.parametrize("is_open", [True, False], ids=["through the gate", "through PostgreSQL"])


def kinds(results: list[object]) -> Counter[str]:
    return Counter(type(result).__name__ for result in results)


def assert_sound() -> None:
    report = audit_stock()
    assert report.is_sound, [finding for finding in report.findings if not finding.is_sound]


def reserve_and_roll_back() -> None:
    """The gate says yes, then the caller's transaction fails."""
    with transaction.atomic():
        reserve(reservation_id="r1", lines=[("A", 10)], warehouse_code="WH-1")
        transaction.set_rollback(True)


@both_ways
def test_64_threads_on_100_units_sell_exactly_100(is_open: bool) -> None:
    fill_shelf(qty=100, skus=("A",), is_open=is_open)

    def buy_until_sold_out(buyer: int) -> int:
        for bought in range(100):
            try:
                reserve(reservation_id=f"{buyer}-{bought}", lines=[("A", 1)], warehouse_code="WH-1")
            except InsufficientStock:
                return bought
        return 100

    sold = at_once(partial(buy_until_sold_out, buyer) for buyer in range(64))
    assert sum(sold) == 100
    (row,) = get_stock(["A"], "WH-1")
    assert (row.on_hand, row.reserved, row.available) == (100, 100, 0)
    tend_stock()
    assert_sound()


@both_ways
def test_two_checkouts_on_the_last_unit_make_one_sale(is_open: bool) -> None:
    fill_shelf(qty=1, skus=("A",), is_open=is_open)
    results = at_once(
        partial(reserve, reservation_id=f"r{buyer}", lines=[("A", 1)], warehouse_code="WH-1") for buyer in range(2)
    )
    assert kinds(results) == {"ReservationView": 1, "InsufficientStock": 1}


@both_ways
def test_the_same_request_20_times_at_once_is_one_reservation(is_open: bool) -> None:
    fill_shelf(qty=10, skus=("A",), is_open=is_open)
    act = partial(reserve, reservation_id="r1", lines=[("A", 2)], warehouse_code="WH-1")
    results = at_once([act] * 20)
    assert kinds(results) == {"ReservationView": 20}
    assert sum(result.is_new for result in results) == 1
    assert get_stock(["A"], "WH-1")[0].reserved == 2
    fold_all()
    reserve(reservation_id="r2", lines=[("A", 8)], warehouse_code="WH-1")
    fold_all()
    assert_sound()


@both_ways
def test_one_id_with_two_bodies_at_once_takes_one_of_them(is_open: bool) -> None:
    fill_shelf(is_open=is_open)
    bodies = [[("A", 1)], [("B", 1)]] * 4
    results = at_once(
        partial(reserve, reservation_id="r1", lines=lines, warehouse_code="WH-1", ttl_seconds=60) for lines in bodies
    )
    assert kinds(results) == {"ReservationView": 4, "ReservationMismatch": 4}
    assert len({result.lines for result in results if not isinstance(result, Exception)}) == 1


@both_ways
def test_orders_that_name_their_skus_in_opposite_order_do_not_deadlock(is_open: bool) -> None:
    fill_shelf(qty=1000, is_open=is_open)

    def order(buyer: int) -> None:
        lines = [("A", 1), ("B", 1), ("C", 1)]
        random.Random(buyer).shuffle(lines)
        for number in range(10):
            reserve(reservation_id=f"{buyer}-{number}", lines=lines, warehouse_code="WH-1")
            commit_reservation(reservation_id=f"{buyer}-{number}")
            ship_reservation(reservation_id=f"{buyer}-{number}")

    def keep_folding() -> None:
        for _round in range(30):
            fold_all()

    results = at_once([keep_folding, *(partial(order, buyer) for buyer in range(8))])
    assert results == [None] * 9
    fold_all()
    assert {row.on_hand for row in get_stock(warehouse="WH-1")} == {920}
    assert_sound()


@both_ways
def test_expiry_racing_payment_has_one_winner(is_open: bool) -> None:
    fill_shelf(qty=100, skus=("A",), is_open=is_open)
    ids = [f"r{number}" for number in range(20)]
    for reservation_id in ids:
        reserve(reservation_id=reservation_id, lines=[("A", 1)], warehouse_code="WH-1")
    Reservation.objects.update(expires_at=now() - timedelta(seconds=1))
    results = at_once([*(partial(commit_reservation, reservation_id=one) for one in ids), expire_due, expire_due])
    paid = [result for result in results if getattr(result, "state", "") == "committed"]
    refused = [result for result in results if isinstance(result, ReservationOver)]
    assert len(paid) + len(refused) == 20
    (row,) = get_stock(["A"], "WH-1")
    assert (row.reserved, row.committed) == (0, len(paid))
    fold_all()
    assert_sound()


@both_ways
def test_commit_and_release_racing_have_one_winner(is_open: bool) -> None:
    fill_shelf(qty=10, skus=("A",), is_open=is_open)
    reserve(reservation_id="r1", lines=[("A", 10)], warehouse_code="WH-1")
    at_once(
        [
            partial(commit_reservation, reservation_id="r1"),
            partial(release_reservation, reservation_id="r1", reason="cancel", only_held=True),
            fold_all,
        ]
    )
    fold_all()
    (row,) = get_stock(["A"], "WH-1")
    assert (row.reserved, row.committed) == ((0, 10) if get_reservation("r1").state == "committed" else (0, 0))
    assert_sound()


def test_a_transaction_that_rolls_back_gives_its_stock_back_after_the_reaper() -> None:
    fill_shelf(qty=10, skus=("A",))
    reserve_and_roll_back()
    assert get_reservation("r1") is None
    with pytest.raises(InsufficientStock):
        reserve(reservation_id="r2", lines=[("A", 1)], warehouse_code="WH-1")
    assert reap_stock() == 0, "an entry is left alone for a minute"
    assert reap_stock(older_than=0) == 1
    reserve(reservation_id="r2", lines=[("A", 10)], warehouse_code="WH-1")
    fold_all()
    assert_sound()


def test_a_rolled_back_request_can_be_made_again_at_once() -> None:
    fill_shelf(qty=10, skus=("A",))
    reserve_and_roll_back()
    assert reserve(reservation_id="r1", lines=[("A", 10)], warehouse_code="WH-1").is_new
    assert reap_stock(older_than=0) == 0
    fold_all()
    assert_sound()


def test_a_slow_transaction_cannot_use_a_ticket_that_was_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reaper comes between the gate's answer and our insert: we find our ticket void and take another."""
    fill_shelf(qty=10, skus=("A",))
    real, calls = stock_gate.reserve, []

    def reserve_slowly(*args: object) -> stock_gate.Reply:
        reply = real(*args)
        if not calls:
            assert reap_stock(older_than=0) == 1
        calls.append(reply.ticket)
        return reply

    monkeypatch.setattr(stock_gate, "reserve", reserve_slowly)
    reserve(reservation_id="r1", lines=[("A", 10)], warehouse_code="WH-1")
    assert len(set(calls)) == 2
    fold_all()
    assert_sound()
    with pytest.raises(InsufficientStock):
        reserve(reservation_id="r2", lines=[("A", 1)], warehouse_code="WH-1")


def test_the_folder_sees_nothing_of_an_open_transaction() -> None:
    fill_shelf(qty=10, skus=("A",))
    with transaction.atomic():
        reserve(reservation_id="r1", lines=[("A", 4)], warehouse_code="WH-1")
        assert at_once([tend_stock]) == [0]
        assert [entry.reservation_id for entry in stock_gate.snapshot("WH-1", read_epoch("WH-1")).pending] == ["r1"]
    assert tend_stock() == 1
    assert stock_gate.snapshot("WH-1", read_epoch("WH-1")).pending == ()
    assert_sound()


def test_folding_by_many_at_once_counts_everything_once() -> None:
    fill_shelf(qty=1000, skus=("A",))
    for number in range(200):
        reserve(reservation_id=f"r{number}", lines=[("A", 1)], warehouse_code="WH-1")
    for number in range(0, 200, 2):
        release_reservation(reservation_id=f"r{number}", reason="cancelled")
    at_once([fold_all] * 6)
    fold_all()
    assert Movement.objects.filter(kind="reserve").count() == 200
    assert Movement.objects.filter(kind="release").count() == 100
    assert_sound()
    reserve(reservation_id="rest", lines=[("A", 900)], warehouse_code="WH-1")


def test_lowering_stock_while_it_is_sold_never_sells_what_was_taken_away() -> None:
    fill_shelf(qty=50, skus=("A",))

    def buy(buyer: int) -> object:
        return reserve(reservation_id=f"r{buyer}", lines=[("A", 1)], warehouse_code="WH-1")

    def lose_twenty() -> None:
        set_stock(sku_code="A", warehouse_code="WH-1", qty=30, reason="lost")

    results = at_once([lose_twenty, *(partial(buy, buyer) for buyer in range(30))])
    sold = sum(type(result).__name__ == "ReservationView" for result in results)
    (row,) = get_stock(["A"], "WH-1")
    assert (row.on_hand, row.reserved, row.available) == (30, sold, 30 - sold)
    assert sold == 30
    rebuild_gate("WH-1")
    assert_sound()
