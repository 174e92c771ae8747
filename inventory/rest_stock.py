"""`GET /api/v1/stock/`: levels at this instant, promises of the last second included."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import in_scope, require
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
    keyset_order = ("id",)
    queryset = StockLevel.objects.none()

    def get_queryset(self) -> QuerySet[StockLevel]:
        levels = in_scope(StockLevel.objects.all(), self.request.user, PERMISSION, "warehouse", Warehouse)
        if skus := [sku for sku in self.request.query_params.getlist("sku") if sku]:
            levels = levels.filter(sku__code__in=skus)
        if warehouse := self.request.query_params.get("warehouse"):
            levels = levels.filter(warehouse__code=warehouse)
        return levels

    @extend_schema(
        operation_id="stock_list",
        parameters=[
            OpenApiParameter("sku", OpenApiTypes.STR, many=True, description="Only these SKUs; may be repeated."),
            OpenApiParameter("warehouse", OpenApiTypes.STR, description="Only this warehouse."),
        ],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        require(request.user, PERMISSION)
        page = self.paginate_queryset(self.get_queryset())
        live = read_levels("level.id = ANY(%s)", [[level.pk for level in page or []]])
        return self.get_paginated_response(StockSerializer([stock_row(level) for level in live], many=True).data)
