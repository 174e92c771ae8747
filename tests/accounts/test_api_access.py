"""The API from outside: no key, a key without the permission, a key of another shop; and no way around by filters."""

import json

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from accounts.models import ApiKey, AuditEntry
from oms.orders.models import Order
from tests.factories.accounts import make_key, make_user
from tests.factories.orders import incoming, make_shop, receive, stocked

pytestmark = pytest.mark.django_db
METHODS = ("get", "post", "put", "patch", "delete")


def operations():
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    return [
        (method, path.replace("{order_no}", "X").replace("{uid}", "01a201bd-cf52-7c12-a10c-8471d8421475"))
        for path, methods in paths.items()
        for method in methods
        if method in METHODS
    ]


def call(method, path, body="{}", **headers):
    return Client().generic(method.upper(), path, body, content_type="application/json", headers=headers)


@pytest.fixture
def two_shops():
    mine, theirs = make_shop("shop-a"), make_shop("shop-b")
    stocked("TEE-L")
    receive(mine, incoming("MINE"))
    receive(theirs, incoming("THEIRS"))
    return mine, theirs


def test_without_a_key_every_operation_answers_401():
    answers = {(method, path): call(method, path).status_code for method, path in operations()}
    assert set(answers.values()) == {401}, answers


def test_a_key_that_may_do_nothing_is_refused_everywhere():
    header = make_key("operations_lead")
    ApiKey.objects.get().user.groups.clear()
    answers = {(m, p): call(m, p, Authorization=header).status_code for m, p in operations()}
    assert set(answers.values()) <= {403, 404}, answers


def test_a_refused_key_is_written_down():
    call("get", "/api/v1/orders/", Authorization=make_key("picker"))
    entry = AuditEntry.objects.get(action="access.refused")
    assert entry.actor.is_service
    assert entry.obj_key == "/api/v1/orders/"


def test_a_key_sees_the_orders_of_its_shops_only(two_shops):
    header = make_key("reviewer", shops=two_shops[:1])
    seen = call("get", "/api/v1/orders/", Authorization=header).json()["results"]
    assert [order["channel_order_no"] for order in seen] == ["MINE"]


@pytest.mark.parametrize(
    "query", ["shop=shop-b", "channel_order_no=THEIRS", "shop=shop-a&channel_order_no=THEIRS", "order_no={theirs}"]
)
def test_no_filter_leads_out_of_the_scope(two_shops, query):
    theirs = Order.objects.get(channel_order_no="THEIRS").order_no
    header = make_key("reviewer", shops=two_shops[:1])
    answer = call("get", f"/api/v1/orders/?{query.format(theirs=theirs)}", Authorization=header)
    assert answer.json()["results"] == []


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", ""), ("get", "timeline/"), ("post", "approve/"), ("post", "hold/"), ("post", "release/")],
)
def test_an_order_of_another_shop_does_not_exist_for_the_key(two_shops, method, path):
    theirs = Order.objects.get(channel_order_no="THEIRS")
    header = make_key("supervisor", shops=two_shops[:1])
    body = json.dumps({"reason": "no"})
    answer = call(method, f"/api/v1/orders/{theirs.order_no}/{path}", body, Authorization=header)
    unknown = call(method, f"/api/v1/orders/O000000000000000/{path}", Authorization=header)
    assert answer.status_code == unknown.status_code == 404
    assert answer.json()["code"] == unknown.json()["code"]
    theirs.refresh_from_db()
    assert not theirs.is_held


def test_a_cursor_of_a_wider_list_shows_no_more_of_a_narrower_one(two_shops):
    for number in range(3):
        receive(two_shops[1], incoming(f"MORE-{number}"))
    admin, narrow = make_key("admin"), make_key("reviewer", shops=two_shops[:1])
    cursor = call("get", "/api/v1/orders/?page_size=1", Authorization=admin).json()["next"]
    rows = call("get", f"/api/v1/orders/?page_size=50&cursor={cursor}", Authorization=narrow).json()["results"]
    assert {row["shop"] for row in rows} <= {"shop-a"}


def test_no_order_of_the_api_carries_a_phone_name_or_address_in_clear(two_shops):
    for role in ("reviewer", "finance", "integration"):
        header = make_key(role, shops=two_shops)
        number = Order.objects.get(channel_order_no="MINE").order_no
        told = call("get", f"/api/v1/orders/{number}/", Authorization=header).content.decode()
        assert "13812345678" not in told
        assert "王小明" not in told
        assert "文一西路" not in told


def test_a_session_may_use_the_api_but_not_without_its_token(two_shops):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_user("supervisor", shops=two_shops))
    number = Order.objects.get(channel_order_no="MINE").order_no
    assert browser.get("/api/v1/orders/").status_code == 200
    answer = browser.post(f"/api/v1/orders/{number}/hold/", '{"reason": "x"}', content_type="application/json")
    assert answer.status_code == 403


def test_the_same_key_and_body_hold_an_order_once(two_shops):
    header, number = make_key("admin"), Order.objects.get(channel_order_no="MINE").order_no

    def hold(reason):
        return Client().post(
            f"/api/v1/orders/{number}/hold/",
            json.dumps({"reason": reason}),
            content_type="application/json",
            headers={"Authorization": header, "Idempotency-Key": "k1"},
        )

    first, second = hold("look"), hold("look")
    assert first.json() == second.json()
    assert hold("other").json()["code"] == "idempotency_mismatch"
