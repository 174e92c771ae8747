"""What the order centre can keep of a canonical order: names in full, real money, addresses that exist.

What names a thing is refused when it is too long, because half of it names another; what only describes is cut.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from ipaddress import ip_address
from typing import Any, TypeVar

from channels_sync.connectors.reading import MAX_AMOUNT, Malformed, clean
from kernel.money import is_currency
from oms.orders.contracts import (
    STAND_IN,
    IncomingAmounts,
    IncomingBuyer,
    IncomingLine,
    IncomingOrder,
    IncomingPayment,
    IncomingReceiver,
)

Part = TypeVar("Part", IncomingOrder, IncomingBuyer, IncomingReceiver, IncomingLine, IncomingAmounts, IncomingPayment)


@dataclass(frozen=True, slots=True)
class Room:
    """How long the names and the describing texts of one part may be, and which of its amounts are never below zero."""

    names: dict[str, int]
    texts: dict[str, int]
    never_negative: tuple[str, ...] = ()


PLACE = dict.fromkeys(("country", "province", "city", "district"), 60)
ROOMS: dict[type, Room] = {
    IncomingOrder: Room(
        {"channel_order_no": 80, "source_version": 64},
        {"channel_order_name": 80, "platform_status": 60, "buyer_note": 500, "seller_note": 500, "flag": 20},
    ),
    IncomingBuyer: Room({"token": 120}, {"nick": 120}),
    IncomingReceiver: Room({"cipher_token": 255}, {**PLACE, "zip": 20}),
    IncomingLine: Room(
        {"channel_line_id": 80, "sku_code": 80}, {"title": 255, "spec": 255}, ("unit_price", "goods_amount")
    ),
    IncomingAmounts: Room({}, {}, ("goods", "shipping", "tax", "paid", "refunded")),
    IncomingPayment: Room({"payment_no": 80}, {"method": 40}, ("amount",)),
}


def check_order(order: IncomingOrder) -> IncomingOrder:
    """The order as it can be kept, with warnings for what was left out. Raises Malformed with the canonical field."""
    if not is_currency(order.currency):
        raise Malformed("$.currency", f"{order.currency[:20]!r} is no currency of ISO 4217")
    _require_room_for_stand_in(order)
    checked = replace(
        _fitted(order, "$"),
        buyer=_with_real_ip(_fitted(order.buyer, "$.buyer")),
        receiver=_fitted(order.receiver, "$.receiver"),
        lines=_each(order.lines, "$.lines"),
        amounts=_fitted(order.amounts, "$.amounts"),
        payments=_each(order.payments, "$.payments"),
    )
    _require_size("$.payments", sum((payment.amount for payment in checked.payments), Decimal(0)))
    found = {"ip_dropped": checked.buyer.ip != order.buyer.ip, "text_cut": _is_cut(order, checked)}
    return replace(checked, warnings=(*order.warnings, *(name for name, is_true in found.items() if is_true)))


def _each(parts: Sequence[Part], path: str) -> tuple[Part, ...]:
    return tuple(_fitted(part, f"{path}[{index}]") for index, part in enumerate(parts))


def _fitted(part: Part, path: str) -> Part:
    room, values = ROOMS[type(part)], _values(part)
    for name, longest in room.names.items():
        if len(values[name]) > longest:
            raise Malformed(f"{path}.{name}", f"longer than {longest}")
    for name, value in values.items():
        if isinstance(value, Decimal):
            _require_size(f"{path}.{name}", value)
            if value < 0 and name in room.never_negative:
                raise Malformed(f"{path}.{name}", "is below zero")
    cut = {name: clean(values[name])[:longest].rstrip() for name, longest in room.texts.items()}
    changed: dict[str, Any] = {name: text for name, text in cut.items() if text != values[name]}
    return replace(part, **changed) if changed else part


def _values(part: Any) -> dict[str, Any]:
    return {one.name: getattr(part, one.name) for one in fields(part)}


def _require_size(path: str, amount: Decimal) -> None:
    if abs(amount) > MAX_AMOUNT:
        raise Malformed(path, "the amount is out of range")


def _require_room_for_stand_in(order: IncomingOrder) -> None:
    """A paid order without payments gets one that is named after it."""
    longest = ROOMS[IncomingPayment].names["payment_no"] - len(STAND_IN)
    if order.is_paid and not order.payments and len(order.channel_order_no) > longest:
        raise Malformed("$.channel_order_no", f"longer than {longest}")


def _with_real_ip(buyer: IncomingBuyer) -> IncomingBuyer:
    try:
        ip_address(buyer.ip)
    except ValueError:
        return replace(buyer, ip="")
    return buyer


def _is_cut(order: IncomingOrder, checked: IncomingOrder) -> bool:
    pairs = [(order, checked), (order.buyer, checked.buyer), (order.receiver, checked.receiver)]
    pairs += [*zip(order.lines, checked.lines, strict=True), *zip(order.payments, checked.payments, strict=True)]
    return any(
        len(getattr(before, name)) > len(getattr(after, name))
        for before, after in pairs
        for name in ROOMS[type(before)].texts
    )
