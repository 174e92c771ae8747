"""The orders API of the contract: read orders with their lines and story, and take the steps a reviewer takes."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.api import MaskedField, require
from kernel.rest import KeysetPagination, Text, answer_once
from kernel.states import TransitionRefused
from oms.orders.filters import ApiOrderFilter
from oms.orders.models import Order, OrderLine, Shop, TimelineEntry
from oms.orders.selectors import get_order, list_shops, order_rows
from oms.orders.services.hold import hold_order, release_holds
from oms.orders.services.review import approve_order
from oms.orders.services.step import record_refusal


class LineSerializer(serializers.ModelSerializer[OrderLine]):
    sku = serializers.CharField(source="sku.code", allow_null=True, default=None, help_text="Null while not matched.")

    class Meta:
        model = OrderLine
        fields = (
            "line_no",
            "channel_line_id",
            "sku",
            "sku_code",
            "title",
            "spec",
            "qty",
            "unit_price_amount",
            "goods_amount",
            "discount_seller_amount",
            "discount_platform_amount",
            "tax_amount",
            "paid_amount",
            "is_gift",
            "refund_status",
        )


class OrderSerializer(serializers.ModelSerializer[Order]):
    shop = serializers.CharField(source="shop.code")
    warehouse = serializers.CharField(source="warehouse.code", allow_null=True, default=None)
    hold_reasons = serializers.SerializerMethodField()
    lines = LineSerializer(many=True)
    buyer_nick = MaskedField(policy="orders.order.buyer_nick")
    timeline_url = serializers.SerializerMethodField()

    class Meta:
        model = Order
        fields = (
            "order_no",
            "shop",
            "channel_order_no",
            "channel_order_name",
            "state",
            "payment_state",
            "platform_status",
            "refund_status",
            "is_held",
            "hold_reasons",
            "tags",
            "currency",
            "goods_amount",
            "shipping_amount",
            "discount_seller_amount",
            "discount_platform_amount",
            "adjust_amount",
            "tax_amount",
            "service_fee_amount",
            "paid_amount",
            "refunded_amount",
            "source_created_at",
            "source_updated_at",
            "source_paid_at",
            "received_at",
            "shipped_at",
            "ship_by_at",
            "warehouse",
            "buyer_nick",
            "lines",
            "timeline_url",
        )

    def get_hold_reasons(self, order: Any) -> list[str]:
        return sorted({hold.code for hold in order.open_holds})

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_timeline_url(self, order: Order) -> str:
        return reverse("orders:api-order-timeline", args=[order.order_no], request=self.context["request"])


class TimelineSerializer(serializers.ModelSerializer[TimelineEntry]):
    actor = serializers.CharField(source="actor.username", allow_null=True, default=None)

    class Meta:
        model = TimelineEntry
        fields = ("at", "kind", "actor", "source", "before", "after", "data", "correlation_id")


class ReasonSerializer(serializers.Serializer[Any]):
    reason = Text(max_length=255)


class NoteSerializer(serializers.Serializer[Any]):
    reason = Text(max_length=255, required=False, default="", allow_blank=True)


class ShopSerializer(serializers.ModelSerializer[Shop]):
    class Meta:
        model = Shop
        fields = ("code", "name", "platform", "zone", "currency", "is_active")


ORDER_NO = OpenApiParameter("order_no", str, OpenApiParameter.PATH, description="Unified order number.")


class OrderViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Order]):
    """Orders of the shops in the caller's scope, newest first."""

    serializer_class = OrderSerializer
    pagination_class = KeysetPagination
    filter_backends = (DjangoFilterBackend,)
    filterset_class = ApiOrderFilter
    keyset_order = ("-received_at", "-id")
    lookup_field = "order_no"
    lookup_value_regex = "[^/]{1,40}"
    queryset = Order.objects.none()

    def get_queryset(self) -> QuerySet[Order]:
        require(self.request.user, "orders.view_order")
        return order_rows(self.request.user)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    @extend_schema(parameters=[ORDER_NO], filters=False)
    def retrieve(self, request: Request, order_no: str) -> Response:
        """One order."""
        require(request.user, "orders.view_order")
        return self._shown(request, order_no)

    @extend_schema(parameters=[ORDER_NO], responses=TimelineSerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def timeline(self, request: Request, order_no: str) -> Response:
        """Everything that happened to the order, oldest first. Personal data is masked."""
        require(request.user, "orders.view_order")
        entries = get_order(request.user, order_no).timeline.select_related("actor")
        return Response(TimelineSerializer(entries, many=True).data)

    @extend_schema(parameters=[ORDER_NO], request=NoteSerializer, responses=OrderSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, order_no: str) -> Response:
        """Approve an order in review. 409 ST-4095 while it is held, 403 ST-4092 when another role must decide."""
        require(request.user, "orders.review_order")
        get_order(request.user, order_no)

        def approve() -> Response:
            approve_order(order_no=order_no, actor=request.user, note=_reason(NoteSerializer, request))
            return self._shown(request, order_no)

        return _answer_once(request, order_no, approve)

    @extend_schema(parameters=[ORDER_NO], request=ReasonSerializer, responses=OrderSerializer)
    @action(detail=True, methods=["post"])
    def hold(self, request: Request, order_no: str) -> Response:
        """Stop an order wherever it is; the warehouse's next scan stops too."""
        require(request.user, "orders.hold_order")
        get_order(request.user, order_no)

        def hold() -> Response:
            hold_order(order_no=order_no, actor=request.user, reason=_reason(ReasonSerializer, request))
            return self._shown(request, order_no)

        return answer_once(request, hold)

    @extend_schema(parameters=[ORDER_NO], request=ReasonSerializer, responses=OrderSerializer)
    @action(detail=True, methods=["post"])
    def release(self, request: Request, order_no: str) -> Response:
        """Release an order's holds; what cannot be made good (stock, matching) stays held.

        403 ST-4092 when every hold is another role's to release.
        """
        require(request.user, "orders.hold_order")
        get_order(request.user, order_no)

        def release() -> Response:
            release_holds(order_no=order_no, actor=request.user, reason=_reason(ReasonSerializer, request))
            return self._shown(request, order_no)

        return _answer_once(request, order_no, release)

    def _shown(self, request: Request, order_no: str) -> Response:
        order = get_order(request.user, order_no)
        return Response(OrderSerializer(order, context={"request": request}).data)


class ShopViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Shop]):
    """Shops in the caller's scope."""

    serializer_class = ShopSerializer
    pagination_class = KeysetPagination
    keyset_order = ("id",)
    queryset = Shop.objects.none()

    def get_queryset(self) -> QuerySet[Shop]:
        require(self.request.user, "orders.view_shop")
        return list_shops(self.request.user, "orders.view_shop")


def _answer_once(request: Request, order_no: str, step: Callable[[], Response]) -> Response:
    """Take a step once per idempotency key; a refusal is kept with the order."""
    try:
        return answer_once(request, step)
    except TransitionRefused as refused:
        record_refusal(order_no, refused, actor=request.user)
        raise


def _reason(serializer_class: type[serializers.Serializer[Any]], request: Request) -> str:
    serializer = serializer_class(data=request.data)
    serializer.is_valid(raise_exception=True)
    return str(serializer.validated_data["reason"])
