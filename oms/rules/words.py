"""Rules in a reader's words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.shell import look

FACT_WORDS = {
    "paid_amount": gettext_lazy("paid amount"),
    "address_text": gettext_lazy("address"),
    "orders_same_ip_1h": gettext_lazy("orders from the same IP within 1 hour"),
    "buyer_note": gettext_lazy("buyer note"),
    "platform": gettext_lazy("platform"),
    "currency": gettext_lazy("currency"),
    "is_non_sale": gettext_lazy("non-sale order"),
}
OPERATOR_WORDS = {
    "gt": ">",
    "gte": "≥",
    "lt": "<",
    "lte": "≤",
    "equals": "=",
    "contains": gettext_lazy("contains"),
    "one_of": gettext_lazy("is one of"),
}
ROLE_WORDS = {"supervisor": gettext_lazy("supervisor"), "reviewer": gettext_lazy("reviewer")}


def condition_words(tree: dict[str, Any]) -> str:
    """A condition as a line of text, brackets where it has parts."""
    if "all" in tree:
        return _(" and ").join(f"({condition_words(part)})" for part in tree["all"])
    if "any" in tree:
        return _(" or ").join(f"({condition_words(part)})" for part in tree["any"])
    if "not" in tree:
        return _("not (%(condition)s)") % {"condition": condition_words(tree["not"])}
    fact = FACT_WORDS.get(tree["fact"], tree["fact"])
    return f"{fact} {OPERATOR_WORDS[tree['operator']]} {_value(tree['value'])}"


def action_words(action: dict[str, Any]) -> str:
    kind = action["action"]
    if kind == "require_review":
        return _("approval by a %(role)s") % {"role": ROLE_WORDS.get(action["role"], action["role"])}
    if kind == "tag":
        return _("tag %(tag)s") % {"tag": look("tag", action["tag"]).word}
    if kind == "priority":
        return _("priority %(value)s") % {"value": action["value"]}
    return _("hold")


def _value(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
