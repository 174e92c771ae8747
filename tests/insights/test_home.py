"""The home page: each role sees its own numbers, each number leads to its list, and a million orders change nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel import clock
from oms.orders.api import hold_order
from oms.orders.models import Order, Shop
from tests.factories.accounts import make_user
from tests.factories.orders import incoming, make_shop, receive, settle_events, stocked
from tests.factories.reconciliation import bring, make_account
from tests.factories.warehouse import in_wave

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    shop = make_shop()
    stocked(qty=1000)
    return shop


def home(client: Client, role: str, **place: Any) -> str:
    client.force_login(make_user(role, **place))
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def figure(page: str, label: str) -> str:
    """The value that stands under a label."""
    after = page.split(f"</svg>{label}</span>")[1]
    value = after.split('figure-value num">')[1].split("</span>\n")[0]
    return "".join(part.split(">", 1)[-1] for part in value.split("<")).strip()


def test_todays_orders_are_counted_and_lead_to_their_list(client: Client, shop: Shop) -> None:
    for _number in range(3):
        receive(shop)
    with clock.at(clock.now() - timedelta(days=2)):
        receive(shop)
    page = home(client, "supervisor", shops=[shop])
    assert figure(page, "Orders in") == "3"
    assert 'href="/orders/?moment=received_today"' in page
    assert client.get("/orders/?moment=received_today").content.decode().count('id="row-O') == 3


def test_each_number_is_that_of_the_list_behind_it(client: Client, shop: Shop) -> None:
    long_ago = clock.now() - timedelta(days=2)
    for _number in range(4):
        receive(shop)
    waiting, gone, left, fresh = Order.objects.order_by("id")
    Order.objects.update(received_at=long_ago, source_paid_at=long_ago)
    Order.objects.filter(pk=waiting.pk).update(state_changed_at=long_ago)
    Order.objects.filter(pk=gone.pk).update(state="shipped", shipped_at=long_ago)
    Order.objects.filter(pk=left.pk).update(state="shipped", shipped_at=clock.now())
    Order.objects.filter(pk=fresh.pk).update(received_at=clock.now(), source_paid_at=clock.now())
    page = home(client, "supervisor", shops=[shop])
    for label, moment, order in (
        ("Orders in", "received_today", fresh),
        ("Shipped", "shipped_today", left),
        ("Stuck", "stuck", waiting),
    ):
        assert (figure(page, label), f"/orders/?moment={moment}" in page) == ("1", True)
        rows = client.get(f"/orders/?moment={moment}").content.decode()
        assert (rows.count('id="row-O'), f'id="row-{order.order_no}"' in rows) == (1, True)


def test_paid_amounts_are_summed_by_currency(client: Client, shop: Shop) -> None:
    receive(shop, incoming("1", at=clock.now()))
    receive(shop, incoming("2", at=clock.now()))
    Order.objects.filter(channel_order_no="2").update(currency="USD")
    page = home(client, "admin")
    assert "¥59.00" in page
    assert "$59.00" in page


def test_a_stuck_order_tells_why_and_what_to_do_next(client: Client, shop: Shop) -> None:
    order = receive(shop)
    hold_order(order_no=order.order_no, actor=make_user("supervisor", shops=[shop]), reason="buyer asked to wait")
    settle_events()
    Order.objects.update(state_changed_at=clock.now() - timedelta(hours=5))
    page = home(client, "supervisor", shops=[shop])
    assert figure(page, "Stuck") == "1"
    assert f"stuck-{order.order_no}" in page
    assert "Held by hand: buyer asked to wait" in page
    assert "Settle the matter, then release the hold." in page


def test_what_a_person_must_act_on_stands_above_what_only_waits_its_turn(client: Client, shop: Shop) -> None:
    waiting = receive(shop)
    held = receive(shop)
    hold_order(order_no=held.order_no, actor=make_user("supervisor", shops=[shop]), reason="wait")
    Order.objects.filter(pk=waiting.pk).update(state_changed_at=clock.now() - timedelta(hours=50))
    Order.objects.filter(pk=held.pk).update(state_changed_at=clock.now() - timedelta(hours=5))
    page = home(client, "supervisor", shops=[shop])
    assert page.index(f"stuck-{held.order_no}") < page.index(f"stuck-{waiting.order_no}")


def test_an_order_that_moved_within_four_hours_is_not_stuck(client: Client, shop: Shop) -> None:
    receive(shop)
    page = home(client, "supervisor", shops=[shop])
    assert figure(page, "Stuck") == "0"
    assert "Nothing is stuck." in page


def test_only_orders_of_shops_in_scope_are_counted(client: Client, shop: Shop) -> None:
    receive(shop)
    receive(make_shop("shop-b"))
    assert figure(home(client, "supervisor", shops=[shop]), "Orders in") == "1"
    assert figure(home(client, "admin"), "Orders in") == "2"


def test_finance_sees_money_and_no_review_work(client: Client, shop: Shop) -> None:
    receive(shop, incoming("1001"))
    bring(make_account(shop), [("1001", "payment", "58.00")])
    page = home(client, "finance")
    assert figure(page, "Open differences") == "1"
    assert "Oldest open differences" in page
    assert "Waiting for review" not in page
    assert "What is stuck" not in page


def test_an_operations_lead_sees_sums_and_no_single_order(client: Client, shop: Shop) -> None:
    order = receive(shop)
    Order.objects.update(state_changed_at=clock.now() - timedelta(hours=5))
    page = home(client, "operations_lead")
    assert figure(page, "Orders in") == "1"
    assert figure(page, "Stuck") == "1"
    assert order.order_no not in page
    assert "/orders/?" not in page


def test_an_order_in_a_wave_waits_for_no_wave(client: Client) -> None:
    in_wave(("TEE-L", 1))
    page = home(client, "admin")
    assert (figure(page, "To be waved"), figure(page, "To pick")) == ("0", "1")


def test_a_picker_sees_the_floor_and_nothing_else(client: Client, shop: Shop) -> None:
    receive(shop)
    page = home(client, "picker")
    assert "The warehouse floor" in page
    assert "Orders in" not in page
    assert "Open differences" not in page


def test_every_number_carries_its_definition(client: Client, shop: Shop) -> None:
    page = home(client, "admin")
    assert 'title="Paid orders, not shipped, in the same state for over 4 hours"' in page


def test_nobody_without_a_role_sees_a_number(client: Client, shop: Shop) -> None:
    receive(shop)
    page = home(client, "")
    assert "There is nothing for your role here." in page


def test_the_home_page_asks_the_same_number_of_questions_however_much_is_stuck(client: Client, shop: Shop) -> None:
    def questions(orders: int) -> int:
        for _number in range(orders):
            order = receive(shop, settle=False)
            hold_order(order_no=order.order_no, actor=boss, reason="wait")
        Order.objects.update(state_changed_at=clock.now() - timedelta(hours=5))
        client.get("/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/")
        return len(asked)

    boss = make_user("admin")
    client.force_login(boss)
    few = questions(2)
    assert questions(8) == few
    assert few <= 40
