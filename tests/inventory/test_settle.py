from datetime import timedelta

import pytest
from django.db import transaction

from inventory.api import (
    InsufficientStock,
    ReservationNotFound,
    ReservationOver,
    StockWouldGoNegative,
    adopt_reservation,
    audit_stock,
    commit_reservation,
    expire_due,
    get_reservation,
    get_reservations,
    get_stock,
    move_reservation,
    release_reservation,
    reserve,
    set_stock,
    ship_reservation,
)
from inventory.models import Movement, Reservation
from kernel.clock import now
from kernel.errors import InvalidInput
from tests.factories.inventory import make_warehouse, stock
from tests.inventory.committed import really_committed
from tests.inventory.folding import fold_all

pytestmark = really_committed


def figures(sku: str = "A", warehouse: str = "WH-1") -> tuple[int, int, int, int]:
    (row,) = get_stock([sku], warehouse)
    return row.on_hand, row.reserved, row.committed, row.available


def let_expire(reservation_id: str) -> None:
    Reservation.objects.filter(reservation_id=reservation_id).update(expires_at=now() - timedelta(seconds=1))


@pytest.mark.parametrize("fold_between", [False, True])
def test_the_life_of_a_reservation_moves_stock_from_shelf_to_buyer(any_shelf: str, fold_between: bool) -> None:
    def pause() -> None:
        if fold_between:
            fold_all()

    reserve(reservation_id="r1", lines=[("A", 4)], warehouse_code=any_shelf)
    pause()
    assert figures() == (10, 4, 0, 6)
    commit_reservation(reservation_id="r1")
    pause()
    assert figures() == (10, 0, 4, 6)
    ship_reservation(reservation_id="r1", lines=[("A", 1)], ref="PKG-1")
    pause()
    assert figures() == (9, 0, 3, 6)
    assert ship_reservation(reservation_id="r1").state == "shipped"
    assert figures() == (6, 0, 0, 6)
    fold_all()
    assert figures() == (6, 0, 0, 6)
    kinds = list(Movement.objects.filter(sku__code="A").order_by("id").values_list("kind", flat=True))
    assert kinds == ["adjust", "reserve", "commit", "ship", "ship"]
    assert audit_stock().is_sound


def test_every_act_twice_is_the_act_once(any_shelf: str) -> None:
    reserve(reservation_id="r1", lines=[("A", 4)], warehouse_code=any_shelf)
    reserve(reservation_id="r2", lines=[("A", 1)], warehouse_code=any_shelf)
    for _twice in range(2):
        commit_reservation(reservation_id="r1")
        release_reservation(reservation_id="r2", reason="cancelled")
        fold_all()
    ship_reservation(reservation_id="r1")
    ship_reservation(reservation_id="r1")
    assert figures() == (6, 0, 0, 6)
    assert audit_stock().is_sound


def test_released_stock_can_be_sold_again(any_shelf: str) -> None:
    reserve(reservation_id="r1", lines=[("A", 10)], warehouse_code=any_shelf)
    release_reservation(reservation_id="r1", reason="cancelled", only_held=True)
    fold_all()
    reserve(reservation_id="r2", lines=[("A", 10)], warehouse_code=any_shelf)


def test_a_paid_order_that_is_cancelled_gives_back_what_was_committed(any_shelf: str) -> None:
    reserve(reservation_id="r1", lines=[("A", 10)], warehouse_code=any_shelf)
    commit_reservation(reservation_id="r1")
    fold_all()
    with pytest.raises(ReservationOver) as refusal:
        release_reservation(reservation_id="r1", reason="storefront", only_held=True)
    assert refusal.value.code == "reservation_committed"
    release_reservation(reservation_id="r1", reason="cancelled")
    fold_all()
    assert figures() == (10, 0, 0, 10)
    reserve(reservation_id="r2", lines=[("A", 10)], warehouse_code=any_shelf)


def test_what_is_over_cannot_be_committed(any_shelf: str) -> None:
    reserve(reservation_id="r1", lines=[("A", 1)], warehouse_code=any_shelf)
    release_reservation(reservation_id="r1", reason="cancelled")
    with pytest.raises(ReservationOver) as refusal:
        commit_reservation(reservation_id="r1")
    assert (refusal.value.code, refusal.value.status) == ("reservation_released", 409)
    with pytest.raises(ReservationNotFound):
        commit_reservation(reservation_id="nobody")


def test_time_runs_out_once_and_payment_after_it_is_told(any_shelf: str) -> None:
    reserve(reservation_id="late", lines=[("A", 3)], warehouse_code=any_shelf, owner_ref="O1")
    reserve(reservation_id="paid", lines=[("A", 2)], warehouse_code=any_shelf)
    commit_reservation(reservation_id="paid")
    let_expire("late")
    let_expire("paid")
    assert (expire_due(), expire_due()) == (1, 0)
    fold_all()
    assert figures() == (10, 0, 2, 8)
    with pytest.raises(ReservationOver) as refusal:
        commit_reservation(reservation_id="late")
    assert refusal.value.code == "reservation_expired"


def test_a_checkout_hold_becomes_the_hold_of_an_order(any_shelf: str) -> None:
    held = reserve(reservation_id="r1", lines=[("A", 3)], warehouse_code=any_shelf, ttl_seconds=60)
    adopted = adopt_reservation(reservation_id="r1", owner_ref="O1", ttl_seconds=1800)
    assert adopted.expires_at > held.expires_at
    assert [one.reservation_id for one in get_reservations("O1")] == ["r1"]


def test_a_promise_moves_to_another_warehouse_and_back(any_shelf: str) -> None:
    make_warehouse("WH-2")
    stock("A", "WH-2", 5)
    reserve(reservation_id="r1", lines=[("A", 4)], warehouse_code=any_shelf, owner_ref="O1")
    commit_reservation(reservation_id="r1")
    moved = move_reservation(reservation_id="r1", to_warehouse="WH-2")
    assert (moved.reservation_id, moved.state, moved.warehouse) == ("r1", "committed", "WH-2")
    assert (figures("A", any_shelf), figures("A", "WH-2")) == ((10, 0, 0, 10), (5, 0, 4, 1))
    move_reservation(reservation_id="r1", to_warehouse=any_shelf)
    fold_all()
    assert (figures("A", any_shelf), figures("A", "WH-2")) == ((10, 0, 4, 6), (5, 0, 0, 5))
    assert audit_stock().is_sound
    reserve(reservation_id="r2", lines=[("A", 6)], warehouse_code=any_shelf)


def test_a_promise_stays_where_it_is_when_the_other_warehouse_is_short(any_shelf: str) -> None:
    make_warehouse("WH-2")
    stock("A", "WH-2", 3)
    reserve(reservation_id="r1", lines=[("A", 4)], warehouse_code=any_shelf)
    with transaction.atomic(), pytest.raises(InsufficientStock):
        move_reservation(reservation_id="r1", to_warehouse="WH-2")
    assert get_reservation("r1").warehouse == any_shelf
    assert (figures("A", any_shelf), figures("A", "WH-2")) == ((10, 4, 0, 6), (3, 0, 0, 3))


def test_the_shelf_never_goes_below_zero(any_shelf: str) -> None:
    reserve(reservation_id="r1", lines=[("A", 4)], warehouse_code=any_shelf)
    commit_reservation(reservation_id="r1")
    set_stock(sku_code="A", warehouse_code=any_shelf, qty=1, reason="three are broken")
    with pytest.raises(StockWouldGoNegative):
        ship_reservation(reservation_id="r1")
    assert figures() == (1, 0, 4, -3)
    with pytest.raises(StockWouldGoNegative):
        set_stock(sku_code="A", warehouse_code=any_shelf, qty=-1, reason="typo")


def test_no_more_ships_than_was_reserved(any_shelf: str) -> None:
    reserve(reservation_id="r1", lines=[("A", 4)], warehouse_code=any_shelf)
    with pytest.raises(ReservationOver):
        ship_reservation(reservation_id="r1")
    commit_reservation(reservation_id="r1")
    for lines in ([("A", 5)], [("B", 1)]):
        with pytest.raises(InvalidInput):
            ship_reservation(reservation_id="r1", lines=lines)
