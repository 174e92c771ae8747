from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from kernel.money import ZERO
from kernel.work import WorkRow
from reconciliation.choices import MatchMethod


class MatchChunk(WorkRow):
    """A stretch of a statement's lines to be matched: small enough for one transaction, in turn per account."""

    queue: ClassVar[str] = "bulk"

    statement = models.ForeignKey("reconciliation.Statement", on_delete=models.CASCADE, related_name="chunks")
    first_line_no = models.PositiveIntegerField()
    last_line_no = models.PositiveIntegerField()
    is_final = models.BooleanField(default=False)

    class Meta(WorkRow.Meta):
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.statement_id}: {self.first_line_no}–{self.last_line_no}"


class Match(models.Model):
    """The order, payment and shipment that a statement line belongs to, and how that was found."""

    line = models.OneToOneField("reconciliation.StatementLine", on_delete=models.CASCADE, related_name="match")
    account = models.ForeignKey("reconciliation.PaymentAccount", on_delete=models.PROTECT, related_name="+")
    order_no = models.CharField(max_length=20)
    payment_no = models.CharField(max_length=80, blank=True)
    tracking_no = models.CharField(max_length=60, blank=True)
    method = models.CharField(max_length=30, choices=MatchMethod.choices)
    tolerance_amount = models.DecimalField(max_digits=18, decimal_places=4, default=ZERO)
    matched_at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ()
        indexes = (
            models.Index(fields=("order_no", "account"), name="match_order"),
            models.Index(fields=("payment_no",), name="match_payment", condition=~Q(payment_no="")),
        )

    def __str__(self) -> str:
        return f"{self.line_id} ↔ {self.order_no}"
