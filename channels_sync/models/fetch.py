from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.models.work import WorkRow


class OrderFetch(WorkRow):
    """An order to be read from its platform, because a push or a list named it without telling it.

    Many hints for one order that nobody has begun to fetch are one fetch. What it brings goes into the inbox.
    """

    queue: ClassVar[str] = "outbound"

    connection = models.ForeignKey("channels_sync.Connection", on_delete=models.PROTECT, related_name="fetches")
    channel_order_no = models.CharField(max_length=80)

    class Meta(WorkRow.Meta):
        default_permissions = ()
        verbose_name = _("order fetch")
        indexes: ClassVar[tuple[Any, ...]] = (
            *WorkRow.Meta.indexes,
            models.Index(fields=["connection", "-id"], name="fetch_of_connection"),
            models.Index(fields=["connection", "channel_order_no"], name="fetch_of_order"),
        )
