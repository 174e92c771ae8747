"""What the OpenAPI document says about the plain views of rest.py. Nothing here runs in a request."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.views import APIView

RESERVATION_ID = r"^[^\x00-\x1f\x7f/~]*[^\x00-\x1f\x7f/~.][^\x00-\x1f\x7f/~]*$"
SKU = r"^[^\x00-\x1f\x7f]{1,64}$"
WAREHOUSE = r"^[^\x00-\x1f\x7f]{1,40}$"


class ReservationLineSerializer(serializers.Serializer[Any]):
    sku = serializers.RegexField(SKU)
    qty = serializers.IntegerField(min_value=1, max_value=1_000_000_000)


class ReservationRequestSerializer(serializers.Serializer[Any]):
    """What to hold. The same SKU in several lines is summed."""

    reservation_id = serializers.RegexField(
        RESERVATION_ID,
        max_length=100,
        help_text="Yours, for ever: the same id is the same request. Ids like an order's (O…-1) are refused.",
    )
    lines = serializers.ListField(child=ReservationLineSerializer(), min_length=1, max_length=500)
    warehouse = serializers.RegexField(
        WAREHOUSE, required=False, allow_null=True, help_text="Left out: the first by priority that has all lines."
    )
    ttl_seconds = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=2_592_000, help_text="15 minutes if left out."
    )


class ReservationSerializer(serializers.Serializer[Any]):
    reservation_id = serializers.CharField()
    state = serializers.ChoiceField(["held", "committed", "released", "expired"])
    warehouse = serializers.CharField()
    expires_at = serializers.DateTimeField(allow_null=True)
    lines = ReservationLineSerializer(many=True)


THE_ID = OpenApiParameter("reservation_id", OpenApiTypes.STR, OpenApiParameter.PATH)


class Documented(APIView):
    """Only described; the view that answers is the function in rest.py."""


class ReservationsSchema(Documented):
    @extend_schema(
        operation_id="reservations_create",
        request=ReservationRequestSerializer,
        responses={
            201: ReservationSerializer,
            200: OpenApiResponse(ReservationSerializer, "The same request was answered before."),
            503: OpenApiResponse(description="Stock is changing hands; ask again in a second."),
        },
    )
    def post(self) -> None:
        """Hold stock for a checkout: all lines or none.

        409 `insufficient_stock` names the SKU and what is left of it, 409 `idempotency_mismatch` says that the id was used
        with another body, 422 `unknown_sku` that there is no such SKU.
        """


class ReservationSchema(Documented):
    @extend_schema(operation_id="reservations_retrieve", parameters=[THE_ID], responses=ReservationSerializer)
    def get(self) -> None:
        """One reservation as it is now."""


class CommitSchema(Documented):
    @extend_schema(
        operation_id="reservations_commit", parameters=[THE_ID], request=None, responses=ReservationSerializer
    )
    def post(self) -> None:
        """Deduct for good: the order is paid. Twice is once; 409 `reservation_<state>` when it is over,
        409 `reservation_of_order` when an order has it.
        """


class ReleaseSchema(Documented):
    @extend_schema(
        operation_id="reservations_release", parameters=[THE_ID], request=None, responses=ReservationSerializer
    )
    def post(self) -> None:
        """Give the stock back. Twice is once; 409 `reservation_<state>` when it is deducted or over,
        409 `reservation_of_order` when an order has it.
        """
