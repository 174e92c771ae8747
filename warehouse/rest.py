"""The shipments API: what has left and what waits to leave, and the word of an external warehouse that it has shipped."""

from typing import Any

from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import MaskedField, require, signed_in
from inventory.api import Warehouse
from kernel import idempotency
from kernel.errors import InvalidInput
from kernel.rest import KeysetPagination, Text
from oms.orders import api as orders
from warehouse import selectors
from warehouse.contracts import ShipmentView
from warehouse.filters import ShipmentFilter
from warehouse.models import Package
from warehouse.services.report_shipped import report_shipped

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="The same key and body twice get the first answer."
)


class ShipmentSerializer(serializers.ModelSerializer[Package]):
    fo_no = serializers.CharField(source="fulfilment_id")
    warehouse = serializers.CharField(source="warehouse.code")
    carrier = serializers.CharField(source="waybill.carrier_code")
    tracking_no = MaskedField(policy="warehouse.waybill.tracking_no", source="waybill.tracking_no")
    is_known_format = serializers.BooleanField(
        source="waybill.is_known_format", help_text="False: the number fits no pattern of its carrier. It is kept."
    )

    class Meta:
        model = Package
        fields = (
            "package_no",
            "order_no",
            "fo_no",
            "warehouse",
            "carrier",
            "tracking_no",
            "is_known_format",
            "state",
            "packed_at",
            "shipped_at",
        )


class ShipRequestSerializer(serializers.Serializer[Any]):
    """Which order has left, with which carrier and number. `fo_no` is needed when an order has several."""

    order_no = Text(max_length=24, required=False, default="", allow_blank=True)
    fo_no = Text(max_length=24, required=False, default="", allow_blank=True)
    carrier = Text(max_length=40)
    tracking_no = Text(max_length=40, validators=[RegexValidator(r"^[A-Za-z0-9-]{6,40}$")])


class ShipAnswerSerializer(serializers.Serializer[Any]):
    package_no = serializers.CharField()
    order_no = serializers.CharField()
    fo_no = serializers.CharField()
    warehouse = serializers.CharField()
    carrier = serializers.CharField()
    tracking_no = serializers.CharField()
    is_known_format = serializers.BooleanField()
    state = serializers.CharField()
    packed_at = serializers.DateTimeField()
    shipped_at = serializers.DateTimeField(allow_null=True)


class ShipmentViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Package]):
    """Parcels of the warehouses in the caller's scope, newest first."""

    serializer_class = ShipmentSerializer
    pagination_class = KeysetPagination
    filter_backends = (DjangoFilterBackend,)
    filterset_class = ShipmentFilter
    keyset_order = ("-packed_at", "-id")
    queryset = Package.objects.none()

    def get_queryset(self) -> QuerySet[Package]:
        require(signed_in(self.request), "orders.view_order")
        return selectors.list_packages(signed_in(self.request)).filter(waybill__isnull=False)


class ShipOrderView(APIView):
    """For an external warehouse (WMS): the order has been packed and has left."""

    @extend_schema(
        operation_id="orders_ship",
        parameters=[IDEMPOTENCY_KEY],
        request=ShipRequestSerializer,
        responses=ShipAnswerSerializer,
    )
    def post(self, request: Request) -> Response:
        """Ship a fulfilment order: stock leaves the shelf, the order advances, the platform is told. 409 while it is held."""
        require(signed_in(request), "warehouse.ship")
        serializer = ShipRequestSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        answer = idempotency.once(
            key=request.headers.get("Idempotency-Key", ""),
            route="orders.ship",
            caller=str(signed_in(request).uid),
            body=request._request.body,
            act=lambda: (200, _ship(request, given)),
        )
        return Response(answer.body, status=answer.status)


def _ship(request: Request, given: dict[str, str]) -> dict[str, Any]:
    fo_no = given["fo_no"] or _only_fulfilment(given["order_no"])
    place = Warehouse.objects.get(code=orders.get_fulfilment(fo_no).warehouse_code)
    require(signed_in(request), "warehouse.ship", place)
    shipment = report_shipped(
        fo_no=fo_no, carrier_code=given["carrier"].upper(), tracking_no=given["tracking_no"], actor=signed_in(request)
    )
    return dict(ShipAnswerSerializer(_answer(shipment)).data)


def _only_fulfilment(order_no: str) -> str:
    found = list(
        orders.FulfilmentOrder.objects.filter(order__order_no=order_no)
        .exclude(state="cancelled")
        .values_list("fo_no", flat=True)[:2]
    )
    if len(found) == 1:
        return found[0]
    message = "Several fulfilment orders: name fo_no." if found else "No fulfilment order was released for it."
    raise InvalidInput(message, errors=[{"path": "order_no", "code": "not_one_fulfilment", "message": message}])


def _answer(shipment: ShipmentView) -> dict[str, Any]:
    names = ("package_no", "order_no", "fo_no", "tracking_no", "is_known_format", "state", "packed_at", "shipped_at")
    facts = {name: getattr(shipment, name) for name in names}
    return {**facts, "warehouse": shipment.warehouse_code, "carrier": shipment.carrier_code}
