"""The filters of the lists, as their addresses carry them."""

from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.forms import TextInput
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.api import person
from kernel.clock import now
from oms.orders.api import Order, Shop, list_shops
from reconciliation import selectors
from reconciliation.choices import DifferenceKind, DifferenceState, LineKind, StatementState
from reconciliation.models import Difference, PaymentAccount, Statement, StatementLine

ALL = "all"
SEARCH = TextInput(attrs={"type": "search", "autocomplete": "off"})


def _accounts(request: HttpRequest) -> QuerySet[PaymentAccount]:
    return selectors.list_accounts(person(request))


def _shops(request: HttpRequest) -> QuerySet[Shop]:
    return list_shops(person(request), "reconciliation.view_statement")


class StatementFilter(django_filters.FilterSet):
    account = django_filters.ModelChoiceFilter(
        label=_("Account"), queryset=_accounts, to_field_name="code", empty_label=_("All accounts")
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=StatementState.choices, empty_label=_("All states"))

    class Meta:
        model = Statement
        fields = ("account", "state")


class DifferenceFilter(django_filters.FilterSet):
    """Open ones, unless the address asks for another state or for all."""

    q = django_filters.CharFilter(label=_("Order or payment number"), method="by_number", widget=SEARCH)
    kind = django_filters.ChoiceFilter(label=_("Class"), choices=DifferenceKind.choices, empty_label=_("All classes"))
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=(*DifferenceState.choices, (ALL, _("All states"))),
        method="by_state",
        empty_label=None,
    )
    shop = django_filters.ModelChoiceFilter(
        label=_("Shop"), queryset=_shops, to_field_name="code", empty_label=_("All shops")
    )
    account = django_filters.ModelChoiceFilter(
        label=_("Account"), queryset=_accounts, to_field_name="code", empty_label=_("All accounts")
    )
    statement = django_filters.UUIDFilter(field_name="statement__uid", widget=django_filters.widgets.forms.HiddenInput)

    class Meta:
        model = Difference
        fields = ("q", "kind", "state", "shop", "account", "statement")

    def __init__(self, data: QueryDict, **extra: Any) -> None:
        super().__init__(data if data.get("state") else QueryDict(f"{data.urlencode()}&state=open"), **extra)

    def by_state(self, rows: QuerySet[Difference], name: str, value: str) -> QuerySet[Difference]:
        return rows if value == ALL else rows.filter(state=value)

    def by_number(self, rows: QuerySet[Difference], name: str, value: str) -> QuerySet[Difference]:
        value = value.strip()
        return rows.filter(order_no=value) | rows.filter(order_ref=value) | rows.filter(payment_no=value)


class LineFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=LineKind.choices, empty_label=_("All kinds"))
    match = django_filters.ChoiceFilter(
        label=_("Order"),
        choices=(("yes", _("Found")), ("no", _("Not found"))),
        method="by_match",
        empty_label=_("All rows"),
    )

    class Meta:
        model = StatementLine
        fields = ("kind", "match")

    def by_match(self, rows: QuerySet[StatementLine], name: str, value: str) -> QuerySet[StatementLine]:
        return rows.filter(match__isnull=value == "no")


class FourWayFilter(django_filters.FilterSet):
    """What is missing, in which shop, since when: a window keeps the list about work that can still be done."""

    q = django_filters.CharFilter(label=_("Order number"), method="by_number", widget=SEARCH)
    missing = django_filters.ChoiceFilter(
        label=_("Missing"),
        choices=(
            ("payment", _("Payment")),
            ("shipment", _("Shipment")),
            ("signature", _("Signed for")),
            ("statement", _("Statement line")),
        ),
        method="by_missing",
        empty_label=_("All orders"),
    )
    shop = django_filters.ModelChoiceFilter(
        label=_("Shop"), queryset=_shops, to_field_name="code", empty_label=_("All shops")
    )
    days = django_filters.ChoiceFilter(
        label=_("Received within"),
        choices=(("7", _("7 days")), ("90", _("90 days")), ("365", _("A year"))),
        method="by_age",
        empty_label=_("30 days"),
    )

    class Meta:
        model = Order
        fields = ("q", "missing", "shop", "days")

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("days") else self.by_age(rows, "days", "30")

    def by_number(self, rows: QuerySet[Order], name: str, value: str) -> QuerySet[Order]:
        return rows.filter(order_no=value.strip()) | rows.filter(channel_order_no=value.strip())

    def by_missing(self, rows: QuerySet[Order], name: str, value: str) -> QuerySet[Order]:
        return selectors.lacking(rows, value, now() - selectors.DUE_AFTER[value])

    def by_age(self, rows: QuerySet[Order], name: str, value: str) -> QuerySet[Order]:
        return rows.filter(received_at__gte=now() - timedelta(days=int(value)))
