"""What failed for good, over all channels."""

from channels_sync.api import OrderFetch, ShipmentPush
from insights.figures import DEAD, Figure, counted
from kernel.models import InboxDelivery
from kernel.paging import capped_count

CAP = 10_000


def dead_letters() -> Figure:
    count = sum(
        capped_count(model.objects.filter(state="dead"))[0] for model in (InboxDelivery, OrderFetch, ShipmentPush)
    )
    return counted(DEAD, (min(count, CAP), count > CAP), alarm="bad")
