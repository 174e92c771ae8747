from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from inventory.choices import GateMode
from inventory.models.goods import Sku
from inventory.models.places import Warehouse


class StockGate(models.Model):
    """Whether a warehouse sells through Redis (open) or PostgreSQL (closed), and which loading of Redis is valid.

    A reservation is only written if the gate is open with the epoch that Redis answered; closing and opening raise it.
    """

    warehouse = models.OneToOneField(Warehouse, models.PROTECT, primary_key=True, related_name="gate")
    mode = models.CharField(max_length=10, choices=GateMode, default=GateMode.CLOSED)
    epoch = models.BigIntegerField(default=0)
    reason = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ()
        permissions = [("manage_gate", _("Close and rebuild the stock gate"))]

    def __str__(self) -> str:
        return f"{self.warehouse_id}: {self.mode} {self.epoch}"


class StockFold(models.Model):
    """The folder's book-mark in one warehouse: the last batch it numbered, when it last ran, how late it was."""

    warehouse = models.OneToOneField(Warehouse, models.PROTECT, primary_key=True, related_name="fold")
    last_batch = models.BigIntegerField(default=0)
    folded_at = models.DateTimeField(null=True)
    folded_count = models.BigIntegerField(default=0)
    lag_ms = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.warehouse_id}: {self.last_batch}"


class FoldBatch(models.Model):
    """What the folder gives back to the gate: sent until it was accepted, then deleted. The gate accepts last + 1."""

    warehouse = models.ForeignKey(Warehouse, models.CASCADE, related_name="+", db_index=False)
    epoch = models.BigIntegerField()
    number = models.BigIntegerField()
    payload = models.JSONField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["number"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["warehouse", "number"], name="fold_batch_once")]

    def __str__(self) -> str:
        return f"{self.warehouse_id}: batch {self.number}"


class StockCredit(models.Model):
    """Stock that was added, or layers that were changed, and that the gate must still hear of through the folder."""

    warehouse = models.ForeignKey(Warehouse, models.CASCADE, related_name="+")
    sku = models.ForeignKey(Sku, models.CASCADE, related_name="+")
    qty = models.BigIntegerField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.warehouse_id}/{self.sku_id}: +{self.qty}"
