from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from kernel.ids import uuid7


class Shop(models.Model):
    """One shop on one platform: the channel an order comes from. How to reach the platform is channels_sync's Connection."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    platform = models.CharField(max_length=40)
    zone = models.CharField(max_length=40, default="Asia/Shanghai")
    currency = models.CharField(max_length=3, default="CNY")
    unpaid_minutes = models.PositiveSmallIntegerField(default=30)
    warehouses = models.ManyToManyField("inventory.Warehouse", through="ShopWarehouse", related_name="+")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("code",)
        verbose_name = _("shop")
        permissions = (
            ("work_on_shop", "May see and work on the orders of this shop"),
            ("manage_shop", "May open shops and change their settings"),
        )

    def __str__(self) -> str:
        return self.name


class ShopWarehouse(models.Model):
    """Which warehouses may send a shop's orders, the lowest priority number first."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE)
    warehouse = models.ForeignKey("inventory.Warehouse", on_delete=models.PROTECT)
    priority = models.PositiveSmallIntegerField(default=10)

    class Meta:
        ordering = ("priority", "id")
        constraints = (models.UniqueConstraint(fields=("shop", "warehouse"), name="shop_warehouse_once"),)

    def __str__(self) -> str:
        return f"{self.shop_id} → {self.warehouse_id}"


class ShopUserPermission(UserObjectPermissionBase):
    content_object = models.ForeignKey(Shop, on_delete=models.CASCADE)


class ShopGroupPermission(GroupObjectPermissionBase):
    content_object = models.ForeignKey(Shop, on_delete=models.CASCADE)
