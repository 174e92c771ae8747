"""What the API says and takes. Amounts are decimal strings, times ISO 8601 in UTC."""

from typing import Any

from django.core.validators import RegexValidator
from rest_framework import serializers

from kernel.rest import Text
from oms.orders.api import OrderPayment
from reconciliation.choices import DifferenceState
from reconciliation.models import Difference, Statement
from reconciliation.services.read_file import formats


class TotalSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]  # the total's, not the field's
    stated = serializers.CharField()
    computed = serializers.CharField()
    agrees = serializers.BooleanField()


class StatementSerializer(serializers.ModelSerializer[Statement]):
    account = serializers.CharField(source="account.code")
    rows = serializers.IntegerField(source="rows_count")
    lines = serializers.IntegerField(source="lines_count", help_text="Amounts that are new to the account")
    repeated = serializers.IntegerField(source="repeated_count", help_text="Amounts that an earlier file had brought")
    errors_count = serializers.IntegerField()
    totals = TotalSerializer(many=True)

    class Meta:
        model = Statement
        fields = (
            "uid", "account", "format", "file_name", "file_digest", "state", "period_from", "period_to",
            "rows", "lines", "repeated", "errors_count", "totals", "imported_at", "matched_at",
        )  # fmt: skip


class StatementUploadSerializer(serializers.Serializer[Any]):
    """A statement as a file (multipart) or as text. Which account it is of, and if you like in which format."""

    account = Text(max_length=40, help_text="Code of the payment account")
    format = serializers.ChoiceField(choices=[], required=False, default="", allow_blank=True)
    file = serializers.FileField(required=False, help_text="The file, in a multipart body")
    file_name = Text(max_length=200, required=False, default="statement.csv")
    content = Text(required=False, trim_whitespace=False, help_text="The file's text, in a JSON body")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["format"]
        choices.choices = sorted(formats())

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs.get("file") and not attrs.get("content"):
            raise serializers.ValidationError({"file": "Send a file, or its text as content."})
        return attrs

    def body(self) -> tuple[str, bytes]:
        file = self.validated_data.get("file")
        if file is not None:
            return file.name, file.read()
        return self.validated_data["file_name"], self.validated_data["content"].encode()


class PartSerializer(serializers.Serializer[Any]):
    cause = serializers.CharField()
    amount = serializers.CharField()
    evidence = serializers.DictField(child=serializers.CharField())


class DifferenceSerializer(serializers.ModelSerializer[Difference]):
    account = serializers.CharField(source="account.code")
    shop = serializers.CharField(source="shop.code", allow_null=True, default=None)
    statement = serializers.UUIDField(source="statement.uid", allow_null=True, default=None)
    parts = PartSerializer(many=True)
    resolved_by = serializers.CharField(source="resolved_by.username", allow_null=True, default=None)

    class Meta:
        model = Difference
        fields = (
            "uid", "kind", "state", "account", "shop", "statement", "order_no", "order_ref", "payment_no", "currency",
            "expected_amount", "stated_amount", "amount", "parts", "unexplained_amount", "note", "resolved_by",
            "resolved_at", "found_at",
        )  # fmt: skip


class ResolutionSerializer(serializers.Serializer[Any]):
    decision = serializers.ChoiceField(choices=[DifferenceState.RESOLVED.value, DifferenceState.ACCEPTED.value])
    reason = Text(max_length=500)


class PaymentSerializer(serializers.ModelSerializer[OrderPayment]):
    order_no = serializers.CharField(source="order.order_no")
    shop = serializers.CharField(source="order.shop.code")

    class Meta:
        model = OrderPayment
        fields = ("uid", "order_no", "shop", "payment_no", "method", "amount", "currency", "paid_at", "recorded_at")


class NewPaymentSerializer(serializers.Serializer[Any]):
    """Money that came in for an order."""

    order_no = Text(max_length=20)
    payment_no = Text(max_length=80)
    amount = serializers.DecimalField(max_digits=18, decimal_places=4, min_value=0)
    currency = Text(max_length=3, validators=[RegexValidator(r"^[A-Z]{3}$")])
    method = Text(max_length=40, required=False, default="", allow_blank=True)
    paid_at = serializers.DateTimeField()
