"""The columns of the lists."""

from typing import Any

import django_tables2
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from kernel import looks
from kernel.columns import CodeColumn, LinkColumn, MoneyColumn, NumberColumn, StateColumn, Table, WhenColumn
from oms.orders.api import Order
from reconciliation.models import Difference, Statement, StatementLine
from reconciliation.selectors import link_state
from reconciliation.services.read_file import format_title


class StatementTable(Table):
    file_name = LinkColumn("reconciliation:statement", "uid", verbose_name=_("File"))
    account = django_tables2.Column(verbose_name=_("Account"))
    state = StateColumn("statement", verbose_name=_("State"))
    period = django_tables2.Column(verbose_name=_("Period"), empty_values=())
    rows_count = NumberColumn(verbose_name=_("Rows"))
    repeated_count = NumberColumn(verbose_name=_("Known already"))
    errors_count = NumberColumn(verbose_name=_("Errors"))
    imported_at = WhenColumn(verbose_name=_("Imported"))

    def render_account(self, record: Statement) -> SafeString:
        return format_html('{}<span class="second">{}</span>', record.account.name, format_title(record.format))

    def render_period(self, record: Statement) -> SafeString | str:
        if record.period_from is None:
            return looks.DASH
        return format_html(
            '{}<span class="second">{}</span>', looks.when(record.period_from), looks.when(record.period_to)
        )


class LineTable(Table):
    line_no = NumberColumn(verbose_name=_("Line"))
    occurred_at = WhenColumn(verbose_name=_("When"))
    kind = StateColumn("statement_line", verbose_name=_("Kind"))
    amount = MoneyColumn(verbose_name=_("Amount"))
    order_ref = CodeColumn(verbose_name=_("Order number in the file"))
    payment_no = CodeColumn(verbose_name=_("Payment number"))
    order = django_tables2.Column(verbose_name=_("Order"), empty_values=())
    found = django_tables2.Column(verbose_name=_("How it was found"), empty_values=())

    def render_order(self, record: StatementLine) -> SafeString:
        match = getattr(record, "match", None)
        if match is None:
            return looks.DASH
        return format_html('<a class="row-link" href="/orders/{}/">{}</a>', match.order_no, match.order_no)

    def render_found(self, record: StatementLine) -> SafeString:
        match = getattr(record, "match", None)
        if match is not None:
            return looks.state("line_match", match.method)
        return looks.state("line_match", "none" if record.statement.matched_at else "waiting")


class DifferenceTable(Table):
    kind = django_tables2.Column(verbose_name=_("Class"))
    order_no = django_tables2.Column(verbose_name=_("Order"), empty_values=())
    account = django_tables2.Column(verbose_name=_("Account"))
    expected_amount = MoneyColumn(verbose_name=_("Expected amount"))
    stated_amount = MoneyColumn(verbose_name=_("Stated amount"))
    amount = MoneyColumn(verbose_name=_("Difference"))
    unexplained_amount = MoneyColumn(verbose_name=_("Unexplained"))
    state = StateColumn("difference", verbose_name=_("State"))
    found_at = WhenColumn(verbose_name=_("Noticed"))

    def render_kind(self, record: Difference) -> SafeString:
        url = reverse("reconciliation:difference", args=[record.uid])
        return format_html('<a class="row-link" href="{}">{}</a>', url, looks.state("difference_kind", record.kind))

    def render_account(self, record: Difference) -> SafeString:
        shop = record.shop.name if record.shop else ""
        return format_html('{}<span class="second">{}</span>', record.account.name, shop)

    def render_order_no(self, record: Difference) -> SafeString:
        name = record.order_no or record.order_ref or record.payment_no or _t("No number")
        second = record.order_ref if record.order_no and record.order_ref != record.order_no else ""
        return format_html('<span class="code">{}</span><span class="second">{}</span>', name, second)


class FourWayTable(Table):
    order_no = django_tables2.Column(verbose_name=_("Order"))
    shop = django_tables2.Column(verbose_name=_("Shop"))
    state = StateColumn("order", verbose_name=_("State"))
    paid_amount = MoneyColumn(verbose_name=_("Paid"))
    payment = django_tables2.Column(verbose_name=_("Payment"), empty_values=())
    shipment = django_tables2.Column(verbose_name=_("Shipment"), empty_values=())
    signature = django_tables2.Column(verbose_name=_("Signed for"), empty_values=())
    statement = django_tables2.Column(verbose_name=_("Statement line"), empty_values=())
    received_at = WhenColumn(verbose_name=_("Received"))

    def render_order_no(self, record: Order) -> SafeString:
        return format_html(
            '<a class="row-link" href="/orders/{}/">{}</a><span class="second">{}</span>',
            record.order_no, record.order_no, record.channel_order_no,
        )  # fmt: skip

    def render_payment(self, record: Order) -> SafeString:
        return _link(record, "payment", ", ".join(payment.payment_no for payment in record.payments.all()))

    def render_shipment(self, record: Order) -> SafeString:
        numbers = [row.tracking_no for row in record.fulfilments.all() if row.tracking_no]
        return _link(record, "shipment", ", ".join(numbers))

    def render_signature(self, record: Order) -> SafeString:
        signed_at = record.source_signed_at
        return _link(record, "signature", looks.when(signed_at) if signed_at else "")

    def render_statement(self, record: Order) -> SafeString:
        return _link(record, "statement", "")


def _link(record: Order, link: str, text: Any) -> SafeString:
    state = link_state(record, link)
    if state == "there" and text:
        return format_html("{}", text) if isinstance(text, SafeString) else format_html("<code>{}</code>", text)
    return looks.state("link", state)
