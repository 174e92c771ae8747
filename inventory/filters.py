from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.api import in_scope
from inventory.models import StockLevel, Warehouse
from inventory.page_selectors import only_short


def warehouses_in_scope(request: Any) -> QuerySet[Warehouse]:
    if request is None:
        return Warehouse.objects.none()
    return in_scope(Warehouse.objects.all(), request.user, "inventory.view_stock", "pk", Warehouse)


class StockFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        label=_("SKU, name or barcode"), method="search", widget=forms.TextInput(attrs={"type": "search"})
    )
    warehouse = django_filters.ModelChoiceFilter(
        label=_("Warehouse"), queryset=warehouses_in_scope, to_field_name="code", empty_label=_("All")
    )
    short = django_filters.BooleanFilter(label=_("Short only"), method="only_short", widget=forms.CheckboxInput)

    class Meta:
        model = StockLevel
        fields: tuple[str, ...] = ()

    def search(self, levels: QuerySet[StockLevel], _name: str, text: str) -> QuerySet[StockLevel]:
        found = Q(sku__code__icontains=text) | Q(sku__name__icontains=text) | Q(sku__barcodes__barcode=text)
        return levels.filter(found).distinct()

    def only_short(self, levels: QuerySet[StockLevel], _name: str, wanted: bool) -> QuerySet[StockLevel]:
        return only_short(levels) if wanted else levels


class AnyTextField(forms.MultipleChoiceField):
    """Several texts, none of them known beforehand."""

    def valid_value(self, value: str) -> bool:
        return True


class AnyTextFilter(django_filters.MultipleChoiceFilter):
    field_class = AnyTextField


class StockApiFilter(django_filters.FilterSet):
    """The API's filters."""

    sku = AnyTextFilter(field_name="sku__code", help_text="Only these SKUs; may be repeated.")
    warehouse = django_filters.CharFilter(field_name="warehouse__code", help_text="Only this warehouse.")

    class Meta:
        model = StockLevel
        fields: tuple[str, ...] = ()
