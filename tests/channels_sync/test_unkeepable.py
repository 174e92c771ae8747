"""Orders that the order centre cannot keep as they were told: refused at once with the place, or kept without it."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from channels_sync.services.check_order import ROOMS
from inventory.api import get_stock
from inventory.models import Reservation
from kernel.models import InboxDelivery
from oms.orders import contracts
from oms.orders.models import Order, OrderAddress, OrderLine, OrderPayment
from tests.factories.channels import make_connection, payload, post, signed
from tests.factories.inventory import make_sku, make_warehouse, stock

pytestmark = pytest.mark.django_db
Drain = Callable[[str], Any]
ORDER: dict[str, Any] = {
    "order_no": "1001",
    "status": "to_ship",
    "created_at": "2026-11-22T10:00:00+08:00",
    "lines": [{"line_id": "1", "sku": "A", "title": "Scarf", "qty": 1, "unit_price": "59.00"}],
    "totals": {"goods": "59.00", "paid": "59.00"},
    "payments": [{"payment_no": "P1", "amount": "59.00", "paid_at": "2026-11-22T10:01:00+08:00"}],
}


@pytest.fixture
def tell(client: Client, drain: Drain) -> Callable[[dict[str, Any]], InboxDelivery]:
    """A generic order comes through the door and is worked off."""
    make_connection("generic")

    def send(document: dict[str, Any]) -> InboxDelivery:
        assert post(client, signed("generic", {"type": "order.paid", "data": document})).status_code == 200
        drain("inbox")
        return InboxDelivery.objects.latest("id")

    return send


def changed(place: str, value: Any) -> dict[str, Any]:
    """The order with another value at a place like `lines.0.sku`."""
    document = copy.deepcopy(ORDER)
    *steps, last = place.split(".")
    node: Any = document
    for step in steps:
        node = node[int(step)] if step.isdigit() else node.setdefault(step, {})
    node[last] = value
    return document


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        ("currency", "xyz", "$.currency: 'xyz' is no currency"),
        ("currency", "ZZZ", "$.currency: 'ZZZ' is no currency"),
        ("order_no", "9" * 81, "$.channel_order_no: longer than 80"),
        ("lines.0.sku", "S" * 81, "$.lines[0].sku_code: longer than 80"),
        ("lines.0.line_id", "L" * 81, "$.lines[0].channel_line_id: longer than 80"),
        ("lines.0.unit_price", "-59.00", "$.lines[0].unit_price: is below zero"),
        ("lines.0.qty", -1, "$.data.lines[0].qty: a quantity below zero"),
        ("lines", [{"line_id": "1", "qty": 1_000_000, "unit_price": "9e12"}], "$.lines[0].goods_amount: the amount is"),
        ("totals.paid", "-1", "$.amounts.paid: is below zero"),
        ("payments.0.amount", "-59.00", "$.payments[0].amount: is below zero"),
        ("payments.0.payment_no", "P" * 81, "$.payments[0].payment_no: longer than 80"),
        ("buyer.id", "B" * 121, "$.buyer.token: longer than 120"),
    ],
)
def test_what_cannot_be_kept_is_a_dead_letter_at_the_first_try_and_names_the_place(
    tell: Callable[[dict[str, Any]], InboxDelivery], place: str, value: Any, told: str
) -> None:
    delivery = tell(changed(place, value))
    assert (delivery.state, delivery.last_error_code, delivery.attempts) == ("dead", "malformed", 1)
    assert delivery.last_error.startswith(told)
    assert not Order.objects.exists()


def test_a_paid_order_without_payments_leaves_room_for_its_stand_in(
    tell: Callable[[dict[str, Any]], InboxDelivery],
) -> None:
    assert tell(changed("payments", []) | {"order_no": "9" * 72}).last_error.startswith("$.channel_order_no: longer")
    assert tell(changed("payments", []) | {"order_no": "9" * 71}).state == "done"


@pytest.mark.parametrize(
    ("place", "value", "warning"),
    [
        ("lines.0.title", "长" * 300, "text_cut"),
        ("buyer_note", "n" * 501, "text_cut"),
        ("buyer.nick", "n" * 121, "text_cut"),
        ("receiver.city", "c" * 61, "text_cut"),
        ("receiver.zip", "z" * 21, "text_cut"),
        ("payments.0.method", "m" * 41, "text_cut"),
        ("order_name", "#" * 81, "text_cut"),
        ("buyer.ip", "999.1.2.3", "ip_dropped"),
    ],
)
def test_what_only_describes_is_cut_or_left_out_with_a_warning(
    tell: Callable[[dict[str, Any]], InboxDelivery], place: str, value: Any, warning: str
) -> None:
    delivery = tell(changed(place, value))
    assert (delivery.state, delivery.result["warnings"]) == ("done", [warning])
    assert Order.objects.get().warnings == [warning]


def test_the_room_for_each_text_is_that_of_its_column() -> None:
    columns = {
        contracts.IncomingOrder: (Order, {}),
        contracts.IncomingBuyer: (Order, {"token": "buyer_token", "nick": "buyer_nick"}),
        contracts.IncomingReceiver: (OrderAddress, {}),
        contracts.IncomingLine: (OrderLine, {}),
        contracts.IncomingPayment: (OrderPayment, {}),
    }
    for part, (model, names) in columns.items():
        room = ROOMS[part].names | ROOMS[part].texts
        assert room == {name: model._meta.get_field(names.get(name, name)).max_length for name in room}


def test_goods_brought_back_to_a_till_become_no_order_and_take_no_stock(client: Client, drain: Drain) -> None:
    make_connection("generic")
    make_warehouse("WH-1")
    make_sku("P2001-STD")
    stock("P2001-STD", "WH-1", 5)
    post(client, signed("generic", payload("generic/pos-refund")))
    drain("inbox")
    delivery = InboxDelivery.objects.get()
    assert (delivery.state, delivery.last_error_code, delivery.error_class) == ("dead", "refund_receipt", "business")
    assert delivery.last_error == "refund receipts are not yet booked: book it by hand"
    assert delivery.attempts == 1
    assert not Order.objects.exists()
    assert not Reservation.objects.exists()
    assert get_stock(["P2001-STD"])[0].sellable == 5


def test_a_till_that_sells_less_than_nothing_is_told_so(client: Client, drain: Drain) -> None:
    make_connection("generic")
    receipt = copy.deepcopy(payload("generic/pos-sale"))
    receipt["lines"][0]["qty"] = "-1"
    post(client, signed("generic", receipt))
    drain("inbox")
    assert InboxDelivery.objects.get().last_error == "$.lines[0].qty: a quantity below zero"
