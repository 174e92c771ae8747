"""Reads of reconciliation, each limited to the accounts and shops that the person may see."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from accounts.api import User, in_scope
from kernel.clock import now
from kernel.paging import capped_count
from oms.orders.api import Order, OrderNotFound, OrderPayment, Shop, visible_orders
from reconciliation.choices import DifferenceState
from reconciliation.contracts import OpenDifferences
from reconciliation.errors import DifferenceNotFound, StatementNotFound
from reconciliation.models import Difference, Match, PaymentAccount, Statement, StatementLine


def list_accounts(user: User, perm: str = "reconciliation.view_statement") -> QuerySet[PaymentAccount]:
    """Accounts of the person's shops, and those that no single shop owns."""
    accounts = PaymentAccount.objects.filter(is_active=True).select_related("shop")
    if not user.has_perm(perm):
        return accounts.none()
    return accounts.filter(shop=None) | in_scope(accounts, user, perm, "shop_id", Shop)


def list_statements(user: User) -> QuerySet[Statement]:
    return Statement.objects.filter(account__in=list_accounts(user)).select_related("account__shop", "imported_by")


def get_statement(user: User, uid: str | UUID) -> Statement:
    statement = list_statements(user).filter(uid=uid).first()
    if statement is None:
        raise StatementNotFound(_("There is no such statement."))
    return statement


def list_differences(user: User) -> QuerySet[Difference]:
    perm = "reconciliation.view_difference"
    rows = Difference.objects.select_related("account", "shop", "statement", "resolved_by")
    if not user.has_perm(perm):
        return rows.none()
    return rows.filter(shop=None) | in_scope(rows, user, perm, "shop_id", Shop)


def get_difference(user: User, uid: str | UUID) -> Difference:
    difference = list_differences(user).filter(uid=uid).first()
    if difference is None:
        raise DifferenceNotFound(_("There is no such difference."))
    return difference


def list_payments(user: User, perm: str = "reconciliation.view_payment") -> QuerySet[OrderPayment]:
    rows = OrderPayment.objects.select_related("order__shop")
    return in_scope(rows, user, perm, "order__shop_id", Shop)


def get_payment(user: User, order_no: str, payment_no: str) -> OrderPayment:
    perm = "reconciliation.record_payment"
    return list_payments(user, perm).get(order__order_no=order_no, payment_no=payment_no)


def require_order(user: User, order_no: str) -> None:
    """Raises OrderNotFound also for an order outside the person's scope."""
    if not visible_orders(user, "reconciliation.record_payment").filter(order_no=order_no).exists():
        raise OrderNotFound(_("There is no order %(order_no)s.") % {"order_no": order_no})


def open_differences(user: User) -> OpenDifferences:
    """How many are open, what they add up to by currency, and since when the oldest is."""
    rows = list_differences(user).filter(state=DifferenceState.OPEN).select_related(None)
    count, capped = capped_count(rows)
    sums = rows.values("currency").annotate(total=Sum("amount"), oldest=Min("found_at")).order_by("currency")
    found = list(sums)
    return OpenDifferences(
        count=count,
        capped=capped,
        amounts={row["currency"]: row["total"] for row in found},
        oldest_at=min((row["oldest"] for row in found), default=None),
    )


def sums_of_statement(statement: Statement) -> list[Any]:
    """The statement's own lines by kind and currency."""
    return list(
        statement.lines.values("kind", "currency").annotate(count=Count("id"), total=Sum("amount")).order_by("kind")
    )


def sums_of_differences(rows: QuerySet[Difference]) -> list[Any]:
    """What the listed differences add up to, by currency."""
    return list(
        rows.select_related(None)
        .order_by()
        .values("currency")
        .annotate(count=Count("id"), total=Sum("amount"), unexplained=Sum("unexplained_amount"))
        .order_by("currency")
    )


def differences_of_statement(user: User, statement: Statement) -> list[Any]:
    """How many of each class and state this statement brought up."""
    rows = list_differences(user).select_related(None).filter(statement=statement).order_by()
    return list(rows.values("kind", "state").annotate(count=Count("id")).order_by("state", "kind"))


def statement_lines(statement: Statement) -> QuerySet[StatementLine]:
    return statement.lines.select_related("match", "statement").defer("cells")


def lines_of_difference(difference: Difference) -> QuerySet[StatementLine]:
    """The lines that the difference speaks of: those matched to its order, or those that no order claims."""
    lines = StatementLine.objects.filter(account=difference.account_id).select_related("statement", "match")
    if difference.order_no:
        return lines.filter(match__order_no=difference.order_no).order_by("occurred_at", "id")
    if difference.subject.startswith("row:"):
        return lines.filter(row_key=difference.subject.removeprefix("row:")).order_by("id")
    if difference.order_ref:
        return lines.filter(order_ref=difference.order_ref).order_by("occurred_at", "id")
    return lines.filter(payment_no=difference.payment_no, order_ref="").order_by("occurred_at", "id")


# --- the four-way link: order ↔ payment ↔ shipment ↔ sign-off -----------------------------------------------------

# How long after an order came in each link must be there: what is missing earlier is not late.
DUE_AFTER = {
    "payment": timedelta(hours=1),
    "shipment": timedelta(hours=48),
    "signature": timedelta(days=7),
    "statement": timedelta(days=2),
}
PAID_STATES = ("paid", "in_review", "approved", "allocated", "picking", "packed", "shipped", "signed", "completed")
SHIPPED_STATES = ("shipped", "signed", "completed")


def four_way_orders(user: User) -> QuerySet[Order]:
    """Paid orders with their links: order ↔ payment ↔ shipment ↔ sign-off, and the statement line that proves it."""
    stated = Match.objects.filter(order_no=OuterRef("order_no"), line__kind="payment")
    return (
        visible_orders(user, "reconciliation.view_payment")
        .filter(state__in=PAID_STATES)
        .select_related("shop")
        .prefetch_related("payments", "fulfilments")
        .annotate(is_stated=Exists(stated))
    )


def lacking(rows: QuerySet[Any], link: str, before: datetime) -> QuerySet[Any]:
    """Only the orders that lack this link and should have it since `before`; the same rules as `link_state`."""
    sold = Q(is_non_sale=False, paid_amount__gt=Decimal(0))
    if link == "payment":
        paid = OrderPayment.objects.filter(order=OuterRef("pk"))
        return rows.filter(sold, ~Exists(paid), received_at__lt=before)
    if link == "shipment":
        return rows.filter(received_at__lt=before, shipped_at=None)
    if link == "signature":
        return rows.filter(shipped_at__lt=before, source_signed_at=None)
    return rows.filter(sold, received_at__lt=before, is_stated=False)


def link_state(order: Any, link: str) -> str:
    """there, missing, early (it still has time) or none (this order needs no such link)."""
    is_sale = not order.is_non_sale and order.paid_amount > 0
    has, needed, since = {
        "payment": (bool(order.payments.all()), is_sale, order.received_at),
        "shipment": (order.shipped_at is not None, True, order.received_at),
        "signature": (order.source_signed_at is not None, True, order.shipped_at),
        "statement": (order.is_stated, is_sale, order.received_at),
    }[link]
    if has:
        return "there"
    if not needed:
        return "none"
    return "missing" if since and since < now() - DUE_AFTER[link] else "early"
