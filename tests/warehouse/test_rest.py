"""The shipments API and the word of an external warehouse."""

import pytest
from django.urls import reverse

from oms.orders import api as orders
from tests.factories.accounts import make_key, make_user
from tests.factories.inventory import make_warehouse
from tests.factories.warehouse import hand_over, in_wave, make_picker, pack, pick, released, warehouse
from warehouse.models import Package

pytestmark = pytest.mark.django_db
SHIP = "/api/v1/orders/ship/"
NUMBER = "YT1234567890123"


@pytest.fixture
def order():
    return released(("TEE-L", 2))


@pytest.fixture
def wms(order):
    return {"Authorization": make_key("admin")}


def ship(client, wms, **body):
    key = body.pop("key", "")
    headers = {**wms, **({"Idempotency-Key": key} if key else {})}
    return client.post(SHIP, {"carrier": "YTO", "tracking_no": NUMBER, **body}, "application/json", headers=headers)


def test_an_external_warehouse_ships_by_order_number(client, order, wms):
    answer = ship(client, wms, order_no=order.order_no)
    assert answer.status_code == 200, answer.content
    assert answer.json()["fo_no"] == f"{order.order_no}-F1"
    assert orders.get_fulfilment(f"{order.order_no}-F1").state == "shipped"


def test_the_same_news_twice_has_one_effect(client, order, wms):
    first = ship(client, wms, order_no=order.order_no, key="k1")
    assert ship(client, wms, order_no=order.order_no, key="k1").json() == first.json()
    assert ship(client, wms, order_no=order.order_no).json() == first.json()
    assert Package.objects.count() == 1
    assert ship(client, wms, order_no="another", key="k1").json()["code"] == "idempotency_mismatch"


def test_a_held_order_is_refused_with_its_reason(client, order, wms):
    orders.hold_order(order_no=order.order_no, actor=make_user("supervisor"), reason="wait")
    answer = ship(client, wms, fo_no=f"{order.order_no}-F1")
    assert (answer.status_code, answer.json()["code"]) == (409, "order_on_hold")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"order_no": "NOBODY"}, 422, "invalid_input"),
        ({"fo_no": "NOBODY"}, 404, "fulfilment_not_found"),
        ({}, 422, "invalid_input"),
        ({"order_no": "X", "tracking_no": "不"}, 422, "invalid_input"),
    ],
)
def test_what_cannot_be_is_said(client, wms, body, status, code):
    answer = ship(client, wms, **body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_an_unknown_carrier_is_named(client, order, wms):
    answer = ship(client, wms, order_no=order.order_no, carrier="PIGEON")
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_carrier")


def test_a_key_without_the_warehouse_ships_nothing(client, order):
    make_warehouse("WH-BJ")
    far = {"Authorization": make_key("picker", warehouses=[make_warehouse("WH-BJ")])}
    assert ship(client, far, order_no=order.order_no).status_code == 403
    assert ship(client, {"Authorization": make_key("reviewer")}, order_no=order.order_no).status_code == 403
    assert ship(client, {}, order_no=order.order_no).status_code == 401
    near = {"Authorization": make_key("picker", warehouses=[warehouse()])}
    assert ship(client, near, order_no=order.order_no).status_code == 200


def test_shipments_are_listed_in_scope_with_their_numbers(client, wms):
    task = pack(pick(in_wave(("TEE-L", 1)), make_picker()), make_picker(), "SF1234567890123")
    url = reverse("warehouse:api-shipment-list")
    (row,) = client.get(url, headers=wms).json()["results"]
    assert (row["carrier"], row["tracking_no"], row["state"], row["shipped_at"]) == (
        "SF",
        "SF1234567890123",
        "packed",
        None,
    )
    hand_over("SF1234567890123", by=make_picker())
    (row,) = client.get(url, {"state": "shipped", "order_no": task.order_no}, headers=wms).json()["results"]
    assert row["shipped_at"]
    assert client.get(url, {"tracking_no": "nobody"}, headers=wms).json()["results"] == []
    far = {"Authorization": make_key("warehouse_lead", warehouses=[make_warehouse("WH-BJ")])}
    assert client.get(url, headers=far).json()["results"] == []
    operations = {"Authorization": make_key("picker", warehouses=[warehouse()])}
    assert client.get(url, headers=operations).status_code == 403
