import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from inventory.choices import MovementKind
from inventory.models.goods import Sku
from inventory.models.places import Warehouse

QUANTITIES = ("on_hand_qty", "reserved_qty", "committed_qty", "quarantine_qty", "locked_qty")


class StockLevel(models.Model):
    """How much of one SKU stands in one warehouse and to whom it is promised: the sum of its movements.

    `reserved_qty` and `committed_qty` lag behind the reservations by at most the folding interval; what is promised but
    not folded yet is added by the selectors, so a reader never sees it missing.
    """

    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="levels")
    sku = models.ForeignKey(Sku, models.PROTECT, related_name="levels")
    on_hand_qty = models.BigIntegerField(default=0, db_default=0)
    reserved_qty = models.BigIntegerField(default=0, db_default=0)
    committed_qty = models.BigIntegerField(default=0, db_default=0)
    quarantine_qty = models.BigIntegerField(default=0, db_default=0)
    locked_qty = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        default_permissions = ()
        permissions = [
            ("view_stock", "See stock, its ledger and its audit"),
            ("adjust_stock", "Adjust stock on hand"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["warehouse", "sku"], name="stock_level_once"),
            *(
                models.CheckConstraint(condition=Q(**{f"{name}__gte": 0}), name=f"{name}_not_negative")
                for name in QUANTITIES
            ),
        ]

    def __str__(self) -> str:
        return f"{self.warehouse_id}/{self.sku_id}: {self.on_hand_qty}"


class Movement(models.Model):
    """One entry of the stock ledger: what changed, by how much, for whom, why. Written once, never altered.

    The references carry no database constraint because the folder writes thousands a second from rows that have one.
    """

    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    sku = models.ForeignKey(Sku, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    kind = models.CharField(max_length=10, choices=MovementKind)
    on_hand_delta = models.BigIntegerField(default=0, db_default=0)
    reserved_delta = models.BigIntegerField(default=0, db_default=0)
    committed_delta = models.BigIntegerField(default=0, db_default=0)
    reservation = models.ForeignKey(
        "inventory.Reservation", models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    ref = models.CharField(max_length=80, blank=True, default="", db_default="")
    reason = models.CharField(max_length=200, blank=True, default="", db_default="")
    actor = models.CharField(max_length=150, blank=True, default="", db_default="")
    occurred_at = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]
        default_permissions = ()
        indexes = [models.Index(fields=["sku", "-id"], name="movement_of_sku")]
        triggers = [
            pgtrigger.Protect(name="movement_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.warehouse_id}/{self.sku_id}"
