"""What is stored as a code, in the reader's words: steps, fields, the platform's states, and why a step was refused."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from kernel.shell import Text, look
from kernel.states import GUARD_REFUSED, HELD, LOST_RACE, NOT_ALLOWED, WRONG_STATE
from oms.orders.choices import HoldCode
from oms.orders.contracts import StillHeld

STEPS: dict[str, Text] = {
    "pay": gettext_lazy("Pay"),
    "accept_unpaid": gettext_lazy("Accept as cash on delivery"),
    "submit_review": gettext_lazy("Send to review"),
    "approve": gettext_lazy("Approve"),
    "allocate": gettext_lazy("Release to the warehouse"),
    "release": gettext_lazy("Release hold"),
    "cancel": gettext_lazy("Cancel order"),
    "sign": gettext_lazy("Sign for"),
    "complete": gettext_lazy("Complete"),
    "close": gettext_lazy("Close order"),
}
FIELDS: dict[str, Text] = {
    "goods_amount": gettext_lazy("Goods"),
    "shipping_amount": gettext_lazy("Shipping"),
    "discount_seller_amount": gettext_lazy("Seller discount"),
    "discount_platform_amount": gettext_lazy("Platform discount"),
    "adjust_amount": gettext_lazy("Adjustment"),
    "tax_amount": gettext_lazy("Tax"),
    "service_fee_amount": gettext_lazy("Service fee"),
    "refunded_amount": gettext_lazy("Refunded"),
    "channel_order_name": gettext_lazy("Platform order number"),
    "refund_status": gettext_lazy("Refund status"),
    "currency": gettext_lazy("Currency"),
    "is_non_sale": gettext_lazy("Non-sale order"),
    "is_cash_on_delivery": gettext_lazy("Cash on delivery"),
    "is_take_away": gettext_lazy("Sold over the counter"),
    "source_created_at": gettext_lazy("Placed"),
    "source_paid_at": gettext_lazy("Time of payment"),
    "source_shipped_at": gettext_lazy("Time of shipment on the platform"),
    "source_signed_at": gettext_lazy("Time of delivery on the platform"),
    "ship_by_at": gettext_lazy("Ship by"),
    "buyer_token": gettext_lazy("Buyer"),
    "buyer_nick": gettext_lazy("Buyer"),
    "buyer_index": gettext_lazy("Buyer"),
    "buyer_ip": gettext_lazy("Buyer's network address"),
    "buyer_note": gettext_lazy("Buyer note"),
    "seller_note": gettext_lazy("Seller memo"),
    "flag": gettext_lazy("Flag"),
    "warnings": gettext_lazy("Warnings"),
    "mode": gettext_lazy("Who keeps the address"),
    "receiver_name": gettext_lazy("Recipient"),
    "receiver_phone": gettext_lazy("Recipient's phone"),
    "receiver_address": gettext_lazy("Address"),
    "country": gettext_lazy("Country"),
    "province": gettext_lazy("Province"),
    "city": gettext_lazy("City"),
    "district": gettext_lazy("District"),
    "zip": gettext_lazy("Postal code"),
    "cipher_token": gettext_lazy("The platform's key to the address"),
}
# Words that platforms share. What a platform calls by its own code stays as it is, so that it can be looked up there.
PLATFORM_STATES: dict[str, Text] = {
    "unpaid": gettext_lazy("unpaid"),
    "paid_hold": gettext_lazy("paid, shipping forbidden yet"),
    "to_ship": gettext_lazy("to be shipped"),
    "part_shipped": gettext_lazy("shipped in part"),
    "shipped": gettext_lazy("shipped"),
    "done": gettext_lazy("finished"),
    "completed": gettext_lazy("finished"),
    "cancelled": gettext_lazy("cancelled"),
    "refunded": gettext_lazy("refunded"),
    "processing": gettext_lazy("being worked on"),
    "pending": gettext_lazy("waiting"),
    "on-hold": gettext_lazy("on hold there"),
    "requested": gettext_lazy("asked for"),
    "partial": gettext_lazy("in part"),
    "full": gettext_lazy("in full"),
    "rejected": gettext_lazy("rejected"),
    "closed": pgettext_lazy("refund", "closed"),
    "none": gettext_lazy("none"),
}
ROLES: dict[str, Text] = {"reviewer": gettext_lazy("Reviewer"), "supervisor": gettext_lazy("Supervisor")}


def step_word(name: str) -> str:
    return str(STEPS.get(name, name))


def field_words(names: list[str]) -> str:
    """The fields by name, each once."""
    return ", ".join(dict.fromkeys(str(FIELDS.get(name, name)) for name in names))


def platform_word(status: str) -> str:
    return str(PLATFORM_STATES.get(status.lower(), status))


def hold_word(code: str) -> str:
    return str(look("hold", code).word)


def refusal_words(code: str, step: str, state: str) -> tuple[str, str]:
    """A refused step told from what is stored about it: what was wrong, and what to do."""
    names = {"step": step_word(step), "state": look("order", state).word}
    if code == WRONG_STATE:
        return (
            _("“%(step)s” is not possible: the order's state is “%(state)s”.") % names,
            _("Open the order: it says what comes next."),
        )
    if code == NOT_ALLOWED:
        return (
            _("“%(step)s” needs another role for this order.") % names,
            _("Pass it to a reviewer, or to a supervisor where the order asks for one."),
        )
    if code == LOST_RACE:
        return _("“%(step)s” came too late: somebody was faster.") % names, _("Open the order and look at it again.")
    if code == HELD:
        return _("“%(step)s” is not possible: the order is on hold.") % names, _("Release the hold first.")
    if code == GUARD_REFUSED:
        return _("“%(step)s” is not possible: a condition is not met.") % names, _("Open the order: it says why.")
    return _("“%(step)s” was refused.") % names, ""


def still_held_words(still: StillHeld) -> str:
    """Why a hold stayed open when somebody released it."""
    if still.role:
        return _("“%(hold)s” stays: only this role may release it: %(role)s.") % {
            "hold": hold_word(still.hold),
            "role": ROLES[still.role],
        }
    if still.hold == HoldCode.UNMATCHED:
        return _("Still not matched: no article of ours is known for %(articles)s.") % {
            "articles": ", ".join(map(str, still.evidence.get("articles", []))) or "–"
        }
    return short_words(still.evidence)


def short_words(evidence: dict[str, Any]) -> str:
    if not evidence.get("sku"):
        return _("Still out of stock.")
    facts = {"sku": evidence["sku"], "missing": evidence.get("missing", "–"), "left": evidence.get("left", 0)}
    return _("Still out of stock: %(sku)s is missing %(missing)s, %(left)s left to sell.") % facts
