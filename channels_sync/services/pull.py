"""Reading all orders of a window from a platform: the safety net under its pushes. Windows overlap; the inbox removes
what came twice.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from channels_sync.connectors.base import ListedOrder
from channels_sync.models import Connection
from channels_sync.services.fetch_order import ask_for_order, put_order
from channels_sync.services.platform import calling
from kernel import clock

OVERLAP = timedelta(minutes=10)
FIRST_PULL = timedelta(days=1)


@dataclass
class Pulled:
    """What a pull found: orders listed, of which `new` were not known in this form, and `asked` will be fetched."""

    listed: int = 0
    new: int = 0
    asked: int = 0


def pull_orders(*, shop_code: str, since: datetime | None = None, until: datetime | None = None) -> Pulled:
    """Bring in every order that changed in the window; without `since`, from where the last pull ended, with overlap.

    The cursor moves only when the whole window has been read: a pull that breaks off begins there again.
    """
    connection = Connection.objects.select_related("shop").get(shop__code=shop_code)
    until = until or clock.now()
    begun = since or ((connection.pulled_until or until - FIRST_PULL) - OVERLAP)
    pulled = Pulled()
    with calling(connection, "pull_orders") as client:
        for listed in client.list_orders(begun, until):
            _bring_in(connection, listed, pulled)
    _move_cursor(connection, begun, until)
    return pulled


def _bring_in(connection: Connection, listed: ListedOrder, pulled: Pulled) -> None:
    pulled.listed += 1
    shop_code = connection.shop.code
    if listed.body is not None:
        pulled.new += put_order(shop_code, listed.order_id, listed.body)
        return
    pulled.asked += 1
    with transaction.atomic():
        ask_for_order(connection_id=connection.pk, shop_code=shop_code, channel_order_no=listed.order_id)


def _move_cursor(connection: Connection, begun: datetime, until: datetime) -> None:
    """Forward only, and only over ground that was covered without a gap."""
    known = connection.pulled_until
    if known is None or begun <= known < until:
        Connection.objects.filter(pk=connection.pk, pulled_until=known).update(pulled_until=until)
