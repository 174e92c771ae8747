from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kernel.filters import DayRangeFilter, SearchFilter, YesNoFilter
from oms.orders.choices import HoldCode, OrderState, PaymentState
from oms.orders.decisions import mine_to_decide
from oms.orders.models import Order, Shop, TransitionFailure
from oms.orders.moments import MOMENT_CHOICES, MOMENTS
from oms.orders.search import find_order_ids
from oms.orders.selectors import list_shops


def shops_in_scope(request: Any) -> QuerySet[Shop]:
    return list_shops(request.user) if request else Shop.objects.none()


class OrderFilter(django_filters.FilterSet):
    """The order list's filters; `q` finds one order by any number that stands on paper, or by the full phone."""

    q = SearchFilter(label=_("Number or phone"), method="by_number")
    shop = django_filters.ModelChoiceFilter(label=_("Shop"), queryset=shops_in_scope, to_field_name="code")
    state = django_filters.ChoiceFilter(label=_("State"), choices=OrderState.choices)
    payment_state = django_filters.ChoiceFilter(label=_("Payment"), choices=PaymentState.choices)
    is_held = YesNoFilter(label=_("On hold"))
    hold = django_filters.ChoiceFilter(label=_("Hold reason"), choices=HoldCode.choices, method="by_hold")
    moment = django_filters.ChoiceFilter(label=_("Moment"), choices=MOMENT_CHOICES, method="by_moment")
    received = DayRangeFilter(label=_("Received"), field_name="received_at")

    class Meta:
        model = Order
        fields: tuple[str, ...] = ()

    def by_number(self, queryset: QuerySet[Order], name: str, value: str) -> QuerySet[Order]:
        return queryset.filter(pk__in=find_order_ids(value.strip()))

    def by_moment(self, queryset: QuerySet[Order], name: str, value: str) -> QuerySet[Order]:
        return MOMENTS[value](queryset)

    def by_hold(self, queryset: QuerySet[Order], name: str, value: str) -> QuerySet[Order]:
        return queryset.filter(is_held=True, holds__code=value, holds__cleared_at__isnull=True).distinct()


class ReviewFilter(OrderFilter):
    """The review queue's: what the reader may decide, unless everybody's is asked for."""

    whose = django_filters.ChoiceFilter(
        label=_("Who decides"),
        choices=[("everybody", _("Everybody's"))],
        empty_label=_("Mine to decide"),
        method="keep_all",
    )

    def filter_queryset(self, queryset: QuerySet[Order]) -> QuerySet[Order]:
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data["whose"] else mine_to_decide(rows, self.request.user)

    def keep_all(self, queryset: QuerySet[Order], name: str, value: str) -> QuerySet[Order]:
        return queryset


class ApiOrderFilter(django_filters.FilterSet):
    """The API's filters, as the contract names them."""

    shop = django_filters.CharFilter(field_name="shop__code")
    channel_order_no = django_filters.CharFilter()
    order_no = django_filters.CharFilter()
    state = django_filters.ChoiceFilter(choices=OrderState.choices)
    updated_after = django_filters.IsoDateTimeFilter(field_name="source_updated_at", lookup_expr="gt")

    class Meta:
        model = Order
        fields: tuple[str, ...] = ()


class TransitionFailureFilter(django_filters.FilterSet):
    """Refused steps by order number, code and time."""

    order_no = django_filters.CharFilter(label=_("Order"), field_name="order__order_no")
    code = django_filters.CharFilter(label=_("Code"))
    at = DayRangeFilter(label=_("When"))

    class Meta:
        model = TransitionFailure
        fields: tuple[str, ...] = ()
