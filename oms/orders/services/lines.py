"""An order's lines as the channel tells them, matched to articles."""

from django.db.models import prefetch_related_objects

from inventory import api as inventory
from oms.orders.contracts import IncomingOrder
from oms.orders.models import Order, OrderLine
from oms.orders.services.incoming_fields import line_fields

UPDATABLE = (
    "line_no",
    "sku",
    "sku_code",
    "title",
    "spec",
    "qty",
    "unit_price_amount",
    "goods_amount",
    "discount_seller_amount",
    "discount_platform_amount",
    "tax_amount",
    "paid_amount",
    "is_gift",
    "refund_status",
)


def store_lines(order: Order, incoming: IncomingOrder) -> None:
    """Write the told lines, drop those no longer told. An unknown article leaves `sku` empty."""
    skus = inventory.resolve_skus([line.sku_code for line in incoming.lines if line.sku_code])
    told = [line.channel_line_id for line in incoming.lines]
    if any(line.channel_line_id not in told for line in order.lines.all()):
        order.lines.exclude(channel_line_id__in=told).delete()
    OrderLine.objects.bulk_create(
        (
            OrderLine(
                order=order,
                line_no=number,
                channel_line_id=line.channel_line_id,
                sku_id=skus[line.sku_code].id if line.sku_code in skus else None,
                **line_fields(line, incoming.currency),
            )
            for number, line in enumerate(incoming.lines, start=1)
        ),
        update_conflicts=True,
        unique_fields=("order", "channel_line_id"),
        update_fields=UPDATABLE,
    )
    read_lines(order)


def read_lines(order: Order) -> None:
    """Read the order's lines and their articles once for all that follows in this act."""
    order.__dict__.get("_prefetched_objects_cache", {}).pop("lines", None)
    prefetch_related_objects([order], "lines__sku")


def match_lines(order: Order) -> list[str]:
    """Try again to find the articles of unmatched lines; returns what is still unmatched."""
    open_lines = [line for line in order.lines.all() if line.sku_id is None]
    skus = inventory.resolve_skus([line.sku_code for line in open_lines if line.sku_code])
    for line in open_lines:
        if line.sku_code in skus:
            line.sku_id = skus[line.sku_code].id
            line.save(update_fields=("sku",))
    return [line.sku_code or line.title for line in open_lines if line.sku_id is None]
