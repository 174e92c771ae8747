"""What a scanned code means: which SKU it is."""

import unicodedata

from inventory import api as inventory


def sku_of(value: str) -> str:
    """The SKU whose code or barcode this is, "" where nobody knows it."""
    text = unicodedata.normalize("NFKC", value).strip()
    if not text:
        return ""
    found = inventory.resolve_skus([text]).get(text)
    return found.code if found else ""
