"""The words of the warehouse floor, stored in lower snake English, shown translated."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class WaveState(TextChoices):
    OPEN = "open", _("Waiting to be picked")
    PICKING = "picking", _("Picking")
    DONE = "done", _("Picked")


class TaskState(TextChoices):
    """Where one fulfilment order stands on the floor."""

    WAITING = "waiting", _("Waiting for a picker")
    PICKING = "picking", _("Being picked")
    PICKED = "picked", _("Waiting for packing")
    PACKING = "packing", _("Being packed")
    PACKED = "packed", _("Waiting to ship out")
    SHIPPED = "shipped", _("Shipped")
    CANCELLED = "cancelled", _("Cancelled")


class PackageState(TextChoices):
    PACKED = "packed", _("Waiting to ship out")
    SHIPPED = "shipped", _("Shipped")
    VOID = "void", _("Unpacked")


class ScanKind(TextChoices):
    PICK = "pick", _("Pick")
    PACK = "pack", _("Packing check")
    SHIP = "ship", _("Ship out")


class ShortReason(TextChoices):
    MISSING = "missing", _("Not at the location")
    DAMAGED = "damaged", _("Damaged")
    OTHER_ITEM = "other_item", _("Another item lies there")


class WaybillSource(TextChoices):
    SCAN = "scan", _("Scanned at the packing desk")
    WMS = "wms", _("Reported by an external warehouse")


# A task on which somebody on the floor still has work to do.
LIVE_TASKS = (TaskState.WAITING, TaskState.PICKING, TaskState.PICKED, TaskState.PACKING, TaskState.PACKED)
