from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from channels_sync.models import ApiCall, ShipmentPush
from channels_sync.scope import visible_connections
from kernel.filters import DayRangeFilter, SearchFilter
from kernel.models import InboxDelivery, Verdict
from kernel.models.work import ErrorClass, WorkState


def shop_choices(request: Any) -> list[tuple[str, str]]:
    rows = visible_connections(request.user, "channels_sync.view_inbox") if request else []
    return [(row.shop.code, row.shop.name) for row in rows]


class DeliveryFilter(django_filters.FilterSet):
    """The inbox's filters; `q` finds a delivery by the order it became, or by its own key."""

    q = SearchFilter(label=_("Order number or delivery key"), method="by_number")
    verdict = django_filters.ChoiceFilter(label=_("At the door"), choices=Verdict.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=WorkState.choices)
    received = DayRangeFilter(label=_("Received"), field_name="received_at")

    class Meta:
        model = InboxDelivery
        fields: tuple[str, ...] = ()

    def by_number(self, queryset: QuerySet[InboxDelivery], name: str, value: str) -> QuerySet[InboxDelivery]:
        text = value.strip()
        by_key = queryset.filter(delivery_key=text)
        return by_key | queryset.filter(result__order_no=text) | queryset.filter(result__channel_order_no=text)


class InboxFilter(DeliveryFilter):
    """As above, over all shops."""

    shop = django_filters.ChoiceFilter(label=_("Shop"), field_name="endpoint", choices=())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["shop"].extra["choices"] = shop_choices(self.request)


class PushFilter(django_filters.FilterSet):
    q = SearchFilter(label=_("Order or tracking number"), method="by_number")
    state = django_filters.ChoiceFilter(label=_("State"), choices=WorkState.choices)

    class Meta:
        model = ShipmentPush
        fields: tuple[str, ...] = ()

    def by_number(self, queryset: QuerySet[ShipmentPush], name: str, value: str) -> QuerySet[ShipmentPush]:
        text = value.strip()
        by_number = queryset.filter(order_no=text) | queryset.filter(tracking_no=text)
        return by_number | queryset.filter(channel_order_no=text)


class CallFilter(django_filters.FilterSet):
    error_class = django_filters.ChoiceFilter(label=_("Error"), choices=ErrorClass.choices)

    class Meta:
        model = ApiCall
        fields: tuple[str, ...] = ()
