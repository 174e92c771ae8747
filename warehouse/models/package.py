from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from kernel.ids import uuid7
from warehouse.choices import PackageState, WaybillSource


class Package(models.Model):
    """One parcel of one fulfilment order: checked, closed, given a waybill, then handed to the carrier."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    package_no = models.CharField(max_length=20, unique=True)
    fulfilment = models.ForeignKey(
        "orders.FulfilmentOrder", to_field="fo_no", db_column="fo_no", on_delete=models.PROTECT, related_name="+"
    )
    warehouse = models.ForeignKey("inventory.Warehouse", on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey("PickTask", on_delete=models.PROTECT, null=True, blank=True, related_name="packages")
    order_no = models.CharField(max_length=24)
    state = models.CharField(max_length=20, choices=PackageState.choices, default=PackageState.PACKED)
    packed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    shipped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    packed_at = models.DateTimeField(db_default=Now())
    shipped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-packed_at", "-id")
        verbose_name = _("parcel")
        default_permissions = ()
        constraints = (
            # One parcel per fulfilment order until parcels can be split.
            models.UniqueConstraint(fields=("fulfilment",), name="package_once", condition=~Q(state=PackageState.VOID)),
        )
        indexes = (
            models.Index(fields=("-packed_at", "-id"), name="package_newest"),
            models.Index(fields=("warehouse", "-packed_at", "-id"), name="package_warehouse_newest"),
            models.Index(fields=("warehouse", "state", "shipped_at"), name="package_handover"),
            models.Index(fields=("order_no",), name="package_order"),
        )

    def __str__(self) -> str:
        return self.package_no

    @property
    def fo_no(self) -> str:
        return str(self.fulfilment_id)


class PackageItem(models.Model):
    """What the packing check found in the parcel."""

    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="items")
    sku_code = models.CharField(max_length=80)
    sku_name = models.CharField(max_length=255)
    qty = models.PositiveIntegerField()

    class Meta:
        ordering = ("id",)
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("package", "sku_code"), name="package_item_sku_once"),)

    def __str__(self) -> str:
        return f"{self.sku_code} × {self.qty}"


class Waybill(models.Model):
    """A carrier's tracking number on a parcel. The same number of one carrier never stands on two parcels.

    `is_known_format` is false where no pattern of the carrier fits: kept and warned about, never refused.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    package = models.OneToOneField(Package, on_delete=models.PROTECT, related_name="waybill")
    carrier_code = models.CharField(max_length=40)
    tracking_no = models.CharField(max_length=60)
    is_known_format = models.BooleanField(default=True)
    source = models.CharField(max_length=10, choices=WaybillSource.choices, default=WaybillSource.SCAN)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("-id",)
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("carrier_code", "tracking_no"), name="waybill_once"),)
        indexes = (models.Index(fields=("tracking_no",), name="waybill_tracking"),)

    def __str__(self) -> str:
        return f"{self.carrier_code} {self.tracking_no}"
