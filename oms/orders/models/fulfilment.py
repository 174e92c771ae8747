from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from kernel.ids import uuid7
from oms.orders.choices import FulfilmentState


class FulfilmentOrder(models.Model):
    """What one warehouse must send for one order. Its states move the order's: the least advanced live one speaks."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    fo_no = models.CharField(max_length=24, unique=True)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="fulfilments")
    warehouse = models.ForeignKey("inventory.Warehouse", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=FulfilmentState.choices, default=FulfilmentState.RELEASED)
    state_changed_at = models.DateTimeField(db_default=Now())
    reservation_id = models.CharField(max_length=64)
    routing = models.JSONField(default=dict, blank=True)
    carrier_code = models.CharField(max_length=40, blank=True)
    tracking_no = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    shipped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        indexes = (
            models.Index(fields=("warehouse", "state", "id"), name="fulfilment_queue"),
            models.Index(fields=("tracking_no",), name="fulfilment_tracking", condition=~Q(tracking_no="")),
        )

    def __str__(self) -> str:
        return self.fo_no


class FulfilmentLine(models.Model):
    fulfilment = models.ForeignKey(FulfilmentOrder, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey("orders.OrderLine", on_delete=models.PROTECT, related_name="+")
    sku = models.ForeignKey("inventory.Sku", on_delete=models.PROTECT, related_name="+")
    qty = models.PositiveIntegerField()

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("fulfilment", "line"), name="fulfilment_line_once"),)

    def __str__(self) -> str:
        return f"{self.sku_id} × {self.qty}"
