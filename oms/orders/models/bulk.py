from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from kernel.ids import uuid7
from kernel.work import WorkRow


class BulkRun(models.Model):
    """One bulk act of one person on a frozen set of orders; its items keep a result each and can be resumed or retried."""

    class Action(models.TextChoices):
        APPROVE = "approve", _("Approve")
        HOLD = "hold", _("Hold")
        CLEAR = "clear", _("Release holds")

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    action = models.CharField(max_length=20, choices=Action.choices)
    reason = models.CharField(max_length=255, blank=True)
    selection = models.CharField(max_length=500)
    actor = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    total = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    correlation_id = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.action} × {self.total}"


class BulkItem(WorkRow):
    """One order of a bulk run: a refusal is a result with its code, never a stop for the others."""

    queue: ClassVar[str] = "bulk"

    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="items")
    order = models.ForeignKey("orders.Order", on_delete=models.CASCADE, related_name="+")
    result_code = models.CharField(max_length=60, blank=True)
    result_detail = models.CharField(max_length=255, blank=True)

    class Meta(WorkRow.Meta):
        constraints = (models.UniqueConstraint(fields=("run", "order"), name="bulk_item_once"),)

    def __str__(self) -> str:
        return f"{self.run_id}/{self.order_id}"
