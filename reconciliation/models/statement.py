from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from kernel.crypto import EncryptedBytesField
from kernel.ids import uuid7
from reconciliation.choices import LineKind, StatementState


class Statement(models.Model):
    """One imported file of an account. Rejected: nothing of it was taken over, its errors say why, and it may come again."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    account = models.ForeignKey("reconciliation.PaymentAccount", on_delete=models.PROTECT, related_name="statements")
    format = models.CharField(max_length=40)
    file_name = models.CharField(max_length=200)
    file_digest = models.CharField(max_length=64)
    file_size = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=StatementState.choices, default=StatementState.IMPORTED)
    period_from = models.DateTimeField(null=True, blank=True)
    period_to = models.DateTimeField(null=True, blank=True)
    rows_count = models.PositiveIntegerField(default=0)
    lines_count = models.PositiveIntegerField(default=0)
    repeated_count = models.PositiveIntegerField(default=0)
    errors_count = models.PositiveIntegerField(default=0)
    totals = models.JSONField(default=list, blank=True)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    imported_at = models.DateTimeField(db_default=Now())
    matched_at = models.DateTimeField(null=True, blank=True)
    correlation_id = models.CharField(max_length=64, blank=True)

    class Meta:
        default_permissions = ("view",)
        permissions = (("import_statement", _("Import statements")),)
        constraints = (models.UniqueConstraint(fields=("account", "file_digest"), name="statement_file_once"),)
        indexes = (
            models.Index(fields=("-imported_at", "-id"), name="statement_newest"),
            models.Index(fields=("account", "-imported_at", "-id"), name="statement_account_newest"),
        )

    def __str__(self) -> str:
        return f"{self.account_id} {self.file_name}"

    @property
    def is_rejected(self) -> bool:
        return self.state == StatementState.REJECTED


class StatementFile(models.Model):
    """The file as it came, encrypted: evidence, and what a corrected parser reads again."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    statement = models.OneToOneField(Statement, on_delete=models.CASCADE, related_name="file")
    body = EncryptedBytesField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"file of {self.statement_id}"


class StatementLine(models.Model):
    """One amount of one row, signed from our side. `row_key` is the row's own identity, so that it counts once per account,
    whichever file brings it. An empty amount: the row states money but not its direction, a person must say."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="lines")
    account = models.ForeignKey("reconciliation.PaymentAccount", on_delete=models.PROTECT, related_name="lines")
    row_key = models.CharField(max_length=200)
    line_no = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=LineKind.choices)
    # Gateways state fees to five decimals; they are kept as stated.
    amount = models.DecimalField(max_digits=19, decimal_places=5, null=True, blank=True)
    gross_amount = models.DecimalField(max_digits=19, decimal_places=5, null=True, blank=True)
    currency = models.CharField(max_length=3)
    order_ref = models.CharField(max_length=80, blank=True)
    payment_no = models.CharField(max_length=80, blank=True)
    occurred_at = models.DateTimeField()
    cells = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("account", "row_key", "kind"), name="statement_row_once_per_account"),
        )
        indexes = (
            models.Index(fields=("statement", "line_no", "id"), name="statement_line_order"),
            models.Index(fields=("account", "order_ref"), name="statement_line_ref"),
            models.Index(fields=("account", "payment_no"), name="statement_line_payment"),
        )

    def __str__(self) -> str:
        return f"{self.row_key} {self.kind}"


class RowError(models.Model):
    """What is wrong with one line of a rejected file: the line, the column, the code and the text that stood there."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="errors")
    line_no = models.PositiveIntegerField()
    column = models.CharField(max_length=80, blank=True)
    code = models.CharField(max_length=40)
    value = models.CharField(max_length=200, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ("line_no", "id")

    def __str__(self) -> str:
        return f"line {self.line_no}: {self.code}"
