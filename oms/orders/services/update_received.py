"""Newer news about a stored order: what changed, and what that means at the step the order has reached."""

from typing import Any

from oms.orders.choices import FINAL_STATES, OPEN_BEFORE_FLOOR, HoldCode, OrderState
from oms.orders.contracts import INCOMING_STATUSES, IncomingOrder
from oms.orders.models import Order, OrderLine
from oms.orders.services.follow_platform import follow_platform
from oms.orders.services.holds import clear_holds, place_hold
from oms.orders.services.incoming_fields import address_fields, changed_fields, line_fields, order_fields
from oms.orders.services.lines import read_lines, store_lines
from oms.orders.services.reserve import claim_stock, commit_stock, release_stock
from oms.orders.services.review import review_again
from oms.orders.services.timeline import tell

SILENT = frozenset(
    {"source_updated_at", "source_version", "source_status", "platform_status", "buyer_ip_index", "lines_digest"}
)
# What has happened does not unhappen because a telling leaves it out.
PASSED = ("source_paid_at", "source_shipped_at", "source_signed_at")
SAME_TIME = "same_time_other_content"


def apply_update(order: Order, incoming: IncomingOrder) -> str:
    """Bring a locked order up to the news: `updated`, `unchanged`, or `stale` where we know newer already."""
    if incoming.source_updated_at < order.source_updated_at:
        return "stale"
    if incoming.source_version == order.source_version:
        return "unchanged"
    if incoming.currency != order.currency and order.payments.exists():
        evidence = {"was": order.currency, "told": incoming.currency}
        place_hold(order, HoldCode.SOURCE_CONFLICT, source="currency", evidence=evidence)
        return "conflict"
    fields = order_fields(order.shop, incoming)
    if incoming.source_updated_at == order.source_updated_at:
        if _goes_back(order, incoming):
            return "stale"
        fields["warnings"] = [*fields["warnings"], SAME_TIME]
    is_other = _store_fields(order, fields)
    is_other |= _update_address(order, incoming)
    is_other |= _update_lines(order, incoming)
    follow_platform(order, incoming)
    if is_other:
        review_again(order)
    return "updated"


def _goes_back(order: Order, incoming: IncomingOrder) -> bool:
    """Two tellings of one second may arrive in either order; the one further along the trade's life is the newer."""
    return INCOMING_STATUSES.index(incoming.status) < INCOMING_STATUSES.index(order.source_status or "unknown")


def _store_fields(order: Order, fields: dict[str, Any]) -> bool:
    """True when the money is another."""
    forgotten = {name for name in PASSED if fields[name] is None}
    changed = [name for name in changed_fields(order, fields) if name not in forgotten]
    amounts = {name: [str(getattr(order, name)), str(fields[name])] for name in changed if name.endswith("_amount")}
    for name in changed:
        setattr(order, name, fields[name])
    if changed:
        order.save(update_fields=changed)
    told = sorted(set(changed) - SILENT)
    if told:
        tell(order, "updated", source=order.shop.platform, fields=told, amounts=amounts)
    return bool(amounts)


def _update_address(order: Order, incoming: IncomingOrder) -> bool:
    address = order.address
    fields = address_fields(incoming.receiver)
    changed = changed_fields(address, fields)
    if not changed:
        return False
    for name in changed:
        setattr(address, name, fields[name])
    address.save(update_fields=changed)
    told = sorted(set(changed) - {"phone_index"})
    tell(order, "address_changed", source=order.shop.platform, fields=told)
    if order.state not in OPEN_BEFORE_FLOOR and order.state not in FINAL_STATES and order.state != OrderState.SHIPPED:
        place_hold(order, HoldCode.ADDRESS_CHANGED, source="platform", evidence={"fields": told})
    return True


def _update_lines(order: Order, incoming: IncomingOrder) -> bool:
    """True when the goods are others. What has ended, or is on the floor, keeps its lines."""
    read_lines(order)
    stored = {line.channel_line_id: line for line in order.lines.all()}
    if not _goods_changed(stored, incoming):
        if any(
            changed_fields(stored[line.channel_line_id], line_fields(line, incoming.currency))
            for line in incoming.lines
        ):
            store_lines(order, incoming)
        return False
    if order.state in FINAL_STATES:
        tell(order, "lines_told_after_end", source=order.shop.platform)
        return False
    evidence = {"articles": sorted({line.sku_code or line.title for line in incoming.lines})}
    if order.state not in OPEN_BEFORE_FLOOR or not incoming.lines:
        place_hold(order, HoldCode.SOURCE_CONFLICT, source="lines", evidence=evidence)
        return False
    store_lines(order, incoming)
    tell(order, "lines_changed", source=order.shop.platform, articles=evidence["articles"])
    _reserve_again(order)
    return True


def _goods_changed(stored: dict[str, OrderLine], incoming: IncomingOrder) -> bool:
    told = {line.channel_line_id: (line.sku_code, line.qty) for line in incoming.lines}
    return told != {key: (line.sku_code, line.qty) for key, line in stored.items()}


def _reserve_again(order: Order) -> None:
    is_paid = order.state != OrderState.PENDING_PAYMENT
    release_stock(order, reason="lines_changed")
    clear_holds(order, reason="lines_changed", codes=(HoldCode.UNMATCHED, HoldCode.STOCK_SHORT), source="stock")
    if claim_stock(order, is_paid=is_paid) and is_paid:
        commit_stock(order)
