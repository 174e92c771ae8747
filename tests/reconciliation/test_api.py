"""The money API: what a machine may bring and read."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kernel import clock
from oms.orders.models import OrderPayment, Shop
from reconciliation.models import Difference, PaymentAccount, Statement
from tests.factories.accounts import make_key
from tests.factories.orders import incoming, make_shop, receive, stocked
from tests.factories.reconciliation import bring, make_account, statement_file

pytestmark = pytest.mark.django_db
BILL = Path(__file__).parents[1] / "fixtures/wechat_bill/tradebill-ALL.csv"


@pytest.fixture
def shop() -> Shop:
    shop = make_shop()
    stocked()
    return shop


@pytest.fixture
def account(shop: Shop) -> PaymentAccount:
    return make_account(shop)


def call(method: str, path: str, body: Any = None, *, role: str = "finance", key: str = "", **how: Any) -> Any:
    headers = {"Authorization": make_key(role, **how)} | ({"Idempotency-Key": key} if key else {})
    send = getattr(Client(), method)
    if method == "get":
        return send(f"/api/v1{path}", headers=headers)
    return send(f"/api/v1{path}", body, content_type="application/json", headers=headers)


def payment(order_no: str, **changes: Any) -> dict[str, Any]:
    return {
        "order_no": order_no, "payment_no": "GW-1", "amount": "59.00", "currency": "CNY", "method": "wechat",
        "paid_at": clock.now().isoformat(),
    } | changes  # fmt: skip


def test_a_statement_is_uploaded_as_text_and_read_back(account: PaymentAccount) -> None:
    body = {"account": "acc", "content": statement_file([("1", "payment", "10.00")]).decode()}
    made = call("post", "/statements/", body)
    assert (made.status_code, made.json()["state"], made.json()["rows"]) == (201, "imported", 1)
    assert call("get", f"/statements/{made.json()['uid']}/").json()["totals"][1]["agrees"] is True
    again = call("post", "/statements/", body)
    assert (again.status_code, again.json()["uid"]) == (200, made.json()["uid"])
    assert [one["uid"] for one in call("get", "/statements/?account=acc").json()["results"]] == [made.json()["uid"]]


def test_a_statement_is_uploaded_as_a_file() -> None:
    make_account(code="wx", kind="wechat")
    answer = Client().post(
        "/api/v1/statements/",
        {"account": "wx", "format": "wechat_bill", "file": SimpleUploadedFile("bill.csv", BILL.read_bytes())},
        headers={"Authorization": make_key("finance")},
    )
    assert (answer.status_code, answer.json()["file_name"], answer.json()["rows"]) == (201, "bill.csv", 4)


def test_a_broken_statement_is_422_with_its_errors_row_by_row(account: PaymentAccount) -> None:
    text = statement_file([("1", "payment", "10.00")]).replace(b"10.00,CNY", b"ten,CNY").decode()
    answer = call("post", "/statements/", {"account": "acc", "content": text}, key="k1")
    assert (answer.status_code, answer.json()["code"]) == (422, "statement_rejected")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0] == {"path": "line 2, amount", "code": "not_a_number", "message": "ten"}
    assert Statement.objects.get().state == "rejected"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"account": "acc"}, 422, "invalid_input"),
        ({"account": "nobody", "content": "x"}, 404, "payment_account_not_found"),
        ({"account": "acc", "content": "x"}, 422, "statement_format_unknown"),
        ({"account": "acc", "content": "x", "format": "nothing"}, 422, "invalid_input"),
    ],
)
def test_what_cannot_be_imported_says_why(account: PaymentAccount, body: Any, status: int, code: str) -> None:
    answer = call("post", "/statements/", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_differences_are_listed_and_resolved_once(shop: Shop, account: PaymentAccount) -> None:
    receive(shop, incoming("1001"))
    bring(account, [("1001", "payment", "58.00"), ("404", "payment", "7.00")])
    listed = call("get", "/differences/?kind=amount").json()["results"]
    assert [(one["order_ref"], one["amount"], one["unexplained_amount"]) for one in listed] == [
        ("1001", "-1.0000", "-1.0000")
    ]
    path = f"/differences/{listed[0]['uid']}/resolve/"
    assert call("post", path, {"decision": "resolved", "reason": ""}).status_code == 422
    done = call("post", path, {"decision": "resolved", "reason": "paid later"})
    assert (done.status_code, done.json()["state"], done.json()["note"]) == (200, "resolved", "paid later")
    assert call("post", path, {"decision": "accepted", "reason": "again"}).json()["code"] == "difference_closed"


def test_a_payment_is_recorded_once_per_key(shop: Shop) -> None:
    order = receive(shop, incoming("1001", status="unpaid"))
    key = make_key("integration", shops=[shop])
    send = {"content_type": "application/json", "headers": {"Authorization": key, "Idempotency-Key": "pay-1"}}
    body = payment(order.order_no)
    first = Client().post("/api/v1/payments/", body, **send)
    again = Client().post("/api/v1/payments/", body, **send)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert OrderPayment.objects.count() == 1
    order.refresh_from_db()
    assert (order.payment_state, str(order.paid_amount)) == ("paid", "59.0000")
    other = Client().post("/api/v1/payments/", body | {"amount": "1.00"}, **send)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_mismatch")


def test_a_payment_needs_an_idempotency_key(shop: Shop) -> None:
    order = receive(shop, incoming("1001", status="unpaid"))
    answer = call("post", "/payments/", payment(order.order_no), role="admin")
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")


def test_the_same_payment_under_a_new_key_is_known_and_another_amount_is_refused(shop: Shop) -> None:
    order = receive(shop, incoming("1001", status="unpaid"))
    assert call("post", "/payments/", payment(order.order_no), role="admin", key="a").status_code == 201
    assert call("post", "/payments/", payment(order.order_no), role="admin", key="b").status_code == 200
    refused = call("post", "/payments/", payment(order.order_no, amount="60.00"), role="admin", key="c")
    assert (refused.status_code, refused.json()["code"]) == (409, "payment_conflict")


def test_a_payment_of_an_order_out_of_reach_is_not_found(shop: Shop) -> None:
    order = receive(shop, incoming("1001", status="unpaid"))
    other = make_shop("shop-b")
    answer = call("post", "/payments/", payment(order.order_no), role="integration", key="k", shops=[other])
    assert (answer.status_code, answer.json()["code"]) == (404, "order_not_found")


def test_payments_are_listed_by_number(shop: Shop) -> None:
    receive(shop, incoming("1001"))
    receive(shop, incoming("1002"))
    listed = call("get", "/payments/?payment_no=PAY-1002").json()["results"]
    assert [(one["payment_no"], one["amount"]) for one in listed] == [("PAY-1002", "59.0000")]


@pytest.mark.parametrize("path", ["/statements/", "/differences/", "/payments/"])
def test_a_reviewer_s_key_opens_no_money(shop: Shop, path: str) -> None:
    assert call("get", path, role="reviewer", shops=[shop]).status_code == 403
    assert Client().get(f"/api/v1{path}").status_code == 401


def test_a_difference_out_of_reach_is_not_found(account: PaymentAccount) -> None:
    bring(account, [("404", "payment", "7.00")])
    uid = Difference.objects.get().uid
    assert call("get", f"/differences/{uid}/", role="finance").status_code == 200
    assert call("get", "/differences/01a201c2-ced9-7919-be04-243181fb12ac/").status_code == 404
