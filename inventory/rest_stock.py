"""`GET /api/v1/stock/`: levels at this instant, promises of the last second included."""

from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import in_scope, require
from inventory.filters import StockApiFilter
from inventory.live_levels import read_levels
from inventory.models import StockLevel, Warehouse
from inventory.selectors import stock_row
from kernel.rest import KeysetPagination

PERMISSION = "inventory.view_stock"


class StockSerializer(serializers.Serializer[Any]):
    sku = serializers.CharField()
    warehouse = serializers.CharField()
    on_hand = serializers.IntegerField(help_text="What stands on the shelf.")
    reserved = serializers.IntegerField(help_text="Held for checkouts and unpaid orders.")
    committed = serializers.IntegerField(help_text="Paid, not yet shipped.")
    available = serializers.IntegerField(help_text="On hand without all that is promised, locked or in quarantine.")
    sellable = serializers.IntegerField(help_text="What a checkout may still take: available above safety and buffer.")


class StockView(generics.ListAPIView[StockLevel]):
    """Stock by SKU and warehouse, in the warehouses of the key's scope."""

    serializer_class = StockSerializer
    pagination_class = KeysetPagination
    filter_backends = (DjangoFilterBackend,)
    filterset_class = StockApiFilter
    keyset_order = ("id",)
    queryset = StockLevel.objects.none()

    def get_queryset(self) -> QuerySet[StockLevel]:
        return in_scope(StockLevel.objects.all(), self.request.user, PERMISSION, "warehouse", Warehouse)

    @extend_schema(operation_id="stock_list")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        require(request.user, PERMISSION)
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        live = read_levels("level.id = ANY(%s)", [[level.pk for level in page or []]])
        return self.get_paginated_response(StockSerializer([stock_row(level) for level in live], many=True).data)
