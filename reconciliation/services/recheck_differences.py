"""Look again at open differences that later news may have settled: a late order, a late refund, a parcel gone out."""

from collections import defaultdict
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from kernel.clock import now
from oms.orders.api import find_money_facts
from reconciliation.choices import TRANSIENT_KINDS, DifferenceState
from reconciliation.models import Difference, PaymentAccount, StatementLine
from reconciliation.services.keep_differences import keep_differences
from reconciliation.services.match_lines import compare_orders, match_lines, orders_with_payment

LIMIT = 200
INTERVAL = timedelta(minutes=10)


def recheck_differences(limit: int = LIMIT) -> int:
    """Re-match those not looked at for ten minutes, the longest waiting first. Returns how many were looked at."""
    with transaction.atomic():
        due = Difference.objects.filter(
            state=DifferenceState.OPEN, kind__in=TRANSIENT_KINDS, checked_at__lt=now() - INTERVAL
        ).select_related("account__shop")
        locked = due.order_by("checked_at", "id").select_for_update(of=("self",), skip_locked=True)
        rows = list(locked[:limit])
        Difference.objects.filter(pk__in=[row.pk for row in rows]).update(checked_at=now())
        by_account: dict[PaymentAccount, list[Difference]] = defaultdict(list)
        for row in rows:
            by_account[row.account].append(row)
        for account, group in by_account.items():
            _recheck(account, group)
    return len(rows)


def _recheck(account: PaymentAccount, group: list[Difference]) -> None:
    order_nos = {row.order_no for row in group if row.order_no}
    facts = find_money_facts(order_nos=order_nos)
    keep_differences(
        account, None, compare_orders(account, facts), order_nos, paid=orders_with_payment(account, order_nos)
    )
    if lost := [row for row in group if not row.order_no]:
        match_lines(account, _lines_of(account, lost), None)


def _lines_of(account: PaymentAccount, rows: list[Difference]) -> list[StatementLine]:
    refs = {row.order_ref for row in rows if row.order_ref}
    payments = {row.payment_no for row in rows if row.payment_no}
    mine = Q(order_ref__in=refs) | Q(order_ref="", payment_no__in=payments)
    return list(StatementLine.objects.filter(mine, account=account).order_by("id"))
