"""From a canonical incoming order to columns. Mapping only: nothing here decides or writes."""

import hashlib
from dataclasses import asdict
from typing import Any

from kernel.crypto import blind_index, normalize_phone
from kernel.money import quantize
from oms.orders.contracts import IncomingBuyer, IncomingLine, IncomingOrder, IncomingReceiver
from oms.orders.models import Shop

MONEY = ("goods", "shipping", "discount_seller", "discount_platform", "adjust", "tax", "service_fee", "refunded")


def order_fields(shop: Shop, incoming: IncomingOrder) -> dict[str, Any]:
    """Every column of Order that the channel decides. Paid money is not among them: it is the sum of payments."""
    amounts = {f"{name}_amount": quantize(getattr(incoming.amounts, name), incoming.currency) for name in MONEY}
    return amounts | {
        "channel_order_name": incoming.channel_order_name,
        "platform_status": incoming.platform_status,
        "source_status": incoming.status,
        "refund_status": incoming.refund_status,
        "currency": incoming.currency,
        "is_non_sale": incoming.is_non_sale,
        "is_cash_on_delivery": incoming.cash_on_delivery,
        "is_take_away": incoming.take_away,
        "source_created_at": incoming.source_created_at,
        "source_updated_at": incoming.source_updated_at,
        "source_paid_at": incoming.source_paid_at,
        "source_shipped_at": incoming.source_shipped_at,
        "source_signed_at": incoming.source_signed_at,
        "source_version": incoming.source_version,
        "ship_by_at": incoming.ship_by_at,
        "buyer_token": incoming.buyer.token,
        "buyer_nick": incoming.buyer.nick,
        "buyer_index": buyer_index(shop, incoming.buyer, incoming.receiver),
        "buyer_ip": incoming.buyer.ip,
        "buyer_ip_index": blind_index("ip", incoming.buyer.ip) if incoming.buyer.ip else None,
        "lines_digest": lines_digest(incoming.lines),
        "buyer_note": incoming.buyer_note[:500],
        "seller_note": incoming.seller_note[:500],
        "flag": incoming.flag,
        "warnings": [warning[:120] for warning in incoming.warnings],
    }


def line_fields(line: IncomingLine, currency: str) -> dict[str, Any]:
    amounts = {
        "unit_price_amount": line.unit_price,
        "goods_amount": line.goods_amount,
        "discount_seller_amount": line.discount_seller_amount,
        "discount_platform_amount": line.discount_platform_amount,
        "tax_amount": line.tax_amount,
        "paid_amount": line.paid_amount,
    }
    return {name: quantize(amount, currency) for name, amount in amounts.items()} | {
        "sku_code": line.sku_code,
        "title": line.title[:255],
        "spec": line.spec[:255],
        "qty": line.qty,
        "is_gift": line.is_gift,
        "refund_status": line.refund_status,
    }


def address_fields(receiver: IncomingReceiver) -> dict[str, Any]:
    is_own = receiver.mode == "own_encrypted"
    phone = normalize_phone(receiver.phone) if is_own else ""
    return {
        "mode": receiver.mode,
        "receiver_name": receiver.name,
        "receiver_phone": phone or receiver.phone,
        "receiver_address": " ".join(part for part in (receiver.street, receiver.address) if part),
        "phone_index": blind_index("phone", phone) if phone else None,
        "country": receiver.country,
        "province": receiver.province,
        "city": receiver.city,
        "district": receiver.district,
        "zip": receiver.zip,
        "cipher_token": receiver.cipher_token,
    }


def buyer_index(shop: Shop, buyer: IncomingBuyer, receiver: IncomingReceiver) -> bytes | None:
    """The buyer's key: the platform's own token where there is one, else the full phone; never a masked phone."""
    if buyer.token:
        return blind_index("buyer", f"{shop.platform}:{buyer.token}")
    phone = normalize_phone(buyer.phone or receiver.phone) if receiver.mode == "own_encrypted" else ""
    return blind_index("phone", phone) if phone else None


def lines_digest(lines: tuple[IncomingLine, ...]) -> str:
    """What was ordered, whatever the order of lines: for spotting the same order placed twice."""
    parts = sorted(f"{line.sku_code or line.title}×{line.qty}" for line in lines)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def changed_fields(row: object, fields: dict[str, Any]) -> list[str]:
    """Names of the given columns whose stored value differs. Binary columns compare by content."""
    return [name for name, value in fields.items() if _plain(getattr(row, name)) != _plain(value)]


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def content_digest(incoming: IncomingOrder) -> str:
    """A digest of everything told, for platforms that give no version of their own."""
    return hashlib.sha256(repr(asdict(incoming)).encode()).hexdigest()
