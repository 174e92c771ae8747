import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from kernel.ids import uuid7
from warehouse.choices import ScanKind


class Scan(models.Model):
    """One scan or button of a person on the floor, right or wrong, with the answer it got. Written once, never changed.

    `scan_id` is made by the device: the same scan sent again over a bad network finds this row and gets the same answer.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    scan_id = models.CharField(max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    warehouse = models.ForeignKey("inventory.Warehouse", on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey("PickTask", on_delete=models.PROTECT, null=True, blank=True, related_name="scans")
    kind = models.CharField(max_length=10, choices=ScanKind.choices)
    screen = models.CharField(max_length=20)
    action = models.CharField(max_length=20)
    value = models.CharField(max_length=120, blank=True)
    expected = models.CharField(max_length=120, blank=True)
    is_right = models.BooleanField()
    code = models.CharField(max_length=40)
    sku_code = models.CharField(max_length=80, blank=True)
    qty = models.PositiveIntegerField(default=0)
    reply = models.JSONField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("-id",)
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("user", "scan_id"), name="scan_once"),)
        indexes = (
            models.Index(fields=("task", "-id"), name="scan_task"),
            models.Index(fields=("user", "-created_at"), name="scan_user"),
        )
        triggers = (pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.kind} {self.screen} {self.value} {self.code}"
