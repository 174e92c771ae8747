"""Releasing holds: who may release what, what is told when a hold stays, and in whose language."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from kernel.states import TransitionRefused
from oms.orders import api
from oms.orders.choices import HoldCode
from oms.orders.contracts import IncomingReceiver
from oms.orders.explain import explain
from oms.orders.models import BulkItem, Order
from oms.orders.selectors import get_order
from oms.orders.services.bulk import start_bulk
from oms.orders.services.holds import place_hold
from tests.factories.accounts import make_user
from tests.factories.inventory import stock
from tests.factories.orders import incoming, make_shop, receive, settle_events, stocked

pytestmark = pytest.mark.django_db

TEMPORARY = IncomingReceiver(name="王", phone="13812345678", province="浙江省", city="杭州市", address="临时板房 3 号")


@pytest.fixture
def shop():
    made = make_shop()
    stocked(qty=3)
    return made


def page_of(person, order: Order) -> str:
    client = Client()
    client.force_login(person)
    return client.get(reverse("orders:detail", args=[order.order_no])).content.decode()


def act(person, order: Order, action: str) -> str:
    """The page that a person reads after acting on an order."""
    client = Client()
    client.force_login(person)
    answer = client.post(reverse("orders:act", args=[order.order_no, action]), {"reason": "已联系"}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def release_row(person) -> BulkItem:
    start_bulk(action="clear", orders=Order.objects.all(), actor=person, reason="再试", selection="all")
    settle_events()
    return BulkItem.objects.get()


def test_a_rules_hold_is_not_released_by_customer_service_who_is_told_on_the_page(shop) -> None:
    order = receive(shop, incoming(receiver=TEMPORARY))
    person = make_user("customer_service", shops=[shop], locale="zh-hans")
    page = page_of(person, order)
    assert "/release/" not in page
    assert "只有审单员可以解挂" in page
    assert "只有审单员可以解挂" in act(person, order, "release")
    order.refresh_from_db()
    assert order.is_held
    assert order.transition_failures.get().code == "ST-4092"


def test_customer_service_releases_a_hold_by_hand_and_the_order_goes_to_the_reviewer(shop) -> None:
    order = receive(shop, settle=False)
    person = make_user("customer_service", shops=[shop], locale="en")
    api.hold_order(order_no=order.order_no, actor=person, reason="buyer called")
    settle_events()
    assert "Released; a reviewer decides now." in act(person, order, "release")
    order.refresh_from_db()
    assert (order.state, order.is_held) == ("in_review", False)
    api.approve_order(order_no=order.order_no, actor=make_user("reviewer", shops=[shop]))
    order.refresh_from_db()
    assert order.state == "allocated"


def test_of_several_holds_one_releases_ones_own_and_the_rest_stays(shop) -> None:
    order = receive(shop, incoming(receiver=TEMPORARY))
    person = make_user("customer_service", shops=[shop])
    api.hold_order(order_no=order.order_no, actor=person, reason="buyer called")
    result = api.release_holds(order_no=order.order_no, actor=person, reason="settled")
    assert result.released == (HoldCode.MANUAL,)
    assert [(still.hold, still.role) for still in result.still_held] == [(HoldCode.RULE, "reviewer")]


def test_a_hold_whose_rule_asks_for_a_supervisor_is_a_supervisors_to_release(shop) -> None:
    order = receive(shop, incoming(lines=[("TEE-L", 1, "900.00")]))
    place_hold(order, HoldCode.RULE, source="order_above_500", evidence={"role": "supervisor"})
    with pytest.raises(TransitionRefused):
        api.release_holds(order_no=order.order_no, actor=make_user("reviewer", shops=[shop]), reason="?")
    api.release_holds(order_no=order.order_no, actor=make_user("supervisor", shops=[shop]), reason="ok")
    order.refresh_from_db()
    assert not order.is_held


def test_releasing_an_order_that_is_still_short_says_which_article_and_how_many(shop) -> None:
    order = receive(shop, incoming(lines=[("TEE-L", 5, "10.00")]))
    stock("TEE-L", "WH-SH", 1)
    person = make_user("reviewer", shops=[shop], locale="zh-hans")
    said = "仍然缺货：TEE-L 还差 4 件，可售 1 件。"
    page = act(person, order, "release")
    assert f"未能解挂。 {said}" in page
    assert "尝试解挂，仍然挂起" in page
    entry = order.timeline.get(kind="release_failed")
    assert (entry.actor, entry.data["sku"], entry.data["missing"]) == (person, "TEE-L", 4)
    row = release_row(person)
    assert (row.result_code, row.result_detail) == ("still_stock_short", said)


def test_releasing_an_order_that_is_still_not_matched_says_what_is_unknown(shop) -> None:
    order = receive(shop, incoming(lines=[("WHAT", 1, "1.00")]))
    person = make_user("reviewer", shops=[shop], locale="en")
    assert "Not released. Still not matched: no article of ours is known for WHAT." in act(person, order, "release")
    assert release_row(person).result_code == "still_unmatched"


def test_a_bulk_refusal_is_told_with_its_advice_in_the_readers_language(shop) -> None:
    receive(shop, incoming(receiver=TEMPORARY))
    person = make_user("supervisor", shops=[shop], locale="zh-hans")
    start_bulk(action="approve", orders=Order.objects.all(), actor=person, reason="", selection="all")
    settle_events()
    row = BulkItem.objects.get()
    assert (row.result_code, row.result_detail) == ("ST-4095", "订单已挂起：审单规则。 请先解挂。")


def test_refused_steps_and_the_timeline_are_told_in_the_readers_language(shop) -> None:
    order = receive(shop, incoming(lines=[("TEE-L", 1, "900.00")]))
    act(make_user("reviewer", shops=[shop], locale="en"), order, "approve")
    reader = make_user("supervisor", shops=[shop], locale="zh-hans")
    client = Client()
    client.force_login(reader)
    for page in (client.get(reverse("orders:transition_failures")).content.decode(), page_of(reader, order)):
        assert "此订单的“审核通过”须由其他角色操作。" in page
        assert "ST-4092" in page
        assert "supervisor&#x27;s approval" not in page


def test_what_an_error_says_is_in_the_readers_language_and_english_for_machines(shop) -> None:
    client = Client()
    client.force_login(make_user("admin", locale="zh-hans"))
    assert "没有订单 NOPE。" in client.get("/orders/NOPE/").content.decode()
    assert client.get("/api/v1/orders/NOPE/").json()["detail"] == "There is no order NOPE."


def test_the_timeline_names_fields_and_warehouses(shop) -> None:
    order = receive(shop, incoming("A1"))
    receive(shop, incoming("A1", status="shipped", minutes=3, source_shipped_at=order.received_at))
    page = page_of(make_user("admin", locale="zh-hans"), order)
    assert "平台发货时间" in page
    assert "source_shipped_at" not in page
    assert f"仓库: {order.warehouse.name}" in page
    assert "平台状态 已发货" in page


def test_the_queue_shows_a_reviewer_what_a_reviewer_may_decide_and_everything_on_demand(shop) -> None:
    mine = receive(shop, incoming(receiver=TEMPORARY))
    not_mine = receive(shop, incoming(lines=[("TEE-L", 1, "900.00")]))
    client = Client()
    client.force_login(make_user("reviewer", shops=[shop]))
    page = client.get(reverse("orders:review")).content.decode()
    assert mine.order_no in page
    assert not_mine.order_no not in page
    page = client.get(reverse("orders:review"), {"whose": "everybody"}).content.decode()
    assert not_mine.order_no in page
    assert "Only a supervisor may approve it, after checking it." in page


def test_the_reason_of_a_hold_by_hand_is_told_once(shop) -> None:
    order = receive(shop)
    person = make_user("reviewer", shops=[shop])
    api.hold_order(order_no=order.order_no, actor=person, reason="buyer called")
    told = explain(get_order(person, order.order_no))
    assert told is not None
    with translation.override("en"):
        assert (told.evidence, "buyer called" in told.reason) == ("", True)


def test_an_order_waits_for_a_reviewer_since_its_last_hold_was_released(shop) -> None:
    order = receive(shop, settle=False)
    person = make_user("customer_service", shops=[shop])
    api.hold_order(order_no=order.order_no, actor=person, reason="buyer called")
    settle_events()
    api.release_holds(order_no=order.order_no, actor=person, reason="settled")
    told = explain(get_order(person, order.order_no))
    assert told is not None
    assert told.since == order.holds.get().cleared_at
