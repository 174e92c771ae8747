"""Why is this order not shipped? One sentence: the reason, what it rests on, whose turn it is and what comes next."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from kernel.shell import look
from oms.orders.choices import FulfilmentState, HoldCode, OrderState
from oms.orders.models import Order, OrderHold
from oms.orders.words import field_words, platform_word
from oms.rules import api as rules

# The hold that speaks first when several are open: the one that makes working on the others pointless.
HOLD_ORDER = (
    HoldCode.REFUND,
    HoldCode.SOURCE_CONFLICT,
    HoldCode.PLATFORM_HOLD,
    HoldCode.UNMATCHED,
    HoldCode.STOCK_SHORT,
    HoldCode.ADDRESS_CHANGED,
    HoldCode.SUSPECTED_DUPLICATE,
    HoldCode.UNDERPAID,
    HoldCode.RULE,
    HoldCode.MANUAL,
)

# What a hold rests on, in words; what the reason itself says is not said twice.
SAID_ALREADY = frozenset({"ruleset", "role", "sku", "left", "missing", "articles", "order_no"})
FACTS: dict[str, Any] = {
    "fields": gettext_lazy("Fields"),
    "fo_no": gettext_lazy("Fulfilment order"),
    "status": gettext_lazy("Platform status"),
    "platform_status": gettext_lazy("Platform status"),
    "refund_status": gettext_lazy("Refund status"),
    "state": gettext_lazy("State"),
    "paid": gettext_lazy("Paid"),
    "due": gettext_lazy("Due"),
    "told": gettext_lazy("Platform says"),
    "was": gettext_lazy("Before"),
    "payments": gettext_lazy("Payments"),
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """`owner` is whose turn it is; `code` is stable (a hold code or a state), the rest is told in the reader's language.

    `since` is when it began to wait for that owner: every page counts from there.
    """

    code: str
    reason: str
    evidence: str
    owner: str
    next_step: str
    since: datetime
    tone: str = "info"


def explain(order: Any) -> Explanation | None:
    """The one sentence for an order that has not left, or None once it has. Needs `open_holds` and `holds` prefetched."""
    if order.open_holds:
        return _explain_hold(order, min(order.open_holds, key=lambda hold: HOLD_ORDER.index(HoldCode(hold.code))))
    teller = _BY_STATE.get(OrderState(order.state))
    return teller(order) if teller else None


def rule_title(code: str) -> str:
    language = get_language() or "zh-hans"
    for rule in rules.list_rules()[1]:
        if rule.code == code:
            return rule.title.get(language) or rule.title["en"]
    return code


def rule_advice(code: str) -> str:
    language = get_language() or "zh-hans"
    for rule in rules.list_rules()[1]:
        if rule.code == code:
            return rule.advice.get(language) or rule.advice.get("en", "")
    return ""


def _explain_hold(order: Order, hold: OrderHold) -> Explanation:
    reason, owner, next_step, tone = _HOLDS[HoldCode(hold.code)](hold.evidence, hold)
    return Explanation(hold.code, reason, _evidence(hold), owner, next_step, hold.placed_at, tone)


def _evidence(hold: OrderHold) -> str:
    facts = [
        f"{FACTS.get(name, name)} {_fact(name, value)}"
        for name, value in hold.evidence.items()
        if name not in SAID_ALREADY
    ]
    return " · ".join([*facts, hold.note] if hold.note and hold.code != HoldCode.MANUAL else facts)


def _fact(name: str, value: Any) -> str:
    if name == "state":
        return str(look("order", value).word)
    if name == "fields":
        return field_words(value)
    return platform_word(value) if name in ("status", "platform_status", "refund_status") else _plain(value)


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


Words = tuple[str, str, str, str]


def _short(evidence: dict[str, Any], hold: OrderHold) -> Words:
    if hold.source.startswith("short_pick"):
        return (
            _("The shelf had less than the books: %(sku)s is missing %(missing)s.")
            % {"sku": evidence.get("sku", ""), "missing": evidence.get("missing", "")},
            _("Warehouse lead"),
            _("Count the location, correct the stock, then release the hold."),
            "bad",
        )
    return (
        _("Out of stock: %(sku)s has %(left)s left to sell.")
        % {"sku": evidence.get("sku", "–"), "left": evidence.get("left", 0)},
        _("Purchasing"),
        _("Replenish or receive the goods, then release the hold: the stock is taken at once."),
        "bad",
    )


def _conflict(evidence: dict[str, Any], hold: OrderHold) -> Words:
    words = {
        "shipped_elsewhere": _("The platform says shipped, but this order has not left our warehouse."),
        "cancelled_after_shipping": _("The platform cancelled the order after it left our warehouse."),
        "paid_after_end": _("Money came in after the order had ended."),
        "unknown_status": _("The platform sent a status that nobody has mapped."),
        "lines": _("The platform changed the goods after the warehouse got the order, or told none."),
        "payment": _("The platform told a payment again with another amount."),
        "currency": _("The platform changed the currency of a paid order."),
        "no_lines": _("The platform told the order without goods."),
    }
    return (
        words.get(hold.source, _("The platform's news contradicts what we know.")),
        _("Supervisor"),
        _("Compare with the platform, settle it there or here, then release the hold."),
        "bad",
    )


_HOLDS: dict[HoldCode, Callable[[dict[str, Any], OrderHold], Words]] = {
    HoldCode.RULE: lambda evidence, hold: (
        _("Held by the rule “%(rule)s”.") % {"rule": rule_title(hold.source)},
        _("Reviewer"),
        rule_advice(hold.source) or _("Check the order, then release the hold."),
        "warn",
    ),
    HoldCode.STOCK_SHORT: _short,
    HoldCode.UNMATCHED: lambda evidence, hold: (
        _("No article of ours is known for: %(articles)s.") % {"articles": _plain(evidence.get("articles", []))},
        _("Product data"),
        _("Create the article or its barcode with this code, then release the hold."),
        "warn",
    ),
    HoldCode.SUSPECTED_DUPLICATE: lambda evidence, hold: (
        _("Same buyer and same goods within 10 seconds as order %(other)s.") % {"other": evidence.get("order_no", "")},
        _("Customer service"),
        _("Ask the buyer; cancel one of the two or release the hold."),
        "warn",
    ),
    HoldCode.REFUND: lambda evidence, hold: (
        _("The buyer asked for a refund on the platform."),
        _("Customer service"),
        _("Answer the refund on the platform; the hold ends by itself when the refund does."),
        "bad",
    ),
    HoldCode.ADDRESS_CHANGED: lambda evidence, hold: (
        _("The address changed after the warehouse got the order."),
        _("Reviewer"),
        _("Check the new address, then release the hold."),
        "warn",
    ),
    HoldCode.PLATFORM_HOLD: lambda evidence, hold: (
        _("Paid, but the platform forbids shipping yet."),
        _("Platform"),
        _("Nothing to do: the hold ends by itself when the platform allows shipping."),
        "info",
    ),
    HoldCode.SOURCE_CONFLICT: _conflict,
    HoldCode.UNDERPAID: lambda evidence, hold: (
        _("The buyer paid less than is due."),
        _("Finance"),
        _("Collect the rest or accept the amount, then release the hold."),
        "warn",
    ),
    HoldCode.MANUAL: lambda evidence, hold: (
        _("Held by hand: %(note)s") % {"note": hold.note or "–"},
        hold.placed_by.display_name if hold.placed_by else _("Reviewer"),
        _("Settle the matter, then release the hold."),
        "warn",
    ),
}


def _waits_for_payment(order: Order) -> Explanation:
    return Explanation(
        order.state,
        _("The buyer has not paid yet."),
        "",
        _("Buyer"),
        _("Unpaid stock goes back after %(minutes)d minutes.") % {"minutes": order.shop.unpaid_minutes},
        order.source_created_at,
    )


def _waits_for_rules(order: Order) -> Explanation:
    return Explanation(
        order.state,
        _("Paid; the review rules are looking at it."),
        "",
        _("System"),
        _("This takes seconds. If it lasts, look at the dead letters."),
        order.state_changed_at,
    )


def _waits_for_review(order: Order) -> Explanation:
    supervisor = order.review_role == "supervisor"
    run = order.rule_runs.first()
    asked = [result["rule"] for result in run.results if result["actions"]] if run else []
    return Explanation(
        order.state,
        _("A supervisor must approve this order.") if supervisor else _("A reviewer must approve this order."),
        " · ".join(rule_title(code) for code in asked),
        _("Supervisor") if supervisor else _("Reviewer"),
        _("Only a supervisor may approve it, after checking it.") if supervisor else _("Check it, then approve."),
        _since_review(order),
        "warn",
    )


def _since_review(order: Order) -> datetime:
    """Since the order came into review, or since the last hold that kept it from a reviewer was released."""
    return max([order.state_changed_at, *(hold.cleared_at for hold in order.holds.all() if hold.cleared_at)])


def _waits_for_dispatch(order: Order) -> Explanation:
    return Explanation(
        order.state,
        _("Approved; it is being handed to a warehouse."),
        "",
        _("System"),
        _("This takes seconds. If it lasts, look at the dead letters."),
        order.state_changed_at,
    )


def _waits_for_warehouse(order: Order) -> Explanation:
    live = [row for row in order.fulfilments.all() if row.state not in (FulfilmentState.CANCELLED, "shipped")]
    words = {
        OrderState.ALLOCATED: (_("Released to the warehouse; no picker has begun."), _("Create or pick its wave.")),
        OrderState.PICKING: (_("The warehouse is picking it."), _("Packing check comes next.")),
        OrderState.PACKED: (
            _("Packed; the parcel has not been scanned out."),
            _("Scan the waybill at the ship station."),
        ),
    }
    reason, next_step = words[OrderState(order.state)]
    return Explanation(
        order.state,
        reason,
        " · ".join(f"{row.fo_no} @ {row.warehouse.name}" for row in live),
        _("Warehouse"),
        next_step,
        order.state_changed_at,
    )


_BY_STATE: dict[OrderState, Callable[[Order], Explanation]] = {
    OrderState.PENDING_PAYMENT: _waits_for_payment,
    OrderState.PAID: _waits_for_rules,
    OrderState.IN_REVIEW: _waits_for_review,
    OrderState.APPROVED: _waits_for_dispatch,
    OrderState.ALLOCATED: _waits_for_warehouse,
    OrderState.PICKING: _waits_for_warehouse,
    OrderState.PACKED: _waits_for_warehouse,
}
