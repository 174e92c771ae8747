from dataclasses import replace
from decimal import Decimal

import pytest

from inventory import api as inventory
from kernel import clock
from oms.orders import api
from oms.orders.contracts import IncomingReceiver
from oms.orders.models import Order, OrderPayment, Shop, TimelineEntry
from oms.orders.numbers import is_order_no
from oms.orders.search import find_order_ids
from tests.factories.orders import incoming, make_shop, receive, stocked

pytestmark = pytest.mark.django_db


def test_a_paid_order_goes_to_the_warehouse_by_itself_with_its_stock_taken() -> None:
    shop, sku = make_shop(), stocked(qty=10)
    order = receive(shop, incoming(lines=[(sku, 3, "59.00")]))
    assert (order.state, order.payment_state, order.paid_amount) == ("allocated", "paid", Decimal("177"))
    assert inventory.get_reservation(order.reservation_id).state == "committed"
    (row,) = inventory.get_stock([sku])
    assert (row.on_hand, row.committed, row.available) == (10, 3, 7)
    assert order.fulfilments.get().state == "released"


def test_an_unpaid_order_reserves_stock_and_its_payment_takes_it() -> None:
    shop, _sku = make_shop(), stocked(qty=10)
    order = receive(shop, incoming("A1", status="unpaid"))
    assert order.state == "pending_payment"
    assert inventory.get_reservation(order.reservation_id).state == "held"
    receive(shop, incoming("A1", status="to_ship", minutes=2))
    order.refresh_from_db()
    assert order.state == "allocated"
    assert inventory.get_reservation(order.reservation_id).state == "committed"


def test_the_same_telling_twice_changes_nothing() -> None:
    shop, told = make_shop(), incoming("A1", lines=[(stocked(), 1, "59.00")])
    order = receive(shop, told)
    entries = TimelineEntry.objects.count()
    again = api.receive_order(shop_code=shop.code, incoming=told)
    assert (again.effect, again.order_no) == ("unchanged", order.order_no)
    assert TimelineEntry.objects.count() == entries
    assert OrderPayment.objects.count() == 1


def test_older_news_after_newer_changes_nothing() -> None:
    shop = make_shop()
    stocked()
    order = receive(shop, incoming("A1", status="to_ship", minutes=10))
    result = api.receive_order(shop_code=shop.code, incoming=incoming("A1", status="unpaid", minutes=1))
    assert result.effect == "stale"
    order.refresh_from_db()
    assert order.state == "allocated"


def test_two_tellings_of_one_second_never_take_an_order_back() -> None:
    shop, at = make_shop(), clock.now().replace(microsecond=0)
    stocked()
    receive(shop, incoming("A1", status="to_ship", at=at))
    late = incoming("A1", status="unpaid", at=at)
    assert api.receive_order(shop_code=shop.code, incoming=late).effect == "stale"


def test_an_order_without_enough_stock_is_kept_and_held_with_what_is_left() -> None:
    shop, sku = make_shop(), stocked(qty=1)
    order = receive(shop, incoming(lines=[(sku, 5, "10.00")]))
    assert (order.state, order.is_held) == ("in_review", True)
    hold = order.holds.get()
    assert (hold.code, hold.evidence) == ("STOCK_SHORT", {"sku": sku, "left": 1, "missing": 4})


def test_an_article_nobody_knows_holds_the_order_and_reserves_nothing() -> None:
    shop, sku = make_shop(), stocked()
    order = receive(shop, incoming(lines=[(sku, 1, "10.00"), ("NOBODY-KNOWS", 1, "10.00")]))
    assert [hold.code for hold in order.holds.all()] == ["UNMATCHED"]
    assert order.reservation_id == ""


def test_the_second_of_two_equal_orders_within_ten_seconds_is_held() -> None:
    shop, told = make_shop(), incoming("A1", lines=[(stocked(), 1, "59.00")])
    first = receive(shop, told)
    twin = receive(shop, replace(told, channel_order_no="A2", payments=()))
    assert not first.is_held
    assert twin.holds.get().evidence == {"order_no": first.order_no}


def test_a_cancelled_order_gives_its_stock_back_and_calls_the_warehouse_off() -> None:
    shop, sku = make_shop(), stocked(qty=10)
    receive(shop, incoming("A1"))
    order = receive(shop, incoming("A1", status="cancelled", minutes=5))
    assert (order.state, order.close_reason) == ("cancelled", "buyer")
    assert order.fulfilments.get().state == "cancelled"
    assert inventory.get_stock([sku])[0].available == 10


def test_a_refund_request_holds_and_its_end_releases() -> None:
    shop = make_shop()
    stocked()
    receive(shop, incoming("A1"))
    order = receive(shop, incoming("A1", minutes=1, refund_status="requested", source_version="r1"))
    assert [hold.code for hold in order.holds.filter(cleared_at=None)] == ["REFUND"]
    order = receive(shop, incoming("A1", minutes=2, refund_status="closed", source_version="r2"))
    assert not order.is_held


def test_a_changed_address_holds_an_order_that_the_warehouse_has() -> None:
    shop = make_shop()
    stocked()
    told = incoming("A1")
    receive(shop, told)
    moved = replace(told.receiver, address="别处 1 号")
    order = receive(shop, incoming("A1", minutes=1, receiver=moved, source_version="moved"))
    assert [hold.code for hold in order.holds.all()] == ["ADDRESS_CHANGED"]


def test_other_goods_before_payment_are_reserved_instead_of_the_first() -> None:
    shop = make_shop()
    stocked("TEE-L", 10), stocked("CAP", 10)
    receive(shop, incoming("A1", status="unpaid", lines=[("TEE-L", 4, "59.00")]))
    order = receive(shop, incoming("A1", status="unpaid", minutes=1, lines=[("CAP", 2, "20.00")]))
    assert [(line.sku_code, line.qty) for line in order.lines.all()] == [("CAP", 2)]
    available = {row.sku: row.available for row in inventory.get_stock(["TEE-L", "CAP"])}
    assert available == {"TEE-L": 10, "CAP": 8}


def test_an_order_already_over_is_stored_as_history_without_touching_stock() -> None:
    shop, sku = make_shop(), stocked(qty=10)
    order = receive(shop, incoming(status="done"))
    assert order.state == "completed"
    assert inventory.get_stock([sku])[0].available == 10


def test_a_platform_that_ships_what_we_still_have_contradicts_us() -> None:
    shop = make_shop()
    stocked()
    receive(shop, incoming("A1"))
    order = receive(shop, incoming("A1", status="shipped", minutes=5))
    hold = order.holds.get()
    assert (hold.code, hold.source) == ("SOURCE_CONFLICT", "shipped_elsewhere")


def test_a_status_nobody_mapped_holds_and_a_known_one_releases() -> None:
    shop = make_shop()
    stocked()
    receive(shop, incoming("A1", status="unknown"))
    order = receive(shop, incoming("A1", status="to_ship", minutes=1))
    assert not order.is_held
    assert order.state == "allocated"


def test_cash_on_delivery_ships_unpaid() -> None:
    shop, sku = make_shop(), stocked(qty=10)
    order = receive(shop, incoming(cash_on_delivery=True, payments=(), source_paid_at=None))
    assert (order.state, order.payment_state, order.paid_amount) == ("allocated", "on_delivery", Decimal(0))
    assert inventory.get_stock([sku])[0].committed == 1


def test_a_sale_over_the_counter_is_complete_and_off_the_shelf() -> None:
    shop, sku = make_shop(), stocked(qty=10)
    order = receive(shop, incoming(status="done", take_away=True))
    assert order.state == "completed"
    (row,) = inventory.get_stock([sku])
    assert (row.on_hand, row.committed) == (9, 0)


def test_a_phone_is_stored_encrypted_and_found_by_its_full_number_only() -> None:
    shop = make_shop()
    stocked()
    order = receive(shop, incoming())
    assert order.address.receiver_phone == "+8613812345678"
    assert find_order_ids("13812345678") == {order.pk}
    assert find_order_ids("5678") == set()


@pytest.mark.parametrize("text", ["22275", "#22275"])
def test_an_order_is_found_by_its_name_on_the_platform_with_or_without_the_hash(text: str) -> None:
    shop = make_shop()
    stocked()
    named = receive(shop, incoming("450", channel_order_name="#22275"), settle=False)
    plain = receive(shop, incoming("22275"), settle=False)
    assert find_order_ids(text) == {named.pk, plain.pk}


def test_a_platform_cipher_order_keeps_the_platforms_masked_text_and_no_phone_index() -> None:
    shop = make_shop(platform="taobao")
    stocked()
    masked = IncomingReceiver(
        mode="platform_cipher", name="李**", phone="*******0001", address="文**路", cipher_token="T1"
    )
    order = receive(shop, incoming(receiver=masked))
    assert (order.address.phone_index, order.address.cipher_token) == (None, "T1")
    assert order.state == "in_review"
    assert order.review_role == "reviewer"


def test_every_order_number_is_new_and_carries_a_check_digit() -> None:
    shop = make_shop()
    stocked()
    numbers = {receive(shop, incoming(), settle=False).order_no for _ in range(3)}
    assert len(numbers) == 3
    assert all(is_order_no(number) for number in numbers)
    assert Order.objects.count() == 3


def shipped(shop: Shop, number: str) -> Order:
    order = receive(shop, incoming(number))
    fo_no = order.fulfilments.get().fo_no
    api.mark_picked(fo_no=fo_no, actor=None)
    api.mark_packed(fo_no=fo_no, actor=None)
    api.ship_fulfilment(fo_no=fo_no, carrier_code="SF", tracking_no="SF1234567890123", actor=None)
    order.refresh_from_db()
    assert order.state == "shipped"
    return order


def test_a_shipped_order_is_signed_for_and_then_completed_as_the_platform_says() -> None:
    shop = make_shop()
    stocked()
    order = shipped(shop, "A1")
    order = receive(shop, incoming("A1", status="shipped", minutes=60, source_signed_at=order.shipped_at))
    assert (order.state, order.is_held) == ("signed", False)
    assert receive(shop, incoming("A1", status="done", minutes=90)).state == "completed"


def test_money_paid_back_for_a_parcel_that_had_left_closes_the_order_without_a_hold() -> None:
    shop = make_shop()
    stocked()
    shipped(shop, "A1")
    order = receive(shop, incoming("A1", status="shipped", minutes=60, refund_status="full", source_version="back"))
    assert (order.state, order.close_reason, order.payment_state) == ("closed", "refunded", "refunded")
    assert not order.is_held
