"""Whose channels a person sees: those of the shops in their scope."""

from typing import Any

from django.db.models import QuerySet

from accounts.api import ALL, ids_in_scope, in_scope
from channels_sync.errors import ConnectionNotFound
from channels_sync.models import Connection
from kernel.models import InboxDelivery
from oms.orders.api import Shop

SOURCE = "shop"


def visible_connections(user: Any, perm: str = "channels_sync.view_channel") -> QuerySet[Connection]:
    rows = Connection.objects.select_related("shop").order_by("shop__code")
    return in_scope(rows, user, perm, "shop_id", Shop)


def visible_connection(user: Any, code: str, perm: str = "channels_sync.view_channel") -> Connection:
    found = visible_connections(user, perm).filter(shop__code=code).first()
    if found is None:
        raise ConnectionNotFound(f"The shop {code} is not connected, or not yours.")
    return found


def visible_deliveries(user: Any, perm: str = "channels_sync.view_inbox") -> QuerySet[InboxDelivery]:
    """Deliveries of platforms. Who sees every shop also sees those for shops that do not exist."""
    rows = InboxDelivery.objects.filter(source=SOURCE)
    if sees_everything(user, perm):
        return rows
    codes = visible_connections(user, perm).values_list("shop__code", flat=True)
    return rows.filter(endpoint__in=list(codes))


def sees_everything(user: Any, perm: str) -> bool:
    return ids_in_scope(user, perm, Shop) is ALL
