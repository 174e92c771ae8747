from decimal import Decimal

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from inventory.models.places import Location
from kernel.fields import MoneyField

SKU_CODE = RegexValidator(r"\A[^\x00-\x1f\x7f]{1,64}\Z", _("1 to 64 characters, no control characters."))


class Sku(models.Model):
    """A thing that can be stocked and sold. Its code is part of the gate's keys, so it never changes.

    Three layers stand between the shelf and the buyer: a buffer kept back for all, a safety stock that only paid orders
    may use, and a threshold below which replenishment is asked for.
    """

    code = models.CharField(_("SKU"), max_length=64, unique=True, validators=[SKU_CODE])
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    weight_g = models.PositiveIntegerField(_("weight (g)"), default=0)
    cost_amount = MoneyField(_("cost"))
    currency = models.CharField(max_length=3, default="CNY")
    image_url = models.URLField(blank=True)
    buffer_percent = models.DecimalField(
        _("buffer (%)"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    safety_qty = models.PositiveIntegerField(_("safety stock"), default=0)
    threshold_qty = models.PositiveIntegerField(_("low-stock threshold"), default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(buffer_percent__gte=0, buffer_percent__lte=100), name="sku_buffer_is_a_percentage"
            ),
        ]
        triggers = [pgtrigger.ReadOnly(name="sku_code_fixed", fields=["code"])]

    def __str__(self) -> str:
        return self.code


class SkuBarcode(models.Model):
    """What a scanner reads on the thing. A barcode means one SKU, a SKU may carry several."""

    sku = models.ForeignKey(Sku, models.CASCADE, related_name="barcodes")
    barcode = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["barcode"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.barcode


class SkuLocation(models.Model):
    """Where a picker finds a SKU; the first by walk order is its pick place."""

    sku = models.ForeignKey(Sku, models.CASCADE, related_name="locations")
    location = models.ForeignKey(Location, models.PROTECT, related_name="skus")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["sku", "location"], name="sku_location_once")]

    def __str__(self) -> str:
        return f"{self.sku_id}@{self.location_id}"
