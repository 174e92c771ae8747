"""A difference's parts add up to its gap, causes are named only when they fit, and the rest is called unexplained."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from oms.orders.contracts import MoneyFacts
from reconciliation.evidence import Finding, Stated, Terms, compare

AT = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
TERMS = Terms(at=AT + timedelta(hours=1))


def D(text: str) -> Decimal:
    return Decimal(text)


ORDER = MoneyFacts(
    order_no="O1", channel_order_no="1001", shop_code="demo", currency="CNY", state="paid", payment_state="paid",
    is_non_sale=False, goods=D("299"), shipping=D(0), discount_seller=D(0), discount_platform=D(0), tax=D(0),
    service_fee=D(0), paid=D("299"), refunded=D(0), paid_at=AT, shipped_at=AT, signed_at=None, payment_nos=("P1",),
    tracking_nos=("SF1",),
)  # fmt: skip


def line(kind: str, amount: str, *, gross: str = "", currency: str = "CNY", payment_no: str = "P1") -> Stated:
    return Stated(kind, D(amount), D(gross) if gross else None, currency, payment_no, AT)


def only(found: list[Finding]) -> Finding:
    assert len(found) == 1, found
    return found[0]


def causes(finding: Finding) -> list[tuple[str, Decimal]]:
    return [(part.cause, part.amount) for part in finding.parts]


def test_an_order_and_its_payment_that_agree_are_no_difference() -> None:
    assert compare(ORDER, [line("payment", "299.00")], TERMS) == []


def test_299_ordered_against_289_settled_is_the_coupon_that_the_statement_shows() -> None:
    finding = only(compare(ORDER, [line("payment", "289.00", gross="299.00")], TERMS))
    assert (finding.kind, finding.amount) == ("amount", D("-10"))
    assert causes(finding) == [("coupon_in_statement", D("-10"))]
    assert finding.unexplained == 0


def test_a_gap_that_nothing_accounts_for_is_called_unexplained() -> None:
    finding = only(compare(ORDER, [line("payment", "298.00")], TERMS))
    assert (finding.parts, finding.unexplained) == ((), D("-1"))


def test_freight_that_was_left_out_is_named_when_it_fits_to_the_cent() -> None:
    with_freight = replace(ORDER, goods=D("289"), shipping=D("10"))
    assert causes(only(compare(with_freight, [line("payment", "289.00")], TERMS))) == [("freight_not_paid", D("-10"))]


def test_two_causes_together_explain_a_gap_that_neither_does_alone() -> None:
    order = replace(ORDER, shipping=D("8"), discount_platform=D("5"))
    finding = only(compare(order, [line("payment", "286.00")], TERMS))
    assert causes(finding) == [("platform_discount_not_booked", D("-5")), ("freight_not_paid", D("-8"))]


def test_the_coupon_is_traced_before_the_freight() -> None:
    order = replace(ORDER, shipping=D("10"))
    finding = only(compare(order, [line("payment", "289.00", gross="299.00")], TERMS))
    assert causes(finding) == [("coupon_in_statement", D("-10"))]


def test_a_second_payment_of_the_same_order_is_a_payment_made_twice() -> None:
    finding = only(compare(ORDER, [line("payment", "299"), line("payment", "299", payment_no="P2")], TERMS))
    assert (finding.kind, finding.amount) == ("duplicate_payment", D("299"))
    assert finding.parts[0].evidence["payment_no"] == "P2"


def test_deposit_and_balance_are_one_payment_in_two_lines() -> None:
    order = replace(ORDER, payment_nos=("P1", "P2"))
    assert compare(order, [line("payment", "99"), line("payment", "200", payment_no="P2")], TERMS) == []


def test_a_refund_that_the_order_does_not_know_is_not_synced() -> None:
    finding = only(compare(ORDER, [line("payment", "299"), line("refund", "-50")], TERMS))
    assert (finding.kind, finding.expected, finding.stated) == ("refund", 0, D("-50"))
    assert causes(finding) == [("refund_not_in_order", D("-50"))]


def test_a_refund_that_was_netted_is_told_once() -> None:
    order = replace(ORDER, refunded=D("50"))
    finding = only(compare(order, [line("payment", "249")], TERMS))
    assert causes(finding) == [("refund_netted", D("-50"))]


def test_money_for_a_gift_is_a_gift_counted_as_a_sale() -> None:
    gift = replace(ORDER, is_non_sale=True, paid=D(0))
    assert only(compare(gift, [line("payment", "299")], TERMS)).kind == "gift_counted"


def test_commission_at_the_agreed_rate_is_no_difference_even_a_cent_off() -> None:
    terms = replace(TERMS, commission_percent=D("2"))
    assert compare(ORDER, [line("payment", "299"), line("commission", "-5.99")], terms) == []


def test_commission_that_was_kept_twice_is_a_difference_with_its_rate() -> None:
    terms = replace(TERMS, commission_percent=D("2"))
    finding = only(compare(ORDER, [line("payment", "299"), line("commission", "-11.96")], terms))
    assert (finding.kind, finding.expected, finding.amount) == ("commission", D("-5.98"), D("-5.98"))
    assert finding.parts[0].evidence == {"percent": "2", "base": "299.00"}


def test_without_an_agreed_rate_a_fee_is_taken_as_it_is() -> None:
    assert compare(ORDER, [line("payment", "299"), line("service_fee", "-40")], TERMS) == []


def test_money_for_goods_that_have_not_left_for_three_days_is_a_shipment_missing() -> None:
    waiting = replace(ORDER, shipped_at=None)
    assert compare(waiting, [line("payment", "299")], TERMS) == []
    late = replace(TERMS, at=AT + timedelta(hours=73))
    assert only(compare(waiting, [line("payment", "299")], late)).kind == "shipment_missing"


def test_another_currency_is_never_compared_with_the_order_s() -> None:
    finding = only(compare(ORDER, [line("payment", "299", currency="USD")], TERMS))
    assert (finding.kind, finding.unexplained, finding.currency) == ("currency", D("299"), "USD")


def test_two_strange_currencies_are_never_added_up() -> None:
    lines = [line("payment", "251.50", currency="USD"), line("payment", "5.00", currency="EUR")]
    assert only(compare(ORDER, lines, TERMS)).stated == D("251.50")


MONEY = st.decimals(min_value=0, max_value=2000, places=2)


@given(st.lists(MONEY, min_size=5, max_size=5), st.lists(MONEY, min_size=1, max_size=3), st.booleans())
def test_parts_and_the_unexplained_rest_always_add_up_to_the_gap(
    own: list[Decimal], lines: list[Decimal], gift: bool
) -> None:
    paid, shipping, platform, refunded, gross = own
    order = replace(
        ORDER, paid=paid, shipping=shipping, discount_platform=platform, refunded=refunded, is_non_sale=gift
    )
    stated = [Stated("payment", amount, gross, "CNY", f"P{n}", AT) for n, amount in enumerate(lines)]
    for finding in compare(order, stated, replace(TERMS, commission_percent=D("2"))):
        assert finding.expected + finding.amount == finding.stated
        assert sum((part.amount for part in finding.parts), D(0)) + finding.unexplained == finding.amount
