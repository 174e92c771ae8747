from decimal import Decimal

import pytest

from inventory import api as inventory
from kernel.states import TransitionRefused
from oms.orders import api
from oms.orders.contracts import IncomingBuyer, IncomingReceiver
from oms.orders.errors import NothingToRelease
from oms.orders.explain import explain
from oms.orders.models import BulkRun, Order
from oms.orders.selectors import get_order
from oms.orders.services.bulk import progress, retry_failed, start_bulk
from tests.factories.accounts import make_user
from tests.factories.inventory import make_sku, stock
from tests.factories.orders import incoming, make_shop, receive, settle_events, stocked

pytestmark = pytest.mark.django_db

TEMPORARY = IncomingReceiver(name="王", phone="13812345678", province="浙江省", city="杭州市", address="临时板房 3 号")


def test_a_temporary_address_is_held_and_goes_on_by_itself_once_released() -> None:
    shop = make_shop()
    stocked()
    order = receive(shop, incoming(receiver=TEMPORARY))
    assert (order.state, order.is_held) == ("in_review", True)
    api.release_holds(order_no=order.order_no, actor=make_user("reviewer", shops=[shop]), reason="买家已确认")
    order.refresh_from_db()
    assert (order.state, order.is_held) == ("allocated", False)


def test_an_order_above_500_waits_for_a_supervisor() -> None:
    shop = make_shop()
    stocked()
    order = receive(shop, incoming(lines=[("TEE-L", 1, "500.01")]))
    assert (order.state, order.review_role, order.is_held) == ("in_review", "supervisor", False)
    with pytest.raises(TransitionRefused) as refused:
        api.approve_order(order_no=order.order_no, actor=make_user("reviewer", shops=[shop]))
    assert refused.value.code == "ST-4092"
    api.approve_order(order_no=order.order_no, actor=make_user("supervisor", shops=[shop]))
    order.refresh_from_db()
    assert order.state == "allocated"


def test_the_fourth_order_from_one_ip_within_an_hour_is_held_as_a_risk() -> None:
    shop = make_shop()
    stocked()
    orders = [receive(shop, incoming(f"IP{n}", buyer=IncomingBuyer(token=f"b{n}", ip="203.0.113.7"))) for n in range(4)]
    assert [order.is_held for order in orders] == [False, False, False, True]
    assert orders[3].tags == ["risk"]


def test_an_order_is_not_approved_while_it_is_held() -> None:
    shop = make_shop()
    stocked()
    order = receive(shop, incoming(receiver=TEMPORARY))
    with pytest.raises(TransitionRefused) as refused:
        api.approve_order(order_no=order.order_no, actor=make_user("admin"))
    assert refused.value.code == "ST-4095"


def test_stock_that_arrives_lets_a_short_order_go_on() -> None:
    shop, sku = make_shop(), stocked(qty=1)
    order = receive(shop, incoming(lines=[(sku, 5, "10.00")]))
    reviewer = make_user("reviewer", shops=[shop])
    api.release_holds(order_no=order.order_no, actor=reviewer, reason="再试")
    order.refresh_from_db()
    assert order.is_held
    stock(sku, "WH-SH", 9)
    api.release_holds(order_no=order.order_no, actor=reviewer, reason="到货")
    order.refresh_from_db()
    assert (order.state, order.is_held) == ("allocated", False)
    assert inventory.get_stock([sku])[0].committed == 5


def test_an_article_made_known_lets_its_order_go_on() -> None:
    shop = make_shop()
    order = receive(shop, incoming(lines=[("NEW-1", 1, "10.00")]))
    make_sku("NEW-1")
    stock("NEW-1", "WH-SH", 5)
    api.release_holds(order_no=order.order_no, actor=make_user("admin"), reason="已建档")
    order.refresh_from_db()
    assert (order.state, order.lines.get().sku.code) == ("allocated", "NEW-1")


def test_releasing_what_is_not_held_says_so() -> None:
    shop = make_shop()
    stocked()
    order = receive(shop)
    with pytest.raises(NothingToRelease):
        api.release_holds(order_no=order.order_no, actor=make_user("admin"), reason="?")


@pytest.mark.parametrize(
    ("changes", "code", "owner"),
    [
        ({"status": "unpaid"}, "pending_payment", "Buyer"),
        ({"receiver": TEMPORARY}, "RULE", "Reviewer"),
        ({"lines": [("TEE-L", 1, "900.00")]}, "in_review", "Supervisor"),
        ({"lines": [("TEE-L", 500, "0.10")]}, "STOCK_SHORT", "Purchasing"),
        ({"lines": [("WHAT", 1, "1.00")]}, "UNMATCHED", "Product data"),
        ({"refund_status": "requested"}, "REFUND", "Customer service"),
        ({"status": "paid_hold"}, "PLATFORM_HOLD", "Platform"),
        ({}, "allocated", "Warehouse"),
    ],
)
def test_every_waiting_order_says_why_and_whose_turn_it_is(changes: dict, code: str, owner: str, settings) -> None:
    settings.LANGUAGE_CODE = "en"
    shop = make_shop()
    stocked()
    order = receive(shop, incoming(**changes))
    told = explain(get_order(make_user("admin"), order.order_no))
    assert told is not None
    assert (told.code, told.owner) == (code, owner)
    assert told.reason
    assert told.next_step


def test_a_bulk_run_gives_each_order_its_own_result() -> None:
    shop = make_shop()
    stocked()
    held = receive(shop, incoming(receiver=TEMPORARY))
    good = [receive(shop, incoming(lines=[("TEE-L", 1, "600.00")])) for _ in range(2)]
    supervisor = make_user("supervisor", shops=[shop])
    run = start_bulk(
        action="approve", orders=Order.objects.filter(state="in_review"), actor=supervisor, reason="", selection="all"
    )
    settle_events()
    assert progress(run) == {"done": 2, "refused": 1, "failed": 0, "waiting": 0}
    assert run.items.get(order=held).result_code == "ST-4095"
    assert held.transition_failures.get().code == "ST-4095"
    for order in good:
        order.refresh_from_db()
        assert order.state == "allocated"


def test_only_the_failed_rows_of_a_bulk_run_are_tried_again() -> None:
    shop = make_shop()
    stocked()
    order = receive(shop, incoming(receiver=TEMPORARY, lines=[("TEE-L", 1, "600.00")]))
    supervisor = make_user("supervisor", shops=[shop])
    run = start_bulk(action="approve", orders=Order.objects.all(), actor=supervisor, reason="", selection="all")
    settle_events()
    api.release_holds(order_no=order.order_no, actor=supervisor, reason="ok")
    assert retry_failed(run=run, actor=supervisor) == 1
    settle_events()
    assert progress(run)["done"] == 1
    assert BulkRun.objects.get().total == 1


def test_a_payment_is_recorded_once_and_another_amount_under_its_number_is_a_conflict() -> None:
    shop = make_shop()
    stocked()
    order = receive(shop, incoming("A1", status="unpaid"))
    pay = {
        "order_no": order.order_no,
        "payment_no": "P1",
        "currency": "CNY",
        "method": "alipay",
        "paid_at": order.received_at,
    }
    assert api.record_payment(amount=Decimal("59.00"), **pay) is True
    assert api.record_payment(amount=Decimal("59.00"), **pay) is False
    with pytest.raises(api.PaymentConflict):
        api.record_payment(amount=Decimal("58.00"), **pay)
    order.refresh_from_db()
    assert (order.state, order.paid_amount) == ("paid", Decimal("59"))


def test_a_part_payment_waits_for_the_rest() -> None:
    shop = make_shop()
    stocked()
    order = receive(shop, incoming("A1", status="unpaid"))
    pay = {"order_no": order.order_no, "currency": "CNY", "method": "bank", "paid_at": order.received_at}
    api.record_payment(payment_no="P1", amount=Decimal("20.00"), **pay)
    order.refresh_from_db()
    assert (order.state, order.payment_state) == ("pending_payment", "partly_paid")
    api.record_payment(payment_no="P2", amount=Decimal("39.00"), **pay)
    order.refresh_from_db()
    assert (order.state, order.payment_state) == ("paid", "paid")
