"""What does not agree between an order and its statement lines, and why. Pure: no database, no clock of its own.

A finding's parts explain its amount one by one; what they leave is `unexplained`. A cause is named only if it is stated
by one of the two sides and fits to the cent, in the tracing order: payment number, coupon, promotion, freight, refund.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import combinations

from kernel.money import ZERO, quantize
from oms.orders.contracts import MoneyFacts

CENT = Decimal("0.01")
CAPTURE_LAG = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Stated:
    """One statement line of an order; no amount where the file does not say in which direction money went."""

    kind: str
    amount: Decimal | None
    gross: Decimal | None
    currency: str
    payment_no: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed with the account, and the moment of looking."""

    at: datetime
    commission_percent: Decimal | None = None
    service_fee_percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Part:
    cause: str
    amount: Decimal
    evidence: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    kind: str
    expected: Decimal
    stated: Decimal
    parts: tuple[Part, ...] = ()
    currency: str = ""  # of the amounts, where it is not the order's

    @property
    def amount(self) -> Decimal:
        return self.stated - self.expected

    @property
    def unexplained(self) -> Decimal:
        return self.amount - sum((part.amount for part in self.parts), ZERO)


def compare(facts: MoneyFacts, lines: Sequence[Stated], terms: Terms) -> list[Finding]:
    """Everything that differs between one order and all lines that one account ever stated for it."""
    if any(line.currency != facts.currency for line in lines):
        return [_other_currency(facts, lines)]
    found = [_payment(facts, lines), _shipment(facts, lines, terms.at)]
    if not any(part.cause == "refund_netted" for finding in found if finding for part in finding.parts):
        found += [_refund(facts, lines)]
    found += [_fee(facts, lines, "commission", terms.commission_percent)]
    found += [_fee(facts, lines, "service_fee", terms.service_fee_percent)]
    return [finding for finding in found if finding]


def missing_payment(facts: MoneyFacts) -> Finding:
    """The order was paid in the statement's period, the statement does not know of it."""
    evidence = {
        "payment_nos": ", ".join(facts.payment_nos),
        "paid_at": facts.paid_at.isoformat() if facts.paid_at else "",
    }
    return Finding("payment_missing", facts.paid, ZERO, (Part("not_in_statement", -facts.paid, evidence),))


def total(lines: Sequence[Stated], kind: str) -> Decimal:
    return sum((line.amount for line in lines if line.kind == kind and line.amount is not None), ZERO)


def _other_currency(facts: MoneyFacts, lines: Sequence[Stated]) -> Finding:
    """The amounts of one strange currency: an account has one, and two are never added up."""
    currency = next(line.currency for line in lines if line.currency != facts.currency)
    strange = (line.amount for line in lines if line.currency == currency and line.amount is not None)
    return Finding("currency", ZERO, sum(strange, ZERO), currency=currency)


def _payment(facts: MoneyFacts, lines: Sequence[Stated]) -> Finding | None:
    payments = [line for line in lines if line.kind == "payment" and line.amount is not None]
    received = quantize(total(payments, "payment"), facts.currency)
    if not payments:
        return None
    if facts.is_non_sale and received:
        return Finding("gift_counted", ZERO, received, (Part("gift", received, {"order": facts.order_no}),))
    if received == facts.paid:
        return None
    if twice := _paid_twice(facts, payments, received - facts.paid):
        return Finding("duplicate_payment", facts.paid, received, (twice,))
    return Finding("amount", facts.paid, received, tuple(_explain(facts, payments, received - facts.paid)))


def _paid_twice(facts: MoneyFacts, payments: Sequence[Stated], gap: Decimal) -> Part | None:
    """One payment too many: the surplus is exactly one line, and the rest are the order's own."""
    surplus = [line for line in payments if line.amount == gap and gap > 0]
    if len(payments) < 2 or not surplus:
        return None
    strange = [line for line in surplus if line.payment_no not in facts.payment_nos]
    line = (strange or surplus)[-1]
    return Part("second_payment", gap, {"payment_no": line.payment_no, "at": line.occurred_at.isoformat()})


def _explain(facts: MoneyFacts, payments: Sequence[Stated], gap: Decimal) -> Iterator[Part]:
    """The coupon that the file itself states, then the smallest set of the order's own amounts that fits what is left."""
    coupon = sum((line.amount - line.gross for line in payments if line.gross is not None and line.amount), ZERO)
    if coupon and gap * coupon > 0 and abs(coupon) <= abs(gap):
        yield Part("coupon_in_statement", coupon, {"stated_by": "statement"})
        gap -= coupon
    if gap:
        yield from _fitting(_known_causes(facts), gap)


def _known_causes(facts: MoneyFacts) -> list[Part]:
    """The order's own amounts, in tracing order, in the direction in which each can open a gap."""
    causes = [
        Part("platform_discount_included", facts.discount_platform),
        Part("platform_discount_not_booked", -facts.discount_platform),
        Part("seller_discount_not_applied", facts.discount_seller),
        Part("freight_not_paid", -facts.shipping),
        Part("freight_added", facts.shipping),
        Part("refund_netted", -facts.refunded),
        Part("service_fee_netted", -facts.service_fee),
        Part("tax_not_paid", -facts.tax),
    ]
    return [Part(cause.cause, cause.amount, {"stated_by": "order"}) for cause in causes if cause.amount]


def _fitting(causes: Sequence[Part], gap: Decimal) -> tuple[Part, ...]:
    for size in (1, 2):
        for parts in combinations(causes, size):
            if sum((part.amount for part in parts), ZERO) == gap:
                return parts
    return ()


def _refund(facts: MoneyFacts, lines: Sequence[Stated]) -> Finding | None:
    stated, expected = quantize(total(lines, "refund"), facts.currency), -quantize(facts.refunded, facts.currency)
    if stated == expected:
        return None
    gap = stated - expected
    cause = "refund_not_in_order" if gap < 0 else "refund_not_in_statement"
    return Finding(
        "refund", expected, stated, (Part(cause, gap, {"order": str(-expected), "statement": str(-stated)}),)
    )


def _fee(facts: MoneyFacts, lines: Sequence[Stated], kind: str, percent: Decimal | None) -> Finding | None:
    """What was kept against what was agreed: a percentage of the paid amount, with or without what was refunded (platforms
    give the fee of a refund back or keep it). A cent a row for rounding."""
    rows = [line for line in lines if line.kind == kind]
    if percent is None or not any(line.kind == "payment" for line in lines):
        return None
    bases = dict.fromkeys((facts.paid, facts.paid - facts.refunded))
    agreed = [-quantize(base * percent / 100, facts.currency) for base in bases]
    stated = quantize(total(rows, kind), facts.currency)
    if any(abs(stated - one) <= CENT * max(len(rows), 1) for one in agreed):
        return None
    evidence = {"percent": f"{percent.normalize():f}", "base": str(quantize(facts.paid, facts.currency))}
    return Finding(kind, agreed[0], stated, (Part(f"{kind}_rate", stated - agreed[0], evidence),))


def _shipment(facts: MoneyFacts, lines: Sequence[Stated], at: datetime) -> Finding | None:
    """Money settled for goods that have not left, longer ago than shipping takes."""
    paid = [line for line in lines if line.kind == "payment" and at - line.occurred_at > CAPTURE_LAG]
    kept = quantize(total(paid, "payment") + total(lines, "refund"), facts.currency)
    if not paid or facts.shipped_at or facts.is_non_sale or kept <= 0:
        return None
    evidence = {"state": facts.state, "paid_at": paid[0].occurred_at.isoformat()}
    return Finding("shipment_missing", ZERO, kept, (Part("not_shipped", kept, evidence),))
