"""What the simulated platform offers: whatever our warehouses have plenty of, at prices that stay the same."""

from zlib import crc32

from channels_sync.simulator.catalogue import Listing
from inventory import api as inventory

PLENTY = 5
MOST_LISTINGS = 200


def assortment() -> tuple[Listing, ...]:
    """A listing for each article with stock; none where there is no stock at all."""
    codes = {row.sku for row in inventory.get_stock() if row.available > PLENTY}
    found = inventory.resolve_skus(sorted(codes)[:MOST_LISTINGS])
    return tuple(Listing(sku.code, sku.name, "", price(sku.code)) for sku in found.values())


def price(code: str) -> str:
    return f"{19 + crc32(code.encode()) % 380}.{(0, 50, 90)[crc32(code.encode()) % 3]:02d}"
