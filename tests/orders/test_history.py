from dataclasses import replace
from typing import Any

import pytest
from django.apps import apps

from kernel.crypto import keys
from kernel.crypto.cipher import key_id_of
from kernel.crypto.rotation import encrypted_fields, rotate
from oms.orders.contracts import IncomingBuyer
from oms.orders.models import Order
from tests.factories import orders

IP = "203.0.113.9"
pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    shop = orders.make_shop()
    orders.stocked()
    return orders.receive(shop, replace(orders.incoming(), buyer=IncomingBuyer(token="b1", ip=IP)))


def history(order: Order) -> list[Any]:
    return list(apps.get_model("orders", "OrderEvent").objects.filter(pgh_obj=order).order_by("pgh_id"))


def test_the_time_machine_keeps_encrypted_fields_and_reads_them(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(seller_note="changed")
    copies = history(order)
    assert len(copies) >= 2
    assert {copy.buyer_ip for copy in copies} == {IP}


def test_key_rotation_goes_through_the_history_too(order: Order, settings: Any, tmp_path: Any) -> None:
    before = len(history(order))
    settings.OMS_ENCRYPTION_KEYS = keys.write_ring(keys.with_new_data_key(keys.ring()))
    keys.forget()
    try:
        for field in encrypted_fields():
            assert rotate(field).unreadable == 0
        newest = keys.ring().active_data
        assert {key_id_of(copy.buyer_ip_sealed.ciphertext) for copy in history(order)} == {newest}
        assert [copy.buyer_ip for copy in history(order)] == [IP] * before
    finally:
        keys.forget()
