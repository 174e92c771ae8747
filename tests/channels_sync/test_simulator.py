"""The simulated platforms themselves: what they refuse, what they plant, and how their buyers behave."""

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from channels_sync.simulator import statement
from channels_sync.simulator.catalogue import TEMPORARY
from channels_sync.simulator.dialect import SimShop
from channels_sync.simulator.life import Life
from channels_sync.simulator.server import Server, dialects
from kernel import clock

SHOP = SimShop(code="s1", platform="generic", secret="whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", hook_url="")


@pytest.fixture
def shop(server: Server) -> SimShop:
    server.platform.book.connect(SHOP)
    return SHOP


def test_every_platform_has_a_dialect() -> None:
    assert set(dialects()) == {"generic", "shopify", "taobao", "woocommerce"}


def test_a_caller_without_a_token_is_turned_away(server: Server) -> None:
    for name in dialects():
        server.platform.book.connect(SimShop(code=name, platform=name, secret="x", api_key="k", api_token="t"))
    assert httpx.get(f"{server.url}/shopify/shopify/admin/api/2026-07/orders.json").status_code == 401
    assert httpx.get(f"{server.url}/woocommerce/woocommerce/wp-json/wc/v3/orders").status_code == 401
    assert httpx.get(f"{server.url}/generic/generic/orders").status_code == 401
    answer = httpx.post(f"{server.url}/taobao/taobao/router/rest", data={"method": "taobao.trade.fullinfo.get"})
    assert answer.json()["error_response"]["code"] == 25
    assert httpx.get(f"{server.url}/generic/nobody/orders").status_code == 404


def test_it_limits_how_often_it_is_called(server: Server) -> None:
    server.platform.book.connect(SimShop(code="s1", platform="shopify", secret="x", api_token="t", rate_per_minute=3))
    url = f"{server.url}/shopify/s1/admin/api/2026-07/orders/1.json"
    answers = [httpx.get(url, headers={"X-Shopify-Access-Token": "t"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_switches_work_over_http(server: Server, shop: SimShop) -> None:
    placed = httpx.post(f"{server.url}/control/orders/s1", json={"is_paid": True}).json()
    assert placed["status"] == "to_ship"
    event = httpx.post(f"{server.url}/control/orders/s1/{placed['order_id']}/refund").json()
    assert event["status"] == "cancelled"
    fault = {"shop": "s1", "kind": "status", "status": 503, "times": 1}
    assert httpx.post(f"{server.url}/control/faults", json=fault).status_code == 200
    assert httpx.get(f"{server.url}/generic/s1/orders").status_code == 503
    assert httpx.get(f"{server.url}/generic/s1/orders").status_code == 401
    assert httpx.post(f"{server.url}/control/faults", json={"shop": "s1"}).status_code == 422
    assert httpx.get(f"{server.url}/control/nothing").status_code == 404


def test_it_remembers_over_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite3"
    for _ in range(2):
        server = Server(path)
        server.start()
        server.platform.book.connect(SHOP)
        server.platform.life.place(SHOP)
        count = len(server.platform.book.all_orders("s1"))
        server.stop()
    assert count == 2


def test_what_no_longer_fits_changes_nothing(server: Server, shop: SimShop) -> None:
    life = server.platform.life
    order = life.place(shop)
    assert life.happen("s1", order.order_id, "cancel") == "cancelled"
    for event in ("pay", "refund", "done", "cancel"):
        assert life.happen("s1", order.order_id, event) == "cancelled"


def test_its_buyers_are_of_every_kind(server: Server, shop: SimShop) -> None:
    life = Life(server.platform.book, dialects(), seed=7)
    for _ in range(150):
        life.someone_buys()
    orders = server.platform.book.all_orders("s1")
    ips = [order.buyer["ip"] for order in orders]
    assert any(TEMPORARY in order.receiver["address"] for order in orders)
    assert max(ips.count(ip) for ip in ips) >= 4, "someone orders again and again from one address"
    with clock.at(clock.now() + timedelta(minutes=10)):
        for _ in range(20):
            life.tick()
    states = {order.status for order in server.platform.book.all_orders("s1")}
    assert states == {"to_ship", "cancelled"}
    assert any(order.refund == "full" for order in server.platform.book.all_orders("s1"))
    for order in orders:
        assert order.total == sum((line.net for line in order.lines), Decimal(order.shipping))


def test_a_webhook_that_is_not_taken_is_told_again(server: Server) -> None:
    deaf = SimShop(code="s1", platform="generic", secret="x", hook_url="http://127.0.0.1:9/hooks/s1/")
    server.platform.book.connect(deaf)
    life = server.platform.life
    life.place(deaf)
    assert len(life._late) == 1
    with clock.at(clock.now() + timedelta(minutes=1)):
        life.tick()
    assert len(life._late) == 1, "still not taken, still to be told"


def ship_all(server: Server, count: int) -> None:
    for _ in range(count):
        order = server.platform.life.place(SHOP, is_paid=True)
        server.platform.book.ship(
            "s1", order.order_id, key=order.order_id, carrier="SF", tracking_no=f"SF{order.order_id}", line_ids=None
        )


def test_the_statement_adds_up_to_its_footer_and_holds_planted_mistakes(server: Server, shop: SimShop) -> None:
    ship_all(server, 120)
    day = clock.business_date(clock.now(), shop.zone)
    first = statement.write(shop, day, server.platform.book)
    assert first == statement.write(shop, day, server.platform.book), "the same file every time"
    header, *rows, footer = first.decode().splitlines()
    assert header.split(",") == list(statement.COLUMNS)
    amounts = [Decimal(row.split(",")[4]) for row in rows]
    assert footer.split(",") == ["TOTAL", str(len(rows)), str(sum(amounts))]
    paid = {row.split(",")[2]: Decimal(row.split(",")[4]) for row in rows if ",payment," in row}
    orders = {order.order_id: order.total for order in server.platform.book.all_orders("s1")}
    assert set(orders) - set(paid), "some orders are missing from it"
    assert any(orders[number] - amount == 1 for number, amount in paid.items()), "some are paid short"


def test_the_statement_is_given_by_a_valid_link_only(server: Server, shop: SimShop) -> None:
    ship_all(server, 1)
    day = clock.business_date(clock.now(), shop.zone)
    path = f"settlements/{day}.csv"

    def fetch(expires: int, secret: str) -> httpx.Response:
        signature = statement.link_signature(secret, path, str(expires))
        query: dict[str, Any] = {"expires": expires, "signature": signature}
        return httpx.get(f"{server.url}/generic/s1/{path}", params=query)

    soon = int(clock.now().timestamp()) + 60
    assert fetch(soon, shop.secret).text.startswith("statement_no,")
    assert fetch(soon, "another").status_code == 403
    assert fetch(soon - 120, shop.secret).status_code == 403


def test_an_order_keeps_its_numbers_beyond_javascript() -> None:
    assert dialects()["taobao"].first_order_id > 2**53
    assert json.loads(json.dumps(dialects()["shopify"].first_order_id)) > 2**53
