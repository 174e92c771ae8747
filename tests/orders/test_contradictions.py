"""News that does not fit what we know: money told anew, goods that change, times and currencies that cannot be."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from inventory import api as inventory
from kernel import clock
from kernel.errors import InvalidInput
from oms.orders import api
from oms.orders.contracts import IncomingPayment
from oms.orders.models import Order, Shop
from tests.factories.accounts import make_user
from tests.factories.orders import incoming, make_shop, receive, settle_events, stocked

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    shop = make_shop()
    stocked("TEE-L", 100)
    return shop


def holds(order: Order) -> set[tuple[str, str]]:
    return set(order.holds.filter(cleared_at__isnull=True).values_list("code", "source"))


def stock_state(order: Order) -> str:
    reservation = inventory.get_reservation(order.reservation_id)
    return reservation.state if reservation else ""


def part(amount: str, number: str = "P1") -> IncomingPayment:
    return IncomingPayment(number, "alipay", Decimal(amount), clock.now())


def pay(order: Order, amount: str, number: str) -> Order:
    api.record_payment(
        order_no=order.order_no,
        payment_no=number,
        amount=Decimal(amount),
        currency="CNY",
        method="alipay",
        paid_at=clock.now(),
    )
    settle_events()
    order.refresh_from_db()
    return order


def test_part_payments_pay_an_order_only_when_they_add_up(shop: Shop) -> None:
    order = receive(shop, incoming(status="unpaid"))
    for number in range(3):
        order = pay(order, "1.00", f"P{number}")
        assert (order.state, order.payment_state) == ("pending_payment", "partly_paid")
        assert order.source_paid_at is None
    assert pay(order, "56.00", "P9").payment_state == "paid"
    assert order.state == "allocated"


def test_a_deposit_told_with_an_unpaid_order_does_not_pay_it(shop: Shop) -> None:
    order = receive(shop, incoming(status="unpaid", payments=(part("1.00"),)))
    assert (order.state, order.payment_state, order.paid_amount) == ("pending_payment", "partly_paid", 1)


@pytest.mark.parametrize("amount", ["0", "0.001", "-1"])
def test_a_payment_of_nothing_is_refused(shop: Shop, amount: str) -> None:
    order = receive(shop, incoming(status="unpaid"))
    with pytest.raises(InvalidInput):
        pay(order, amount, "P1")


def test_the_payment_that_a_platform_names_later_takes_the_place_of_its_word(shop: Shop) -> None:
    told = incoming("A1", payments=())
    order = receive(shop, told)
    assert [row.payment_no for row in order.payments.all()] == ["platform:A1"]
    named = replace(told, payments=(part("59.00", "ALI-1"),), source_version="2")
    order = receive(shop, named)
    assert ([row.payment_no for row in order.payments.all()], order.paid_amount) == (["ALI-1"], 59)
    order = receive(shop, replace(told, source_version="3"))
    assert (order.payments.count(), order.paid_amount, order.is_held) == (1, 59, False)


def test_a_cancellation_is_followed_although_its_money_contradicts_ours(shop: Shop) -> None:
    told = incoming("A1")
    order = receive(shop, told)
    other = replace(told, payments=(part("50.00", "PAY-A1"),), source_version="2")
    order = receive(shop, other)
    assert holds(order) == {("SOURCE_CONFLICT", "payment")}
    assert order.paid_amount == 59
    order = receive(shop, replace(other, status="cancelled", refund_status="full", source_version="3"))
    assert (order.state, order.is_held) == ("cancelled", False)


def test_less_money_than_the_platform_says_holds_until_it_is_there(shop: Shop) -> None:
    told = incoming("A1", payments=(part("9.00"),))
    order = receive(shop, told)
    assert holds(order) == {("UNDERPAID", "platform")}
    rest = (part("9.00"), part("50.00", "P2"))
    assert holds(receive(shop, replace(told, payments=rest, source_version="2"))) == set()


def test_the_rules_look_again_when_an_order_in_review_changes(shop: Shop) -> None:
    told = incoming("A1", lines=[("TEE-L", 10, "59.00")])
    order = receive(shop, told)
    assert (order.state, order.is_held) == ("in_review", False)
    moved = replace(told, receiver=replace(told.receiver, address="临时板房 7 栋"), source_version="2")
    order = receive(shop, moved)
    assert {code for code, _source in holds(order)} == {"RULE"}
    assert order.rule_runs.count() == 2
    dearer = incoming("A1", lines=[("TEE-L", 100, "59.00")], minutes=1)
    assert receive(shop, dearer).review_role == "supervisor"


def test_another_currency_after_payment_changes_nothing_and_holds(shop: Shop) -> None:
    told = incoming("A1")
    receive(shop, told)
    order = receive(shop, replace(told, currency="USD", source_version="2"))
    assert (order.currency, holds(order)) == ("CNY", {("SOURCE_CONFLICT", "currency")})


def test_an_order_first_heard_of_half_shipped_waits_for_a_person(shop: Shop) -> None:
    order = receive(shop, incoming(status="part_shipped"))
    assert holds(order) == {("SOURCE_CONFLICT", "shipped_elsewhere")}
    assert order.state != "shipped"


def test_history_keeps_its_payments_and_is_not_held_by_later_news(shop: Shop) -> None:
    told = incoming("A1", status="done")
    order = receive(shop, told)
    assert (order.payments.count(), order.payment_state) == (1, "paid")
    order = receive(shop, replace(told, seller_note="thanks", source_version="2"))
    assert (order.payments.count(), order.is_held) == (1, False)


def test_a_cancelled_order_is_not_held_by_its_lines(shop: Shop) -> None:
    told = incoming("A1", status="cancelled", payments=())
    receive(shop, told)
    order = receive(shop, replace(told, lines=(), source_version="2"))
    assert (order.is_held, order.lines.count()) == (False, 1)


def test_a_telling_without_lines_takes_none_away(shop: Shop) -> None:
    told = incoming("A1", lines=[("TEE-L", 10, "59.00")])
    receive(shop, told)
    order = receive(shop, replace(told, lines=(), source_version="2"))
    assert (holds(order), order.lines.count()) == ({("SOURCE_CONFLICT", "lines")}, 1)
    assert stock_state(order) == "committed"


def test_an_order_of_nothing_says_so(shop: Shop) -> None:
    assert holds(receive(shop, incoming(status="unpaid", lines=None, payments=()))) == set()
    empty = replace(incoming("A2", status="unpaid"), lines=())
    assert holds(receive(shop, empty)) == {("SOURCE_CONFLICT", "no_lines")}


def test_news_from_the_future_does_not_make_all_later_news_old(shop: Shop) -> None:
    told = incoming("A1")
    order = receive(shop, replace(told, source_updated_at=clock.now() + timedelta(days=30_000)))
    assert order.warnings == ["updated_in_the_future"]
    later = replace(told, status="cancelled", source_updated_at=clock.now() + timedelta(minutes=1), source_version="2")
    assert receive(shop, later).state == "cancelled"


def test_the_right_article_told_later_ends_the_hold_for_the_wrong_one(shop: Shop) -> None:
    order = receive(shop, incoming("A1", lines=[("NOBODY", 1, "59.00")]))
    assert holds(order) == {("UNMATCHED", "stock")}
    order = receive(shop, incoming("A1", minutes=1))
    assert holds(order) == set()
    assert stock_state(order) == "committed"


def test_a_sale_over_the_counter_that_was_held_is_complete_and_never_sent(shop: Shop) -> None:
    order = receive(shop, incoming(take_away=True, lines=[("TEE-L", 150, "0.10")]))
    assert holds(order) == {("STOCK_SHORT", "stock")}
    stocked("TEE-L", 200)
    api.release_holds(order_no=order.order_no, actor=make_user("admin"), reason="counted again")
    settle_events()
    order.refresh_from_db()
    assert (order.state, order.fulfilments.count()) == ("completed", 0)
    assert inventory.get_stock(["TEE-L"], "WH-SH")[0].on_hand == 50


def test_an_unpaid_order_of_our_own_store_is_closed_whatever_became_of_its_stock(shop: Shop) -> None:
    with clock.at(clock.now() - timedelta(hours=2)):
        short = receive(shop, incoming(status="unpaid", lines=[("TEE-L", 1000, "1.00")]))
        unknown = receive(shop, incoming(status="unpaid", lines=[("NOBODY", 1, "1.00")]))
        begun = receive(shop, incoming(status="unpaid", payments=(part("1.00"),)))
    fresh = receive(shop, incoming(status="unpaid"))
    assert api.close_unpaid() == 2
    states = [Order.objects.get(pk=order.pk).state for order in (short, unknown, begun, fresh)]
    assert states == ["cancelled", "cancelled", "pending_payment", "pending_payment"]
