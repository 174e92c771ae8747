import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from inventory.choices import WarehouseKind


class Warehouse(models.Model):
    """A place that holds stock of its own. A virtual one is carved out of its physical parent and counts by itself.

    The code is part of the gate's key names, so it never changes.
    """

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(max_length=10, choices=WarehouseKind, default=WarehouseKind.PHYSICAL)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    priority = models.IntegerField(_("priority"), default=100, help_text=_("The lowest number is asked first."))
    region = models.CharField(_("region"), max_length=40, blank=True)
    zone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["priority", "id"]
        default_permissions = ()
        permissions = [
            ("view_warehouse", "See a warehouse"),
            ("work_in_warehouse", "Work in a warehouse"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="physical", parent=None) | Q(kind="virtual", parent__isnull=False),
                name="warehouse_virtual_has_parent",
            ),
        ]
        triggers = [pgtrigger.ReadOnly(name="warehouse_code_fixed", fields=["code"])]

    def __str__(self) -> str:
        return self.name


class Location(models.Model):
    """A shelf place in a warehouse. `walk_order` is the way a picker walks."""

    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="locations")
    code = models.CharField(max_length=40)
    walk_order = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["walk_order", "code"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["warehouse", "code"], name="location_code_once")]

    def __str__(self) -> str:
        return self.code


class WarehouseUserPermission(UserObjectPermissionBase):
    """A person may act in this warehouse."""

    content_object = models.ForeignKey(Warehouse, on_delete=models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        default_permissions = ()


class WarehouseGroupPermission(GroupObjectPermissionBase):
    """All of a group may act in this warehouse."""

    content_object = models.ForeignKey(Warehouse, on_delete=models.CASCADE)

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        default_permissions = ()
