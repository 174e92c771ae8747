"""Orders that are fetched instead of sent: message queues, hints and pulled windows, all through the one inbox."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from channels_sync.models import Connection, OrderFetch
from channels_sync.services.consume import consume_messages
from channels_sync.services.pull import pull_orders
from channels_sync.simulator import book
from channels_sync.simulator.faults import Fault
from channels_sync.simulator.server import Server
from kernel import clock, work
from kernel.models import InboxDelivery
from oms.orders.models import Order
from tests.factories.channels import make_connection, post, signed, sim_shop

pytestmark = pytest.mark.django_db
Drain = Callable[[str], Any]
PLATFORMS = ["generic", "shopify", "taobao", "woocommerce"]


def test_a_taobao_message_brings_its_trade(server: Server, drain: Drain) -> None:
    connection = make_connection("taobao", server=server)
    order = server.platform.life.place(sim_shop(connection), is_paid=True)
    assert consume_messages(connection) == 2
    assert server.platform.book.waiting_messages("demo") == 0, "confirmed"
    drain("inbox")
    assert OrderFetch.objects.count() == 1, "two hints for one order are one fetch"
    drain("fetches")
    drain("inbox")
    stored = Order.objects.get()
    assert (stored.channel_order_no, stored.platform_status) == (order.order_id, "WAIT_SELLER_SEND_GOODS")
    topics = InboxDelivery.objects.order_by("id").values_list("topic", flat=True)
    assert list(topics) == ["taobao_trade_TradeCreate", "taobao_trade_TradeBuyerPay", "pulled"]


def test_messages_are_confirmed_only_after_they_are_kept(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "REDELIVER_AFTER", timedelta(0))
    connection = make_connection("taobao", server=server)
    server.platform.life.place(sim_shop(connection))
    server.platform.faults.add("demo", Fault("drop_before", match="messages.confirm"))
    with pytest.raises(work.Retry):
        consume_messages(connection)
    assert InboxDelivery.objects.count() == 1
    assert server.platform.book.waiting_messages("demo") == 1
    assert consume_messages(connection) == 1, "it comes again"
    assert InboxDelivery.objects.count() == 1, "and is known"
    assert server.platform.book.waiting_messages("demo") == 0


@pytest.mark.django_db(transaction=True)
def test_the_consumer_command_empties_the_queue(server: Server) -> None:
    connection = make_connection("taobao", server=server)
    for _ in range(3):
        server.platform.life.place(sim_shop(connection))
    call_command("consume_messages", once=True)
    assert InboxDelivery.objects.count() == 3


def test_a_hint_in_a_webhook_fetches_the_order(server: Server, client: Client, drain: Drain) -> None:
    connection = make_connection("shopify", server=server)
    order = server.platform.life.place(sim_shop(connection), is_paid=True)
    hint = {"id": 1, "order_id": int(order.order_id)}
    post(client, signed("shopify", hint), **{"X-Shopify-Topic": "refunds/create"})
    drain("inbox")
    drain("fetches")
    drain("inbox")
    assert Order.objects.get().channel_order_no == order.order_id


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_backfill_brings_every_order_once_however_often_it_runs(
    platform: str, server: Server, drain: Drain, capsys: pytest.CaptureFixture[str]
) -> None:
    connection = make_connection(platform, server=server, rate_per_minute="6000")
    placed = {server.platform.life.place(sim_shop(connection), is_told=False).order_id for _ in range(7)}
    since = (clock.now() - timedelta(hours=2)).isoformat()
    for _ in range(2):
        call_command("backfill", shop="demo", since=since)
        for table in ("fetches", "inbox"):
            drain(table)
    assert set(Order.objects.values_list("channel_order_no", flat=True)) == placed
    assert Order.objects.count() == 7
    assert "listed" in capsys.readouterr().out


@pytest.mark.parametrize("platform", PLATFORMS)
def test_pages_of_a_list_are_all_read(
    platform: str, server: Server, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"channels_sync.connectors.{platform}.client.PAGE_SIZE", 2)
    connection = make_connection(platform, server=server, rate_per_minute="6000")
    for _ in range(5):
        server.platform.life.place(sim_shop(connection), is_told=False)
    assert pull_orders(shop_code="demo", since=clock.now() - timedelta(minutes=5)).listed == 5


def test_a_pull_that_breaks_off_begins_again_where_it_was(server: Server) -> None:
    connection = make_connection("generic", server=server)
    before = clock.now() - timedelta(minutes=30)
    Connection.objects.update(pulled_until=before)
    server.platform.faults.add("demo", Fault("status", status=500))
    with pytest.raises(work.Retry):
        pull_orders(shop_code="demo")
    connection.refresh_from_db()
    assert connection.pulled_until == before
    pull_orders(shop_code="demo")
    connection.refresh_from_db()
    assert connection.pulled_until > before


def test_a_backfill_of_an_older_window_does_not_move_the_cursor_over_a_gap(server: Server) -> None:
    connection = make_connection("generic", server=server)
    known = clock.now() - timedelta(hours=10)
    Connection.objects.update(pulled_until=known)
    pull_orders(shop_code="demo", since=clock.now() - timedelta(hours=1))
    connection.refresh_from_db()
    assert connection.pulled_until == known
