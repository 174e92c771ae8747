"""Telling the platform that goods have left: once per fulfilment, whatever happens to the answer."""

from datetime import timedelta

from channels_sync.connectors.base import Client, PushOutcome, Shipment, ShipmentLine
from channels_sync.models import Connection, ShipmentPush
from channels_sync.services.platform import calling
from kernel import clock, work
from oms.orders import api as orders

# A shipment that the platform has not confirmed after this is shown in red.
LATE_AFTER = timedelta(minutes=30)


def ask_for_push(*, fo_no: str) -> ShipmentPush | None:
    """Have a shipped fulfilment told to its platform, in the caller's transaction. Asked twice, it is still told once.

    None where there is nobody to tell: the shop has no connection, or its platform no API address.
    """
    fulfilment = orders.get_fulfilment(fo_no)
    connection = Connection.objects.filter(shop__code=fulfilment.shop_code, is_active=True).first()
    if connection is None or not connection.base_url:
        return None
    push, is_new = ShipmentPush.objects.get_or_create(
        fo_no=fo_no,
        defaults={
            "connection": connection,
            "order_no": fulfilment.order_no,
            "channel_order_no": fulfilment.channel_order_no,
            "carrier_code": fulfilment.carrier_code,
            "tracking_no": fulfilment.tracking_no,
            "lines": [{"id": line.channel_line_id, "qty": line.qty} for line in fulfilment.lines],
            "is_whole_order": _is_whole_order(fulfilment.order_no, fo_no),
            "shipped_at": fulfilment.shipped_at or clock.now(),
            "ordering_key": f"{fulfilment.shop_code}/{fulfilment.channel_order_no}"[:160],
        },
    )
    if is_new:
        work.ring(ShipmentPush)
    return push


def push_shipment(row: ShipmentPush) -> None:
    """The handler of a push. From the moment of the first try on, the platform is asked before it is told again."""
    connection = Connection.objects.select_related("shop").get(pk=row.connection_id)
    with calling(connection, "push_shipment") as client:
        outcome = _tell(client, row)
    with work.settle(row):
        ShipmentPush.objects.filter(pk=row.pk).update(
            confirmed_at=clock.now(), platform_ref=outcome.platform_ref[:80], error_class="", last_error=""
        )


def _tell(client: Client, row: ShipmentPush) -> PushOutcome:
    shipment = _shipment(row)
    if row.sent_at is not None and (known := client.find_shipment(shipment)):
        return known
    ShipmentPush.objects.filter(pk=row.pk).update(sent_at=clock.now())
    return client.push_shipment(shipment)


def _shipment(row: ShipmentPush) -> Shipment:
    return Shipment(
        idempotency_key=str(row.uid),
        channel_order_no=row.channel_order_no,
        carrier_code=row.carrier_code,
        tracking_no=row.tracking_no,
        shipped_at=row.shipped_at,
        lines=tuple(ShipmentLine(line["id"], line["qty"]) for line in row.lines),
        is_whole_order=row.is_whole_order,
    )


def _is_whole_order(order_no: str, fo_no: str) -> bool:
    """Whether no other fulfilment of the order is still to be sent."""
    others = orders.FulfilmentOrder.objects.filter(order__order_no=order_no).exclude(fo_no=fo_no)
    return not others.exclude(state__in=("shipped", "cancelled")).exists()
