"""The carriers this house knows, found by their folders, and which of them a tracking number suggests."""

from dataclasses import dataclass
from functools import cache

from django.utils.translation import get_language

from kernel.plugins import discover
from warehouse.carriers.base import Carrier

OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a tracking number's shape says: one carrier for sure, or those that share the shape, or none at all."""

    sure: Carrier | None
    candidates: tuple[Carrier, ...]


@cache
def carriers() -> dict[str, Carrier]:
    modules = discover("warehouse.carriers", needs="CARRIER").values()
    return {module.CARRIER.code: module.CARRIER for module in modules}


def suggest(tracking_no: str) -> Suggestion:
    everyone = carriers().values()
    sure = [one for one in everyone if one.is_sure(tracking_no)]
    candidates = tuple(one for one in everyone if one.knows(tracking_no))
    return Suggestion(sure=sure[0] if len(sure) == 1 else None, candidates=candidates)


def is_known_format(carrier_code: str, tracking_no: str) -> bool:
    carrier = carriers().get(carrier_code)
    return carrier is not None and carrier.knows(tracking_no)


def carrier_name(code: str) -> str:
    """The carrier's name in the reader's language; a code we do not know stands for itself."""
    carrier = carriers().get(code)
    if carrier is None:
        return code
    return carrier.name_zh if (get_language() or "").startswith("zh") else carrier.name
