"""Find the order of each statement line, then compare each order with all that its account ever stated for it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connection

from kernel.clock import now
from kernel.money import ZERO, quantize
from kernel.plugins import discover
from oms.orders.api import MoneyFacts, find_money_facts
from reconciliation.evidence import Finding, Part, Stated, Terms, compare
from reconciliation.matchers.base import Clue, FindFacts, Hit, Matcher
from reconciliation.models import Match, PaymentAccount, Statement, StatementLine
from reconciliation.services.keep_differences import Found, keep_differences

INSERT_MATCHES = """
INSERT INTO reconciliation_match
    (account_id, matched_at, line_id, order_no, payment_no, tracking_no, method, tolerance_amount)
SELECT %s, %s, * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::numeric[])
ON CONFLICT DO NOTHING
"""


@cache
def matchers() -> tuple[Matcher, ...]:
    found = [module.MATCHER for module in discover("reconciliation.matchers", needs="MATCHER").values()]
    return tuple(sorted(found, key=lambda one: one.rank))


def match_lines(account: PaymentAccount, lines: Sequence[StatementLine], statement: Statement | None) -> None:
    """Place the lines that have no order yet, compare the orders touched, keep what differs. Repeatable."""
    matched = dict(Match.objects.filter(line__in=lines).values_list("line_id", "order_no"))
    hits = _find(account, [line for line in lines if line.pk not in matched])
    _keep_matches(account, hits)
    facts = {hit.facts.order_no: hit.facts for hit in hits.values()}
    known = set(matched.values()) - set(facts)
    facts |= {one.order_no: one for one in find_money_facts(order_nos=known)} if known else {}
    lost = [line for line in lines if line.pk not in hits and line.pk not in matched]
    found = [*compare_orders(account, list(facts.values())), *orphans(lost), *strangers(lines)]
    checked = {*facts, *map(subject_of, lines), *map(row_subject, lines)}
    keep_differences(account, statement, found, checked, paid=orders_with_payment(account, list(facts)))


def compare_orders(account: PaymentAccount, facts: Sequence[MoneyFacts]) -> list[Found]:
    terms = Terms(now(), account.commission_percent, account.service_fee_percent)
    stated = _stated(account, [one.order_no for one in facts])
    return [
        Found(one.order_no, finding, finding.currency or one.currency, one.order_no, one.shop_code, order_ref=one.channel_order_no,
              payment_no=", ".join(one.payment_nos)[:80])
        for one in facts
        for finding in compare(one, stated[one.order_no], terms)
    ]  # fmt: skip


def orphans(lines: Sequence[StatementLine]) -> list[Found]:
    """Money for orders that our books do not know, one difference an order reference."""
    groups: dict[str, list[StatementLine]] = defaultdict(list)
    for line in lines:
        if line.amount is not None and line.kind != "other":
            groups[subject_of(line)].append(line)
    return [_orphan(subject, group) for subject, group in groups.items()]


def strangers(lines: Sequence[StatementLine]) -> list[Found]:
    """Rows of a kind that we do not know: shown as they are; the whole amount stays unexplained."""
    return [
        Found(row_subject(line), Finding("unknown_row", ZERO, quantize(line.amount or ZERO, line.currency)), line.currency,
              order_ref=line.order_ref, payment_no=line.payment_no)
        for line in lines
        if line.kind == "other" or line.amount is None
    ]  # fmt: skip


def subject_of(line: StatementLine) -> str:
    """What a difference of an unplaced line is about: its order reference, else its payment, else the row itself."""
    if line.order_ref:
        return f"ref:{line.order_ref}"
    return f"payment:{line.payment_no}" if line.payment_no else row_subject(line)


def row_subject(line: StatementLine) -> str:
    return f"row:{line.row_key}"


def orders_with_payment(account: PaymentAccount, order_nos: Collection[str]) -> set[str]:
    """Which of the orders have a payment stated by this account."""
    rows = Match.objects.filter(account=account, order_no__in=order_nos, line__kind="payment")
    return set(rows.values_list("order_no", flat=True))


def _find(account: PaymentAccount, lines: Sequence[StatementLine]) -> dict[int, Hit]:
    find = _finder(account)
    hits: dict[int, Hit] = {}
    for matcher in matchers():
        clues = [Clue(line.pk, line.order_ref, line.payment_no) for line in lines if line.pk not in hits]
        hits |= matcher.match(clues, find) if clues else {}
    return hits


def _finder(account: PaymentAccount) -> FindFacts:
    """An account of one shop knows that shop's orders only; a shared account looks in all of them."""
    shop_code = account.shop.code if account.shop else ""

    def find(
        *, payment_nos: Collection[str] = (), channel_order_nos: Collection[str] = (), order_nos: Collection[str] = ()
    ) -> list[MoneyFacts]:
        facts = find_money_facts(
            payment_nos=payment_nos, channel_order_nos=channel_order_nos, order_nos=order_nos, shop_code=shop_code
        )
        return [one for one in facts if not shop_code or one.shop_code == shop_code]

    return find


def _keep_matches(account: PaymentAccount, hits: Mapping[int, Hit]) -> None:
    """One statement for all of them; a line that somebody matched meanwhile keeps its match."""
    columns: list[list[Any]] = [[], [], [], [], [], []]
    for line_id, hit in hits.items():
        parcels = hit.facts.tracking_nos
        row = (line_id, hit.facts.order_no, hit.payment_no, parcels[0] if parcels else "", hit.method, hit.tolerance)
        for column, value in zip(columns, row, strict=True):
            column.append(value)
    with connection.cursor() as cursor:
        cursor.execute(INSERT_MATCHES, [account.pk, now(), *columns])


def _stated(account: PaymentAccount, order_nos: Collection[str]) -> dict[str, list[Stated]]:
    stated: dict[str, list[Stated]] = defaultdict(list)
    rows = Match.objects.filter(account=account, order_no__in=order_nos).order_by("line_id")
    columns = ("kind", "amount", "gross_amount", "currency", "payment_no", "occurred_at")
    for order_no, *line in rows.values_list("order_no", *(f"line__{name}" for name in columns)):
        stated[order_no].append(Stated(*line))
    return stated


def _orphan(subject: str, lines: Sequence[StatementLine]) -> Found:
    first = lines[0]
    parts = tuple(
        Part(
            f"{line.kind}_without_order",
            quantize(line.amount or ZERO, line.currency),
            {"row": line.row_key, "line": str(line.line_no)},
        )
        for line in lines
    )
    finding = Finding("order_missing", ZERO, sum((part.amount for part in parts), ZERO), parts)
    return Found(subject, finding, first.currency, order_ref=first.order_ref, payment_no=first.payment_no)
