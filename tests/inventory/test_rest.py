import json
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from inventory.api import expire_due, get_stock, reserve
from inventory.models import Reservation
from kernel.clock import now
from tests.factories.accounts import make_key
from tests.factories.inventory import make_warehouse, stock

pytestmark = pytest.mark.django_db
URL = "/api/v1/reservations/"


@pytest.fixture
def api(shelf: str, client: Client) -> Client:
    client.defaults["HTTP_AUTHORIZATION"] = make_key("admin")
    return client


def post(api: Client, url: str = URL, body: Any = None) -> Any:
    data = body if isinstance(body, str) else json.dumps(body)
    return api.post(url, data=data if body is not None else "", content_type="application/json")


def wanted(**changes: Any) -> dict[str, Any]:
    return {"reservation_id": "web-1", "lines": [{"sku": "A", "qty": 2}], "warehouse": "WH-1"} | changes


def test_a_reservation_is_made_once_and_answered_the_same_again(api: Client) -> None:
    first, again = post(api, body=wanted()), post(api, body=wanted())
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json() | {"expires_at": ""} == {
        "reservation_id": "web-1",
        "state": "held",
        "warehouse": "WH-1",
        "expires_at": "",
        "lines": [{"sku": "A", "qty": 2}],
    }
    assert api.get(f"{URL}web-1/").json() == first.json()
    assert get_stock(["A"], "WH-1")[0].reserved == 2


def test_another_body_under_the_same_id_is_a_mismatch(api: Client) -> None:
    post(api, body=wanted())
    answer = post(api, body=wanted(lines=[{"sku": "A", "qty": 3}]))
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_mismatch")
    answer = post(api, body=wanted(ttl_seconds=60))
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_mismatch")


def test_too_little_names_the_sku_and_what_is_left(api: Client) -> None:
    answer = post(api, body=wanted(lines=[{"sku": "B", "qty": 1}, {"sku": "A", "qty": 11}]))
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["code"], problem["sku"], problem["left"]) == ("insufficient_stock", "A", 10)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (wanted(lines=[{"sku": "NOPE", "qty": 1}]), "unknown_sku"),
        (wanted(warehouse="NOWHERE"), "unknown_warehouse"),
        (wanted(lines=[]), "invalid_input"),
        (wanted(lines=[{"sku": "A", "qty": 0}]), "invalid_input"),
        (wanted(lines=[{"sku": "A", "qty": "1"}]), "invalid_input"),
        (wanted(reservation_id="with/slash"), "invalid_input"),
        (wanted(reservation_id="~ours"), "invalid_input"),
        (wanted(reservation_id="."), "invalid_input"),
        (wanted(reservation_id=".."), "invalid_input"),
        (wanted(reservation_id="O261122000000017-1"), "invalid_input"),
        (wanted(reservation_id="x" * 101), "invalid_input"),
        (wanted(ttl_seconds=0), "invalid_input"),
        (wanted(surprise=1), "invalid_input"),
        ("{not json", "invalid_input"),
    ],
)
def test_what_cannot_be_meant_is_told_where(api: Client, body: Any, code: str) -> None:
    answer = post(api, body=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["errors"]
    assert not Reservation.objects.exists()


def test_commit_and_release_are_idempotent_and_refuse_what_is_over(api: Client) -> None:
    post(api, body=wanted())
    for _twice in range(2):
        answer = post(api, f"{URL}web-1/commit/")
        assert (answer.status_code, answer.json()["state"], answer.json()["expires_at"]) == (200, "committed", None)
    answer = post(api, f"{URL}web-1/release/")
    assert (answer.status_code, answer.json()["code"]) == (409, "reservation_committed")
    post(api, body=wanted(reservation_id="web-2"))
    for _twice in range(2):
        assert post(api, f"{URL}web-2/release/").json()["state"] == "released"
    answer = post(api, f"{URL}web-2/commit/")
    assert (answer.status_code, answer.json()["code"]) == (409, "reservation_released")


@pytest.mark.parametrize("act", ["commit", "release"])
def test_the_reservation_of_an_order_is_left_to_its_order(api: Client, shelf: str, act: str) -> None:
    reserve(reservation_id="O261122000000017-1", lines=[("A", 3)], warehouse_code=shelf, owner_ref="O261122000000017")
    answer = post(api, f"{URL}O261122000000017-1/{act}/")
    assert (answer.status_code, answer.json()["code"]) == (409, "reservation_of_order")
    assert "belongs to an order" in answer.json()["detail"]
    assert get_stock(["A"], shelf)[0].reserved == 3


@pytest.mark.parametrize("reservation_id", ["v1.2", "..a", "O1-1", "订单 7"])
def test_an_id_that_was_accepted_can_be_released(api: Client, reservation_id: str) -> None:
    assert post(api, body=wanted(reservation_id=reservation_id)).status_code == 201
    assert post(api, f"{URL}{quote(reservation_id)}/release/").json()["state"] == "released"


def test_an_expired_reservation_can_be_neither_committed_nor_released(api: Client) -> None:
    post(api, body=wanted())
    Reservation.objects.update(expires_at=now())
    expire_due()
    for act in ("commit", "release"):
        answer = post(api, f"{URL}web-1/{act}/")
        assert (answer.status_code, answer.json()["code"]) == (409, "reservation_expired")


def test_an_unknown_reservation_is_not_found(api: Client) -> None:
    for answer in (api.get(f"{URL}nobody/"), post(api, f"{URL}nobody/commit/"), post(api, f"{URL}nobody/release/")):
        assert (answer.status_code, answer.json()["code"]) == (404, "reservation_not_found")


def test_without_a_key_nothing_is_told(shelf: str, client: Client) -> None:
    answer = post(client, body=wanted())
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert client.get("/api/v1/stock/").status_code == 401


def test_a_key_without_the_permission_may_not_reserve(shelf: str, client: Client) -> None:
    client.defaults["HTTP_AUTHORIZATION"] = make_key("finance")
    assert post(client, body=wanted()).status_code == 403


def test_a_wrong_method_is_told_with_the_right_one(api: Client) -> None:
    answer = api.get(URL)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_without_a_warehouse_the_first_by_priority_that_has_it_all_is_taken(api: Client) -> None:
    make_warehouse("WH-0", priority=1)
    make_warehouse("WH-2", priority=2)
    stock("A", "WH-2", 99)
    body = {"reservation_id": "web-1", "lines": [{"sku": "A", "qty": 20}]}
    assert post(api, body=body).json()["warehouse"] == "WH-2"


def test_stock_is_told_by_sku_and_warehouse(api: Client) -> None:
    post(api, body=wanted())
    (row,) = api.get("/api/v1/stock/?sku=A").json()["results"]
    assert row == {
        "sku": "A",
        "warehouse": "WH-1",
        "on_hand": 10,
        "reserved": 2,
        "committed": 0,
        "available": 8,
        "sellable": 8,
    }
    assert {row["sku"] for row in api.get("/api/v1/stock/?sku=A&sku=B").json()["results"]} == {"A", "B"}
    assert len(api.get("/api/v1/stock/?warehouse=WH-1").json()["results"]) == 3


def test_a_key_sees_stock_of_its_warehouses_only(shelf: str, client: Client) -> None:
    other = make_warehouse("WH-2")
    stock("A", "WH-2", 5)
    client.defaults["HTTP_AUTHORIZATION"] = make_key("picker", warehouses=[other])
    assert [row["warehouse"] for row in client.get("/api/v1/stock/").json()["results"]] == ["WH-2"]


def test_an_idempotency_key_is_honoured_where_it_is_sent(api: Client) -> None:
    def send(body: Any) -> Any:
        data = json.dumps(body)
        return api.post(URL, data=data, content_type="application/json", headers={"Idempotency-Key": "k1"})

    first, again, other = send(wanted()), send(wanted()), send(wanted(reservation_id="web-2"))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_mismatch")
