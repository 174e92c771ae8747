"""What a scanned code means: which article it is."""

import unicodedata
from collections.abc import Iterable

from inventory import api as inventory
from warehouse.models import PickLine


def sku_of(value: str, lines: Iterable[PickLine]) -> str:
    """The SKU whose code or barcode this is, "" where nobody knows it. The task's own articles are known without asking."""
    text = unicodedata.normalize("NFKC", value).strip()
    if not text:
        return ""
    for line in lines:
        if text == line.sku_code or text in line.barcodes:
            return line.sku_code
    found = inventory.resolve_skus([text]).get(text)
    return found.code if found else ""
