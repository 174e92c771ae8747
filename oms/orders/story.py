"""The timeline in the reader's words: each kind of entry as a sentence, with an icon and a tone."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from inventory import api as inventory
from kernel.shell import Text
from oms.orders.contracts import StillHeld
from oms.orders.explain import rule_title
from oms.orders.models import TimelineEntry
from oms.orders.words import field_words, hold_word, platform_word, refusal_words, step_word, still_held_words


@dataclass(frozen=True, slots=True)
class Told:
    """One kind of entry: a sentence with named places filled from the entry's data."""

    title: Text
    icon: str
    tone: str = "neutral"


@dataclass(frozen=True, slots=True)
class StoryLine:
    at: datetime
    title: str
    detail: str
    actor: str
    tone: str
    icon: str


KINDS: dict[str, Told] = {
    "received": Told(gettext_lazy("Received from the platform"), "inbox", "info"),
    "stored_as_history": Told(gettext_lazy("Stored as history: it was over before we heard of it"), "archive"),
    "updated": Told(gettext_lazy("The platform sent newer facts"), "refresh"),
    "address_changed": Told(gettext_lazy("The address changed"), "map-pin", "warn"),
    "lines_changed": Told(gettext_lazy("The goods changed"), "list-details", "warn"),
    "payment_recorded": Told(gettext_lazy("Payment recorded"), "coins", "good"),
    "payment_named": Told(gettext_lazy("The platform named the payment"), "coins"),
    "lines_told_after_end": Told(
        gettext_lazy("The platform changed the goods of an order that is over"), "list-details"
    ),
    "pay": Told(gettext_lazy("Paid"), "coins", "good"),
    "accept_unpaid": Told(gettext_lazy("Accepted: cash on delivery"), "truck-delivery"),
    "stock_reserved": Told(gettext_lazy("Stock reserved"), "lock"),
    "stock_committed": Told(gettext_lazy("Stock taken for good"), "lock-check"),
    "stock_expired": Told(gettext_lazy("Unpaid for too long: stock released"), "clock-x", "warn"),
    "held": Told(gettext_lazy("Held"), "hand-stop", "warn"),
    "hold_cleared": Told(gettext_lazy("Hold released"), "player-play", "good"),
    "submit_review": Told(gettext_lazy("Sent to review"), "eye-search", "warn"),
    "approve": Told(gettext_lazy("Approved"), "check", "good"),
    "allocate": Told(gettext_lazy("Released to the warehouse"), "building-warehouse", "info"),
    "allocated": Told(gettext_lazy("Back in the warehouse's queue"), "building-warehouse", "info"),
    "picking": Told(gettext_lazy("Picking began"), "basket", "info"),
    "packed": Told(gettext_lazy("Packed and checked"), "package", "info"),
    "shipped": Told(gettext_lazy("Shipped"), "truck-delivery", "good"),
    "sign": Told(gettext_lazy("Signed for"), "signature", "good"),
    "complete": Told(pgettext_lazy("order", "Completed"), "circle-check", "good"),
    "close": Told(pgettext_lazy("order", "Closed"), "archive"),
    "cancel": Told(pgettext_lazy("order", "Cancelled"), "ban", "bad"),
    "platform_confirmed": Told(gettext_lazy("The platform confirmed the shipment"), "cloud-check", "good"),
    "release_failed": Told(gettext_lazy("Release was tried; the hold stays"), "hand-stop", "warn"),
    "state_transition_failed": Told(gettext_lazy("A step was refused"), "alert-triangle", "bad"),
}
# Names of what an entry's data may hold, in the order in which they are told.
DATA_LABELS: dict[str, Text] = {
    "code": gettext_lazy("Code"),
    "codes": gettext_lazy("Hold reason"),
    "status": gettext_lazy("Platform status"),
    "warehouse": gettext_lazy("Warehouse"),
    "short_pick": gettext_lazy("Warehouse"),
    **dict.fromkeys(
        (
            "lines",
            "no_lines",
            "currency",
            "paid_after_end",
            "shipped_elsewhere",
            "cancelled_after_shipping",
            "unknown_status",
        ),
        gettext_lazy("Platform"),
    ),
    "payment_no": gettext_lazy("Payment number"),
    "amount": gettext_lazy("Amount"),
    "fields": gettext_lazy("Fields"),
    "articles": gettext_lazy("Articles"),
    "fo_no": gettext_lazy("Fulfilment order"),
    "carrier": gettext_lazy("Carrier"),
    "tracking_no": gettext_lazy("Tracking number"),
    "step": gettext_lazy("Step"),
    "reason": gettext_lazy("Reason"),
    "note": gettext_lazy("Note"),
}
# Who did it where no person did.
SOURCES: dict[str, Text] = {
    "rules": gettext_lazy("Review rules"),
    "shipped": gettext_lazy("Review rules"),
    "platform": gettext_lazy("Platform"),
    "payment": gettext_lazy("Payment"),
    "stock": gettext_lazy("Stock"),
    "warehouse": gettext_lazy("Warehouse"),
    "short_pick": gettext_lazy("Warehouse"),
    **dict.fromkeys(
        (
            "lines",
            "no_lines",
            "currency",
            "paid_after_end",
            "shipped_elsewhere",
            "cancelled_after_shipping",
            "unknown_status",
        ),
        gettext_lazy("Platform"),
    ),
    "dispatch": gettext_lazy("System"),
    "intake": gettext_lazy("System"),
    "shopify": "Shopify",
    "woocommerce": "WooCommerce",
    "taobao": gettext_lazy("Taobao"),
    "generic": gettext_lazy("Own channel"),
}


def tell_story(entries: list[TimelineEntry]) -> list[StoryLine]:
    warehouses = {one.code: one.name for one in inventory.list_warehouses()}
    return [_line(entry, warehouses) for entry in entries]


def _line(entry: TimelineEntry, warehouses: dict[str, str]) -> StoryLine:
    told = KINDS.get(entry.kind) or Told(entry.kind, "point")
    title = str(told.title)
    if entry.kind == "held":
        title = _("Held: %(reason)s") % {"reason": hold_word(entry.data.get("code", ""))}
    return StoryLine(entry.at, title, _detail(entry, warehouses), _who(entry), told.tone, told.icon)


def _detail(entry: TimelineEntry, warehouses: dict[str, str]) -> str:
    data = _in_words(entry.data, warehouses)
    said = {"code"} if entry.kind == "held" else set()
    labels = {name: label for name, label in DATA_LABELS.items() if data.get(name) and name not in said}
    parts = [f"{label}: {_plain(data[name])}" for name, label in labels.items()]
    parts += [f"{field_words([name])}: {before} → {after}" for name, (before, after) in data.get("amounts", {}).items()]
    return " · ".join([*_why_refused(entry), *parts])


def _why_refused(entry: TimelineEntry) -> list[str]:
    data = entry.data
    if entry.kind == "state_transition_failed":
        return [" ".join(refusal_words(data.get("code", ""), data.get("step", ""), entry.before)).strip()]
    if entry.kind == "release_failed":
        return [still_held_words(StillHeld(data.get("hold", ""), data, data.get("role", "")))]
    return []


def _in_words(data: dict[str, Any], warehouses: dict[str, str]) -> dict[str, Any]:
    """The entry's data as people call it: names of fields, warehouses, steps and the platform's states."""
    told = dict(data)
    if "fields" in data:
        told["fields"] = field_words(data["fields"])
    if "warehouse" in data:
        told["warehouse"] = warehouses.get(data["warehouse"], data["warehouse"])
    if "step" in data:
        told["step"] = step_word(data["step"])
    if "status" in data:
        told["status"] = platform_word(data["status"])
    if "codes" in data:
        told["codes"] = [hold_word(code) for code in data["codes"]]
    return told


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _who(entry: TimelineEntry) -> str:
    if entry.actor:
        return entry.actor.display_name
    kind = re.split(r"[-:]", entry.source)[0]  # behind it stands which rules, which fulfilment order
    return str(SOURCES.get(kind) or rule_title(entry.source) or _("System"))
