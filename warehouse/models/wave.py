from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from kernel.ids import uuid7
from warehouse.choices import TaskState, WaveState


class Wave(models.Model):
    """Fulfilment orders of one warehouse that go to the floor together, each picked on its own (discrete picking)."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    wave_no = models.CharField(max_length=20, unique=True)
    warehouse = models.ForeignKey("inventory.Warehouse", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=WaveState.choices, default=WaveState.OPEN)
    filters = models.JSONField(default=dict, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        verbose_name = _("wave")
        default_permissions = ()
        permissions = (
            ("view_wave", "May see waves and what is on the floor"),
            ("create_wave", "May create waves"),
            ("pick", "May pick"),
            ("pack", "May pack"),
            ("ship", "May ship out"),
        )
        indexes = (
            models.Index(fields=("-created_at", "-id"), name="wave_newest"),
            models.Index(fields=("warehouse", "-created_at", "-id"), name="wave_warehouse_newest"),
        )

    def __str__(self) -> str:
        return self.wave_no


class PickTask(models.Model):
    """One fulfilment order on its way over the floor: claimed and picked by one person, packed by one, shipped by one.

    `screen` is where the scan scenario of the present state stands. `stop_reasons` repeats the order's holds for lists;
    every scan reads the hold itself.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="tasks")
    warehouse = models.ForeignKey("inventory.Warehouse", on_delete=models.PROTECT, related_name="+")
    fulfilment = models.ForeignKey(
        "orders.FulfilmentOrder", to_field="fo_no", db_column="fo_no", on_delete=models.PROTECT, related_name="+"
    )
    order_no = models.CharField(max_length=24)
    shop_code = models.CharField(max_length=40)
    receiver_region = models.CharField(max_length=120, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=20, choices=TaskState.choices, default=TaskState.WAITING)
    screen = models.CharField(max_length=20, blank=True)
    pending_tracking_no = models.CharField(max_length=60, blank=True)
    stop_reasons = models.JSONField(default=list, blank=True)
    picker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    packer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    claimed_at = models.DateTimeField(null=True, blank=True)
    picked_at = models.DateTimeField(null=True, blank=True)
    packed_at = models.DateTimeField(null=True, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("fulfilment",), name="pick_task_once", condition=~Q(state=TaskState.CANCELLED)
            ),
        )
        indexes = (
            models.Index(fields=("warehouse", "state", "id"), name="pick_task_queue"),
            models.Index(fields=("wave", "id"), name="pick_task_wave"),
            models.Index(fields=("order_no",), name="pick_task_order"),
        )

    def __str__(self) -> str:
        return self.fo_no

    @property
    def fo_no(self) -> str:
        return str(self.fulfilment_id)

    @property
    def pieces(self) -> int:
        return sum(line.qty for line in self.lines.all())


class PickLine(models.Model):
    """One stop of a task: one SKU at one location, in walking order.

    Location and barcodes are those of the moment when the pick list was made, so that a right scan asks nobody.
    """

    task = models.ForeignKey(PickTask, on_delete=models.CASCADE, related_name="lines")
    line_no = models.PositiveSmallIntegerField()
    sku_code = models.CharField(max_length=80)
    sku_name = models.CharField(max_length=255)
    location_code = models.CharField(max_length=40, blank=True)
    barcodes = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    qty = models.PositiveIntegerField()
    picked_qty = models.PositiveIntegerField(default=0)
    packed_qty = models.PositiveIntegerField(default=0)
    missing_qty = models.PositiveIntegerField(default=0)
    skipped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("line_no",)
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("task", "sku_code"), name="pick_line_sku_once"),
            models.CheckConstraint(condition=Q(picked_qty__lte=F("qty")), name="pick_line_not_over_picked"),
            models.CheckConstraint(condition=Q(packed_qty__lte=F("qty")), name="pick_line_not_over_packed"),
        )

    def __str__(self) -> str:
        return f"{self.location_code} {self.sku_code} × {self.qty}"

    @property
    def is_picked(self) -> bool:
        return self.picked_qty >= self.qty

    @property
    def is_packed(self) -> bool:
        return self.packed_qty >= self.qty
