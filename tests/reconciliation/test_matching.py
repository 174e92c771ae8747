"""Lines find their orders by number, and what does not agree shows with its evidence."""

from datetime import timedelta
from decimal import Decimal

import pytest

from kernel import clock
from oms.orders.models import Order, Shop
from reconciliation import api
from reconciliation.models import Difference, Match, PaymentAccount, Statement
from tests.factories.accounts import make_user
from tests.factories.orders import incoming, make_shop, receive, stocked
from tests.factories.reconciliation import bring, make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    shop = make_shop()
    stocked()
    return shop


@pytest.fixture
def account(shop: Shop) -> PaymentAccount:
    return make_account(shop)


def the_difference() -> Difference:
    return Difference.objects.get()


def test_a_line_finds_its_order_by_the_platform_s_number(shop: Shop, account: PaymentAccount) -> None:
    order = receive(shop, incoming("1001"))
    bring(account, [("1001", "payment", "59.00")])
    match = Match.objects.get()
    assert (match.order_no, match.method, match.payment_no) == (order.order_no, "channel_order_no", "PAY-1001")
    assert Difference.objects.count() == 0
    assert Statement.objects.get().state == "matched"


def test_the_payment_number_decides_before_the_order_number(shop: Shop) -> None:
    paid = receive(shop, incoming("1001"))
    receive(shop, incoming("1002"))
    api.create_account(code="wx", name="微信支付", kind="wechat")
    body = (
        "交易时间,微信订单号,商户订单号,交易状态,货币种类,应结订单金额,手续费,订单金额\r\n"
        f"`{clock.now():%Y-%m-%d %H:%M:%S},`PAY-1001,`1002,`SUCCESS,`CNY,`59.00,`0.00000,`59.00\r\n"
        "总交易单数,应结订单总金额\r\n`1,`59.00\r\n"
    ).encode()
    api.match_now(api.import_statement(account_code="wx", file_name="b.csv", body=body, actor="tests").uid)
    match = Match.objects.get()
    assert (match.order_no, match.method) == (paid.order_no, "payment_no")


def test_an_account_of_one_shop_never_matches_another_shop_s_order(shop: Shop, account: PaymentAccount) -> None:
    receive(make_shop("shop-b"), incoming("2001"))
    bring(account, [("2001", "payment", "59.00")])
    assert Match.objects.count() == 0
    assert the_difference().kind == "order_missing"


def test_a_number_that_two_shops_use_decides_nothing_on_a_shared_account(shop: Shop) -> None:
    receive(shop, incoming("3001"))
    receive(make_shop("shop-b"), incoming("3001"))
    bring(make_account(code="shared"), [("3001", "payment", "59.00")])
    assert Match.objects.count() == 0


def test_an_amount_that_differs_is_a_difference_whose_parts_add_up(shop: Shop, account: PaymentAccount) -> None:
    order = receive(shop, incoming("1001"))
    bring(account, [("1001", "payment", "58.00")])
    found = the_difference()
    assert (found.kind, found.order_no, found.shop_id) == ("amount", order.order_no, shop.pk)
    assert (found.expected_amount, found.stated_amount, found.amount) == (59, 58, -1)
    assert sum((Decimal(part["amount"]) for part in found.parts), found.unexplained_amount) == found.amount


def test_the_commission_that_was_agreed_is_compared_with_what_was_kept(shop: Shop) -> None:
    account = make_account(shop, commission_percent=Decimal("2"))
    receive(shop, incoming("1001"))
    receive(shop, incoming("1002"))
    bring(account, [
        ("1001", "payment", "59.00"), ("1001", "commission", "-1.18"),
        ("1002", "payment", "59.00"), ("1002", "commission", "-2.36"),
    ])  # fmt: skip
    assert (the_difference().kind, the_difference().order_ref) == ("commission", "1002")


def test_a_payment_in_one_statement_and_its_refund_in_the_next_are_one_story(
    shop: Shop, account: PaymentAccount
) -> None:
    receive(shop, incoming("1001"))
    bring(account, [("1001", "payment", "59.00")])
    assert Difference.objects.count() == 0
    bring(account, [("1001", "refund", "-59.00")], no="S2")
    found = the_difference()
    assert (found.kind, found.parts[0]["cause"]) == ("refund", "refund_not_in_order")


def test_a_row_of_an_unknown_kind_stays_visible(shop: Shop, account: PaymentAccount) -> None:
    receive(shop, incoming("1001"))
    bring(account, [("1001", "payment", "59.00"), ("1001", "promo_rebate", "1.50")])
    found = the_difference()
    assert (found.kind, found.amount, found.unexplained_amount) == ("unknown_row", Decimal("1.5"), Decimal("1.5"))


def test_a_missing_order_clears_by_itself_when_it_arrives(shop: Shop, account: PaymentAccount) -> None:
    bring(account, [("1001", "payment", "59.00")])
    assert (the_difference().kind, the_difference().amount) == ("order_missing", 59)
    receive(shop, incoming("1001"))
    Difference.objects.update(checked_at=clock.now() - timedelta(hours=1))
    assert api.recheck_differences() == 1
    assert (the_difference().state, the_difference().resolved_by) == ("cleared", None)
    assert Match.objects.count() == 1


def test_an_order_paid_in_the_statement_s_time_that_it_lacks_is_a_payment_missing(
    shop: Shop, account: PaymentAccount
) -> None:
    start = clock.now().replace(microsecond=0) - timedelta(days=1)
    for number, hours in (("1001", 0), ("1002", 1), ("1003", 3), ("1004", 5)):
        receive(shop, incoming(number, at=start + timedelta(hours=hours)))
    rows = [("1001", "payment", "59.00"), ("1003", "payment", "59.00")]
    bring(account, rows, at=start, step=timedelta(hours=3))
    found = the_difference()
    assert (found.kind, found.order_ref, found.amount) == ("payment_missing", "1002", -59)
    bring(account, [("1002", "payment", "59.00")], no="S2")
    assert the_difference().state == "cleared"


def test_where_a_platform_pays_for_what_was_shipped_only_shipped_orders_are_expected(shop: Shop) -> None:
    account = make_account(shop, settles_on="shipment")
    start = clock.now().replace(microsecond=0) - timedelta(days=1)
    for number in ("1001", "1002", "1003"):
        receive(shop, incoming(number, at=start + timedelta(hours=1)))
    Order.objects.exclude(channel_order_no="1003").update(shipped_at=start + timedelta(hours=2))
    rows = [("1001", "payment", "59.00"), ("9", "freight", "-1.00"), ("9", "freight", "-1.00")]
    bring(account, rows, at=start, step=timedelta(hours=1, minutes=30))
    assert list(Difference.objects.filter(kind="payment_missing").values_list("order_ref", flat=True)) == ["1002"]


def test_a_difference_that_a_person_closed_stays_closed_until_the_gap_changes(
    shop: Shop, account: PaymentAccount
) -> None:
    receive(shop, incoming("1001"))
    bring(account, [("1001", "payment", "58.00")])
    finance = make_user("finance")
    api.resolve_difference(uid=str(the_difference().uid), decision="accepted", reason="1 yuan waived", actor=finance)
    bring(account, [("1001", "freight", "-0.50")], no="S2")
    assert the_difference().state == "accepted"
    bring(account, [("1001", "payment", "0.40")], no="S3")
    assert (the_difference().state, the_difference().amount) == ("open", Decimal("-0.6"))


def test_matching_again_changes_nothing(shop: Shop, account: PaymentAccount) -> None:
    receive(shop, incoming("1001"))
    bring(account, [("1001", "payment", "58.00")])
    before = list(Difference.objects.values("uid", "amount", "state"))
    Difference.objects.update(checked_at=clock.now() - timedelta(hours=1))
    api.recheck_differences()
    assert list(Difference.objects.values("uid", "amount", "state")) == before


def test_orders_of_many_lines_are_matched_across_chunks(shop: Shop, account: PaymentAccount) -> None:
    for number in range(3):
        receive(shop, incoming(f"C{number}"))
    rows = [(f"C{n % 3}", "payment", "59.00") if n < 3 else (f"X{n}", "payment", "1.00") for n in range(1100)]
    result = bring(account, rows)
    assert result.lines == 1100
    assert Match.objects.count() == 3
    assert Difference.objects.filter(kind="order_missing").count() == 1097
    assert Order.objects.count() == 3
