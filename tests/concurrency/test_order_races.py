"""Two at once on one order: exactly one of two contradicting steps happens, and the other is told so."""

import pytest

from inventory import api as inventory
from kernel.errors import BusinessError
from kernel.states import TransitionRefused
from oms.orders import api
from oms.orders.errors import FulfilmentNotLive, OrderOnHold
from oms.orders.models import FulfilmentOrder, Order
from tests.concurrency.crowds import at_once
from tests.factories.accounts import make_user
from tests.factories.orders import incoming, make_shop, receive, settle_events, stocked

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6


def waiting_order() -> Order:
    shop = make_shop(f"shop-{Order.objects.count()}")
    return receive(shop, incoming(lines=[(stocked(), 1, "900.00")]))


def packed_order() -> tuple[Order, str]:
    order = receive(make_shop(f"shop-{Order.objects.count()}"), incoming(lines=[(stocked(), 1, "59.00")]))
    fo_no = order.fulfilments.get().fo_no
    api.mark_picked(fo_no=fo_no, actor=None)
    api.mark_packed(fo_no=fo_no, actor=None)
    return order, fo_no


def ship(fo_no: str) -> object:
    return api.ship_fulfilment(fo_no=fo_no, carrier_code="SF", tracking_no="SF1234567890123", actor=None)


def test_ten_approvals_at_once_release_the_order_to_the_warehouse_once() -> None:
    supervisor = make_user("supervisor")
    order = waiting_order()
    answers = at_once([lambda: api.approve_order(order_no=order.order_no, actor=supervisor)] * 10)
    assert sum(answer is None for answer in answers) == 1
    assert all(isinstance(answer, TransitionRefused) for answer in answers if answer is not None)
    assert FulfilmentOrder.objects.count() == 1
    assert order.timeline.filter(kind="approve").count() == 1


def test_approving_and_cancelling_at_once_never_leaves_a_cancelled_order_with_the_warehouse() -> None:
    admin = make_user("admin")
    for _ in range(ROUNDS):
        order = waiting_order()
        at_once(
            [
                lambda order=order: api.approve_order(order_no=order.order_no, actor=admin),
                lambda order=order: api.cancel_order(order_no=order.order_no, actor=admin, reason="race"),
            ]
        )
        order.refresh_from_db()
        assert order.state == "cancelled"
        assert not order.fulfilments.exclude(state="cancelled").exists()
        assert inventory.get_reservation(order.reservation_id).state == "released"


def test_a_hold_and_a_shipment_at_once_are_either_held_and_here_or_gone() -> None:
    admin = make_user("admin")
    for _ in range(ROUNDS):
        order, fo_no = packed_order()
        held, shipped = at_once(
            [
                lambda order=order: api.hold_order(order_no=order.order_no, actor=admin, reason="race"),
                lambda fo_no=fo_no: ship(fo_no),
            ]
        )
        order.refresh_from_db()
        assert held is True
        if isinstance(shipped, BusinessError):
            assert isinstance(shipped, OrderOnHold)
            assert order.state == "packed"
        else:
            assert order.state == "shipped"


def test_eight_ship_scans_at_once_take_the_goods_off_the_shelf_once() -> None:
    order, fo_no = packed_order()
    answers = at_once([lambda: ship(fo_no)] * 8)
    assert sum(not isinstance(answer, BaseException) for answer in answers) == 1
    assert all(isinstance(answer, FulfilmentNotLive) for answer in answers if isinstance(answer, BaseException))
    (row,) = inventory.get_stock(["TEE-L"])
    assert (row.on_hand, row.committed) == (99, 0)
    order.refresh_from_db()
    assert order.state == "shipped"


def test_one_payment_told_by_twenty_at_once_is_recorded_once() -> None:
    order = receive(make_shop(), incoming("A1", status="unpaid", lines=[(stocked(), 2, "10.00")]))

    def pay() -> bool:
        return api.record_payment(
            order_no=order.order_no, payment_no="P1", amount=order.goods_amount, currency="CNY", method="alipay",
            paid_at=order.received_at,
        )  # fmt: skip

    assert sorted(map(bool, at_once([pay] * 20))) == [False] * 19 + [True]
    settle_events()
    order.refresh_from_db()
    assert (order.state, order.payments.count()) == ("allocated", 1)
    assert inventory.get_stock(["TEE-L"])[0].committed == 2
