"""What the order page shows beside the order's own columns."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from oms.orders.explain import rule_title
from oms.orders.models import Order

OUTCOME_TONES = {"hit": "warn", "unknown": "neutral", "miss": "good"}


def money_rows(order: Order) -> list[tuple[str, Decimal]]:
    """The amounts as they add up to what is due; discounts as negative numbers, zero rows left out."""
    rows = [
        (_("Goods"), order.goods_amount),
        (_("Shipping"), order.shipping_amount),
        (_("Tax"), order.tax_amount),
        (_("Adjustment"), order.adjust_amount),
        (_("Seller discount"), -order.discount_seller_amount),
        (_("Platform discount"), -order.discount_platform_amount),
    ]
    return [row for row in rows if row[1]]


def rule_lines(order: Order) -> list[dict[str, Any]]:
    """What each rule said when the order was reviewed."""
    run = order.rule_runs.first()
    if run is None:
        return []
    words = {"hit": _("hit"), "miss": _("not hit"), "unknown": _("unknown")}
    return [
        {
            "title": rule_title(result["rule"]),
            "word": words[result["outcome"]],
            "tone": OUTCOME_TONES[result["outcome"]],
            "facts": ", ".join(result["facts"]),
        }
        for result in run.results
    ]
