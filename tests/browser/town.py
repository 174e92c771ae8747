"""A small merchant in the middle of a day: something true for every page to show."""

from datetime import timedelta
from typing import Any

from django.test import Client

from kernel.work import drain
from tests.factories import channels, orders, reconciliation
from tests.factories.accounts import make_user
from tests.factories.warehouse import hand_over, in_wave, make_picker, open_floor, pack, pick, released


def build() -> Any:
    """Answers the administrator who may look at everything."""
    admin = make_user("admin", display_name="陈静", locale="zh-hans")
    shop = open_floor()
    picker = make_picker(display_name="刘强")
    for _ in range(3):
        released(("TEE-L", 2), ("CUP-RED", 1))
    in_wave(("MUG-BIG", 1))
    pick(in_wave(("CUP-RED", 2)), picker)
    gone = pack(pick(in_wave(("TEE-L", 1)), picker), picker)
    hand_over("SF1234567890123", by=picker)
    orders.receive(shop, orders.incoming(status="unpaid"))
    orders.receive(shop, orders.incoming(lines=[("TEE-L", 1, "900.00")]))
    orders.receive(shop, orders.incoming(lines=[("TEE-L", 500, "9.00")]))
    _deliveries()
    _money(shop, gone.order_no)
    return admin


def _deliveries() -> None:
    channels.make_connection("generic", "s1")
    client = Client()
    sample = channels.payload("generic/pos-sale")
    channels.post(client, channels.signed("generic", sample, code="s1"), "s1")
    channels.post(client, channels.signed("generic", {**sample, "lines": "not a list"}, code="s1"), "s1")
    channels.post(client, channels.signed("generic", sample, code="s1"), "s1", **{"webhook-signature": "v1,d3Jvbmc="})
    for _ in range(3):
        drain("kernel.inboxdelivery")


def _money(shop: Any, order_no: str) -> None:
    account = reconciliation.make_account(shop, "a1")
    reconciliation.bring(
        account,
        [(order_no, "payment", "18.00"), ("NOBODY-KNOWS", "payment", "77.00"), (order_no, "service_fee", "-1.00")],
        step=timedelta(seconds=1),
    )
