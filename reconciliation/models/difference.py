from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from kernel.fields import MoneyField
from kernel.ids import uuid7
from reconciliation.choices import DifferenceKind, DifferenceState


class Difference(models.Model):
    """What does not agree between a statement and our books, for one order or one line that has none.

    `amount` = stated − expected. Its `parts` explain it one by one with their evidence; what they leave is called
    unexplained, never guessed. The same gap found again is the same difference.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    account = models.ForeignKey("reconciliation.PaymentAccount", on_delete=models.PROTECT, related_name="differences")
    shop = models.ForeignKey("orders.Shop", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    statement = models.ForeignKey(
        "reconciliation.Statement", on_delete=models.PROTECT, null=True, blank=True, related_name="differences"
    )
    kind = models.CharField(max_length=30, choices=DifferenceKind.choices)
    subject = models.CharField(max_length=210)
    order_no = models.CharField(max_length=20, blank=True)
    order_ref = models.CharField(max_length=80, blank=True)
    payment_no = models.CharField(max_length=80, blank=True)
    currency = models.CharField(max_length=3)
    expected_amount = MoneyField()
    stated_amount = MoneyField()
    amount = MoneyField()
    parts = models.JSONField(default=list, blank=True)
    unexplained_amount = MoneyField()

    state = models.CharField(max_length=20, choices=DifferenceState.choices, default=DifferenceState.OPEN)
    note = models.CharField(max_length=500, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)
    found_at = models.DateTimeField(db_default=Now())
    checked_at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ("view",)
        permissions = (("resolve_difference", _("Resolve and accept differences")),)
        constraints = (
            models.UniqueConstraint(fields=("account", "subject", "kind"), name="difference_once"),
            models.CheckConstraint(
                condition=Q(amount=F("stated_amount") - F("expected_amount")), name="difference_amount_adds_up"
            ),
        )
        indexes = (
            models.Index(fields=("-found_at", "-id"), name="difference_newest"),
            models.Index(fields=("state", "-found_at", "-id"), name="difference_state_newest"),
            models.Index(fields=("kind", "state", "-found_at", "-id"), name="difference_kind_newest"),
            models.Index(fields=("shop", "state", "-found_at", "-id"), name="difference_shop_newest"),
            models.Index(fields=("order_no",), name="difference_order"),
            models.Index(fields=("checked_at", "id"), name="difference_due", condition=Q(state=DifferenceState.OPEN)),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
