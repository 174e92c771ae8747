import pytest
from django.test import Client
from django.urls import reverse

from oms.orders.models import BulkRun, Order
from tests.factories.accounts import make_key, make_user
from tests.factories.orders import incoming, make_shop, receive, settle_events, stocked

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    stocked_shop = make_shop()
    stocked()
    return stocked_shop


def browser(role: str, **reach) -> Client:
    client = Client()
    client.force_login(make_user(role, **reach))
    return client


PAGES = ("orders:list", "orders:review", "orders:transition_failures", "rules:list")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_refused_without_its_permission(page: str) -> None:
    client = Client()
    client.force_login(make_user())
    assert client.get(reverse(page)).status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_with_its_permission(page: str, shop) -> None:
    receive(shop, incoming(lines=[("TEE-L", 1, "900.00")]))
    assert browser("admin").get(reverse(page)).status_code == 200


def test_orders_of_other_shops_are_neither_listed_nor_opened(shop) -> None:
    other = make_shop("shop-b")
    mine, foreign = receive(shop), receive(other)
    client = browser("reviewer", shops=[shop])
    page = client.get(reverse("orders:list")).content.decode()
    assert mine.order_no in page
    assert foreign.order_no not in page
    assert client.get(reverse("orders:detail", args=[mine.order_no])).status_code == 200
    assert client.get(reverse("orders:detail", args=[foreign.order_no])).status_code == 404
    refused = client.post(reverse("orders:act", args=[foreign.order_no, "hold"]), {"reason": "?"})
    assert refused.status_code == 404
    assert not Order.objects.get(pk=foreign.pk).is_held


@pytest.mark.parametrize("by", ["order_no", "channel_order_no", "payment", "phone"])
def test_an_order_is_found_by_any_number_on_paper(by: str, shop) -> None:
    order = receive(shop, incoming("CH-77"))
    receive(
        shop, incoming("CH-78", receiver=incoming().receiver.__class__(name="李", phone="13900000000", address="x"))
    )
    text = {"order_no": order.order_no, "channel_order_no": "CH-77", "payment": "PAY-CH-77", "phone": "138 1234 5678"}[
        by
    ]
    page = browser("admin").get(reverse("orders:list"), {"q": text}).content.decode()
    assert order.order_no in page
    assert "CH-78" not in page


def test_the_order_page_says_why_it_waits_and_masks_the_recipient(shop) -> None:
    order = receive(shop, incoming(lines=[("TEE-L", 1, "900.00")]))
    page = browser("reviewer", shops=[shop]).get(reverse("orders:detail", args=[order.order_no])).content.decode()
    assert "A supervisor must approve this order." in page
    assert "13812345678" not in page
    assert "王小明" not in page


def test_finance_sees_the_money_and_nothing_of_the_recipient(shop) -> None:
    order = receive(shop)
    page = browser("finance").get(reverse("orders:detail", args=[order.order_no])).content.decode()
    assert "59.00" in page
    for secret in ("王", "1381", "文一西路", "余杭"):
        assert secret not in page


def test_a_reviewer_holds_and_releases_with_a_reason_that_the_timeline_keeps(shop) -> None:
    order = receive(shop)
    client = browser("reviewer", shops=[shop])
    act = reverse("orders:act", args=[order.order_no, "hold"])
    assert client.post(act, {"reason": ""}).status_code == 422
    assert client.post(act, {"reason": "电话不通"}).status_code == 302
    page = client.get(reverse("orders:detail", args=[order.order_no])).content.decode()
    assert "电话不通" in page
    client.post(reverse("orders:act", args=[order.order_no, "release"]), {"reason": "已联系"})
    order.refresh_from_db()
    assert not order.is_held


def test_a_refused_step_is_kept_with_its_code(shop) -> None:
    order = receive(shop, incoming(lines=[("TEE-L", 1, "900.00")]))
    client = browser("reviewer", shops=[shop])
    answer = client.post(reverse("orders:act", args=[order.order_no, "approve"]), follow=True)
    assert "Pass the order to a supervisor." in answer.content.decode()
    assert order.transition_failures.get().code == "ST-4092"
    page = browser("admin").get(reverse("orders:transition_failures"), {"code": "ST-4092"}).content.decode()
    assert order.order_no in page


def test_everything_that_the_filters_match_is_approved_and_each_row_has_a_result(shop) -> None:
    orders = [receive(shop, incoming(lines=[("TEE-L", 1, "900.00")])) for _ in range(3)]
    client = browser("supervisor", shops=[shop])
    answer = client.post(f"{reverse('orders:list')}?state=in_review", {"action": "approve", "everything": "yes"})
    settle_events()
    run = BulkRun.objects.get()
    assert answer.url == reverse("orders:bulk", args=[run.uid])
    page = client.get(answer.url).content.decode()
    assert all(order.order_no in page for order in orders)
    assert run.total == 3
    assert set(Order.objects.values_list("state", flat=True)) == {"allocated"}


def test_failed_rows_are_offered_again_once_the_run_is_over_and_only_if_there_are_any(shop) -> None:
    order = receive(shop, incoming(lines=[("TEE-L", 1, "900.00")]))
    client = browser("supervisor", shops=[shop])
    for rows, offered in ([order.order_no], False), ([order.order_no], True):
        answer = client.post(reverse("orders:list"), {"action": "approve", "pick": rows})
        retry = reverse("orders:bulk_retry", args=[BulkRun.objects.latest("id").uid])
        assert retry not in client.get(answer.url).content.decode(), "it runs"
        settle_events()
        assert (retry in client.get(answer.url).content.decode()) is offered


def test_a_bulk_selection_cannot_reach_into_other_shops(shop) -> None:
    foreign = receive(make_shop("shop-b"))
    client = browser("reviewer", shops=[shop])
    client.post(reverse("orders:list"), {"action": "hold", "pick": [foreign.order_no], "reason": "x"})
    settle_events()
    assert BulkRun.objects.get().total == 0
    foreign.refresh_from_db()
    assert not foreign.is_held


@pytest.mark.parametrize("page", ["orders:list", "orders:review"])
def test_a_list_costs_the_same_number_of_queries_however_long_it_is(
    page: str, shop, django_assert_max_num_queries
) -> None:
    client = browser("admin")
    client.get(reverse(page))
    counts = []
    for _ in range(2):
        for _ in range(4):
            receive(shop, incoming(lines=[("TEE-L", 1, "900.00")]))
        with django_assert_max_num_queries(30) as queries:
            client.get(reverse(page))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_api_tells_an_order_as_the_contract_says(shop, client: Client) -> None:
    order = receive(shop, incoming("CH-9"))
    headers = {"Authorization": make_key("customer_service", shops=[shop])}
    answer = client.get("/api/v1/orders/", {"channel_order_no": "CH-9"}, headers=headers)
    (row,) = answer.json()["results"]
    assert row["order_no"] == order.order_no
    assert (row["shop"], row["state"], row["is_held"], row["hold_reasons"]) == ("shop-a", "allocated", False, [])
    assert (row["paid_amount"], row["currency"]) == ("59.0000", "CNY")
    assert [line["sku"] for line in row["lines"]] == ["TEE-L"]
    kinds = [entry["kind"] for entry in client.get(row["timeline_url"], headers=headers).json()]
    assert kinds[0] == "received"
    assert "allocate" in kinds


@pytest.mark.parametrize(
    "query", [{"shop": "shop-b"}, {"state": "shipped"}, {"order_no": "O0"}, {"updated_after": "2999-01-01T00:00:00Z"}]
)
def test_the_api_filters_orders(query: dict, shop, client: Client) -> None:
    receive(shop)
    answer = client.get("/api/v1/orders/", query, headers={"Authorization": make_key("admin")})
    assert answer.json()["results"] == []


def test_the_api_refuses_orders_outside_the_keys_shops(shop, client: Client) -> None:
    order = receive(make_shop("shop-b"))
    headers = {"Authorization": make_key("reviewer", shops=[shop])}
    assert client.get(f"/api/v1/orders/{order.order_no}/", headers=headers).status_code == 404
    assert client.post(f"/api/v1/orders/{order.order_no}/hold/", {"reason": "x"}, headers=headers).status_code == 404
    assert client.get("/api/v1/orders/", headers={}).status_code == 401


def test_the_api_takes_a_reviewers_steps(shop, client: Client) -> None:
    order = receive(shop)
    headers = {"Authorization": make_key("reviewer", shops=[shop]), "Idempotency-Key": "k1"}
    held = client.post(f"/api/v1/orders/{order.order_no}/hold/", {"reason": "x"}, "application/json", headers=headers)
    assert held.json()["hold_reasons"] == ["MANUAL"]
    headers["Idempotency-Key"] = "k2"
    freed = client.post(
        f"/api/v1/orders/{order.order_no}/release/", {"reason": "y"}, "application/json", headers=headers
    )
    assert freed.json()["is_held"] is False
