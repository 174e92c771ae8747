"""Match an imported statement stretch by stretch; after the last one, look for the payments that it lacks."""

import time
from datetime import timedelta

from django.db.models import Count, Max, Min, Q, QuerySet

from kernel import work
from kernel.clock import now
from oms.orders.api import Order, find_money_facts
from reconciliation.choices import DifferenceState, SettlesOn, StatementState
from reconciliation.contracts import MatchSummary
from reconciliation.evidence import missing_payment
from reconciliation.models import MatchChunk, PaymentAccount, Statement
from reconciliation.services.keep_differences import Found, keep_differences
from reconciliation.services.match_lines import match_lines, orders_with_payment

BATCH = 500
CAPTURE_LAG = timedelta(minutes=10)
WAIT_SECONDS = 300
NOT_EXPECTED = ("pending_payment", "cancelled", "closed")


def match_chunk(chunk: MatchChunk) -> None:
    """The work of one row; the kernel commits it together with the row's end."""
    statement = chunk.statement
    account = statement.account
    lines = statement.lines.filter(line_no__range=(chunk.first_line_no, chunk.last_line_no)).defer("cells")
    match_lines(account, list(lines), statement)
    if chunk.is_final:
        find_missing_payments(account, statement)
        Statement.objects.filter(pk=statement.pk).update(state=StatementState.MATCHED, matched_at=now())


def find_missing_payments(account: PaymentAccount, statement: Statement) -> None:
    """Orders of the account's shop that came due within the statement's time and that the account never stated."""
    due = _due(account, statement) if account.shop else None
    if due is None:
        return
    orders = due.filter(shop=account.shop, is_non_sale=False, is_cash_on_delivery=False, paid_amount__gt=0)
    order_nos = list(orders.exclude(state__in=NOT_EXPECTED).order_by("id").values_list("order_no", flat=True))
    for start in range(0, len(order_nos), BATCH):
        _keep_missing(account, statement, order_nos[start : start + BATCH])


def _due(account: PaymentAccount, statement: Statement) -> QuerySet[Order] | None:
    """By payment time, or by shipping time where the platform pays for what was shipped; the last minutes are left out,
    their rows may be still on their way."""
    rows = statement.lines.all()
    if account.settles_on == SettlesOn.SHIPMENT:
        rows = rows.exclude(kind="payment")
    span = rows.aggregate(first=Min("occurred_at"), last=Max("occurred_at"))
    if span["first"] is None:
        return None
    column = "shipped_at" if account.settles_on == SettlesOn.SHIPMENT else "source_paid_at"
    return Order.objects.filter(**{f"{column}__gte": span["first"], f"{column}__lte": span["last"] - CAPTURE_LAG})


def _keep_missing(account: PaymentAccount, statement: Statement, order_nos: list[str]) -> None:
    stated = orders_with_payment(account, order_nos)
    missing = find_money_facts(order_nos=[number for number in order_nos if number not in stated])
    found = [
        Found(one.order_no, missing_payment(one), one.currency, one.order_no, one.shop_code,
              order_ref=one.channel_order_no, payment_no=", ".join(one.payment_nos)[:80])
        for one in missing
    ]  # fmt: skip
    keep_differences(account, statement, found, checked=(), paid=stated)


def match_now(uid: str) -> MatchSummary:
    """Match a statement's waiting stretches in this process, beside whatever the workers do, and say how it stands."""
    statement = Statement.objects.get(uid=uid)
    ends = time.monotonic() + WAIT_SECONDS
    while MatchChunk.objects.filter(statement=statement, state__in=("ready", "running")).exists():
        work.drain(MatchChunk._meta.label_lower)
        if time.monotonic() > ends:
            break
        time.sleep(0.05)
    return summarize(statement)


def summarize(statement: Statement) -> MatchSummary:
    found = statement.lines.aggregate(
        matched=Count("pk", filter=Q(match__isnull=False)), unmatched=Count("pk", filter=Q(match__isnull=True))
    )
    return MatchSummary(
        matched=found["matched"],
        unmatched=found["unmatched"],
        open_differences=statement.differences.filter(state=DifferenceState.OPEN).count(),
    )
