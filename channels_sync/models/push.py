from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.models.work import WorkRow


class ShipmentPush(WorkRow):
    """One fulfilment to be told to its platform, once. A second row for it cannot exist.

    `sent_at` is committed before the first byte leaves: from then on a later try asks the platform first whether it has
    the shipment. The row's uid is the idempotency key of every try.
    """

    queue: ClassVar[str] = "outbound"
    blocks_key_when_dead: ClassVar[bool] = True

    connection = models.ForeignKey("channels_sync.Connection", on_delete=models.PROTECT, related_name="pushes")
    fo_no = models.CharField(max_length=24, unique=True)
    order_no = models.CharField(max_length=24)
    channel_order_no = models.CharField(max_length=80)
    carrier_code = models.CharField(max_length=40, blank=True)
    tracking_no = models.CharField(max_length=60)
    lines = models.JSONField(default=list)
    is_whole_order = models.BooleanField(default=True)
    shipped_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    platform_ref = models.CharField(max_length=80, blank=True, default="")

    class Meta(WorkRow.Meta):
        default_permissions = ()
        verbose_name = _("shipment push")
        indexes: ClassVar[tuple[Any, ...]] = (
            *WorkRow.Meta.indexes,
            models.Index(fields=["connection", "-id"], name="push_of_connection"),
            models.Index(fields=["order_no"], name="push_of_order"),
            models.Index(fields=["shipped_at"], name="push_unconfirmed", condition=Q(confirmed_at=None)),
        )
