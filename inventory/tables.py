from typing import Any

import django_tables2
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from inventory.models import Movement, StockLevel
from kernel import looks
from kernel.columns import RIGHT, LinkColumn, NumberColumn, StateColumn, Table, WhenColumn


class DeltaColumn(django_tables2.Column):
    """By how much a quantity changed; nothing where it did not."""

    def __init__(self, **extra: Any) -> None:
        super().__init__(attrs=RIGHT, **extra)

    def render(self, value: int) -> SafeString:
        if not value:
            return looks.DASH
        sign = "+" if value > 0 else "−"
        return format_html('<span class="num">{}{}</span>', sign, looks.number(abs(value)))


class WhyColumn(django_tables2.Column):
    """For what a movement was: the order or parcel, and the reason given."""

    def render(self, record: Movement) -> SafeString:
        if not (record.ref or record.reason):
            return looks.DASH
        if not record.reason:
            return format_html("<code>{}</code>", record.ref)
        if not record.ref:
            return format_html("{}", record.reason)
        return format_html('<code>{}</code><span class="second">{}</span>', record.ref, record.reason)


class StockTable(Table):
    sku = LinkColumn("inventory:sku", "sku__code", accessor="sku__code", verbose_name=_("SKU"))
    name = django_tables2.Column(accessor="sku__name", verbose_name=_("Name"), attrs={"td": {"class": "wrap"}})
    warehouse = django_tables2.Column(accessor="warehouse__name", verbose_name=_("Warehouse"))
    state = StateColumn("stock_level", accessor="look", verbose_name=_("State"))
    on_hand_qty = NumberColumn(verbose_name=_("On hand"))
    reserved_qty = NumberColumn(verbose_name=_("Reserved"))
    committed_qty = NumberColumn(verbose_name=_("Committed"))
    available_qty = NumberColumn(verbose_name=_("Available"))

    class Meta(Table.Meta):
        model = StockLevel
        fields = ()


class LedgerTable(Table):
    occurred_at = WhenColumn(verbose_name=_("When"))
    kind = StateColumn("movement", verbose_name=_("Movement"))
    warehouse = django_tables2.Column(accessor="warehouse__name", verbose_name=_("Warehouse"))
    on_hand_delta = DeltaColumn(verbose_name=_("On hand"))
    reserved_delta = DeltaColumn(verbose_name=_("Reserved"))
    committed_delta = DeltaColumn(verbose_name=_("Committed"))
    why = WhyColumn(empty_values=(), verbose_name=_("For"))
    actor = django_tables2.Column(verbose_name=_("Who"), default="–")

    class Meta(Table.Meta):
        model = Movement
        fields = ()
