"""The money API of the contract: statements, differences, payments."""

from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import CharFilter, ChoiceFilter, DjangoFilterBackend, FilterSet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import User, person, require
from kernel import problems
from kernel.idempotency import IdempotencyKeyMissing, once
from kernel.rest import KeysetPagination, answer_once
from oms.orders.api import OrderPayment, record_payment
from reconciliation import selectors
from reconciliation.choices import DifferenceKind, DifferenceState, StatementState
from reconciliation.errors import StatementRejected
from reconciliation.models import Difference, Statement
from reconciliation.serializers import (
    DifferenceSerializer,
    NewPaymentSerializer,
    PaymentSerializer,
    ResolutionSerializer,
    StatementSerializer,
    StatementUploadSerializer,
)
from reconciliation.services.import_statement import import_statement
from reconciliation.services.resolve_difference import resolve_difference

UID = OpenApiParameter("uid", {"type": "string", "format": "uuid"}, OpenApiParameter.PATH)
KEY = OpenApiParameter(
    "Idempotency-Key", {"type": "string", "minLength": 1, "maxLength": 160, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER, required=True, description="The same key and body again give the first answer again.",
)  # fmt: skip


class StatementFilter(FilterSet):
    account = CharFilter(field_name="account__code")
    state = ChoiceFilter(choices=StatementState.choices)

    class Meta:
        model = Statement
        fields = ("account", "state")


class DifferenceFilter(FilterSet):
    kind = ChoiceFilter(choices=DifferenceKind.choices)
    state = ChoiceFilter(choices=DifferenceState.choices)
    shop = CharFilter(field_name="shop__code")
    account = CharFilter(field_name="account__code")
    order_no = CharFilter()

    class Meta:
        model = Difference
        fields = ("kind", "state", "shop", "account", "order_no")


class PaymentFilter(FilterSet):
    order_no = CharFilter(field_name="order__order_no")
    payment_no = CharFilter()
    shop = CharFilter(field_name="order__shop__code")

    class Meta:
        model = OrderPayment
        fields = ("order_no", "payment_no", "shop")


class StatementViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Statement]):
    """Imported statement files, newest first."""

    serializer_class = StatementSerializer
    pagination_class = KeysetPagination
    filter_backends = (DjangoFilterBackend,)
    filterset_class = StatementFilter
    keyset_order = ("-imported_at", "-id")
    parser_classes = (JSONParser, MultiPartParser)
    lookup_field = "uid"
    lookup_value_converter = "uuid"
    queryset = Statement.objects.none()

    def get_queryset(self) -> QuerySet[Statement]:
        require(person(self.request), "reconciliation.view_statement")
        return selectors.list_statements(person(self.request))

    @extend_schema(parameters=[UID], filters=False)
    def retrieve(self, request: Request, uid: str) -> Response:
        """One statement with its totals."""
        require(person(request), "reconciliation.view_statement")
        return Response(StatementSerializer(selectors.get_statement(person(request), uid)).data)

    @extend_schema(
        request={"multipart/form-data": StatementUploadSerializer, "application/json": StatementUploadSerializer},
        responses={201: StatementSerializer, 200: StatementSerializer},
    )
    def create(self, request: Request) -> Response:
        """Import a statement. 201 new, 200 the same file was imported before, 422 with its errors row by row."""
        require(person(request), "reconciliation.import_statement")
        sent = StatementUploadSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        file_name, body = sent.body()
        asked = sent.validated_data

        def act() -> tuple[int, dict[str, Any]]:
            return _import(person(request), asked["account"], asked["format"], file_name, body)

        answer = once(
            key=request.headers.get("Idempotency-Key", ""),
            route="statements.create",
            caller=str(person(request).uid),
            body=b"\n".join([asked["account"].encode(), asked["format"].encode(), body]),
            act=act,
        )
        kind = problems.CONTENT_TYPE if answer.status == StatementRejected.status else None
        return Response(answer.body, status=answer.status, content_type=kind)


def _import(user: User, account: str, format_name: str, file_name: str, body: bytes) -> tuple[int, dict[str, Any]]:
    result = import_statement(account_code=account, file_name=file_name, body=body, actor=user, format_name=format_name)
    if result.is_rejected:
        error = StatementRejected(
            "Nothing of the file was taken over.", errors=list(result.errors), statement=result.uid
        )
        return error.status, problems.describe(error)
    shown = StatementSerializer(selectors.get_statement(user, result.uid)).data
    return (201 if result.is_new else 200), dict(shown)


class DifferenceViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Difference]):
    """What does not agree between statements and orders, newest first."""

    serializer_class = DifferenceSerializer
    pagination_class = KeysetPagination
    filter_backends = (DjangoFilterBackend,)
    filterset_class = DifferenceFilter
    keyset_order = ("-found_at", "-id")
    lookup_field = "uid"
    lookup_value_converter = "uuid"
    queryset = Difference.objects.none()

    def get_queryset(self) -> QuerySet[Difference]:
        require(person(self.request), "reconciliation.view_difference")
        return selectors.list_differences(person(self.request))

    @extend_schema(parameters=[UID], filters=False)
    def retrieve(self, request: Request, uid: str) -> Response:
        """One difference with its evidence."""
        require(person(request), "reconciliation.view_difference")
        return Response(DifferenceSerializer(selectors.get_difference(person(request), uid)).data)

    @extend_schema(parameters=[UID], request=ResolutionSerializer, responses=DifferenceSerializer)
    @action(detail=True, methods=["post"])
    def resolve(self, request: Request, uid: str) -> Response:
        """Close an open difference as resolved or accepted, with the reason. 409 when it is closed already."""
        require(person(request), "reconciliation.resolve_difference")
        return answer_once(request, lambda: self._close(request, uid))

    def _close(self, request: Request, uid: str) -> Response:
        sent = _valid(ResolutionSerializer(data=request.data))
        return Response(DifferenceSerializer(resolve_difference(uid=uid, actor=person(request), **sent)).data)


class PaymentViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[OrderPayment]):
    """Payments of orders, newest first."""

    serializer_class = PaymentSerializer
    pagination_class = KeysetPagination
    filter_backends = (DjangoFilterBackend,)
    filterset_class = PaymentFilter
    keyset_order = ("-id",)
    queryset = OrderPayment.objects.none()

    def get_queryset(self) -> QuerySet[OrderPayment]:
        require(person(self.request), "reconciliation.view_payment")
        return selectors.list_payments(person(self.request))

    @extend_schema(
        parameters=[KEY], request=NewPaymentSerializer, responses={201: PaymentSerializer, 200: PaymentSerializer}
    )
    def create(self, request: Request) -> Response:
        """Record a payment of an order: 201 new, 200 known already, 409 known with another amount or currency."""
        require(person(request), "reconciliation.record_payment")
        if not request.headers.get("Idempotency-Key"):
            raise IdempotencyKeyMissing
        return answer_once(request, lambda: self._record(request))

    def _record(self, request: Request) -> Response:
        sent = _valid(NewPaymentSerializer(data=request.data))
        selectors.require_order(person(request), sent["order_no"])
        is_new = record_payment(**sent, actor=person(request), source="api")
        payment = selectors.get_payment(person(request), sent["order_no"], sent["payment_no"])
        return Response(PaymentSerializer(payment).data, status=201 if is_new else 200)


def _valid(serializer: serializers.Serializer[Any]) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
