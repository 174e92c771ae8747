from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.api import signed_in
from inventory.api import Warehouse
from warehouse.choices import PackageState, WaveState
from warehouse.models import Package, Wave
from warehouse.selectors import list_warehouses


def warehouses_in_scope(request: Any) -> QuerySet[Warehouse]:
    return list_warehouses(signed_in(request)) if request else Warehouse.objects.none()


class WaveFilter(django_filters.FilterSet):
    warehouse = django_filters.ModelChoiceFilter(
        label=_("Warehouse"), queryset=warehouses_in_scope, to_field_name="code"
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=WaveState.choices)

    class Meta:
        model = Wave
        fields: tuple[str, ...] = ()


class ShipmentFilter(django_filters.FilterSet):
    """The API's filters."""

    order_no = django_filters.CharFilter()
    fo_no = django_filters.CharFilter(field_name="fulfilment_id")
    tracking_no = django_filters.CharFilter(field_name="waybill__tracking_no")
    warehouse = django_filters.CharFilter(field_name="warehouse__code")
    state = django_filters.ChoiceFilter(choices=[c for c in PackageState.choices if c[0] != PackageState.VOID])
    shipped_after = django_filters.IsoDateTimeFilter(field_name="shipped_at", lookup_expr="gt")

    class Meta:
        model = Package
        fields: tuple[str, ...] = ()
