"""The words of the order centre: states, holds, reasons. Stored in lower snake English, shown translated."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OrderState(TextChoices):
    PENDING_PAYMENT = "pending_payment", _("Pending payment")
    PAID = "paid", _("Paid")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")
    ALLOCATED = "allocated", _("Allocated")
    PICKING = "picking", _("Picking")
    PACKED = "packed", _("Packed")
    SHIPPED = "shipped", _("Shipped")
    SIGNED = "signed", _("Signed")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")
    CLOSED = "closed", _("Closed")


class PaymentState(TextChoices):
    UNPAID = "unpaid", _("Unpaid")
    PARTLY_PAID = "partly_paid", _("Partly paid")
    PAID = "paid", _("Paid in full")
    PARTLY_REFUNDED = "partly_refunded", _("Partly refunded")
    REFUNDED = "refunded", _("Refunded")
    ON_DELIVERY = "on_delivery", _("Cash on delivery")


class FulfilmentState(TextChoices):
    RELEASED = "released", _("Released to warehouse")
    PICKING = "picking", _("Picking")
    PICKED = "picked", _("Picked")
    PACKED = "packed", _("Packed")
    SHIPPED = "shipped", _("Shipped")
    CANCELLED = "cancelled", _("Cancelled")


class HoldCode(TextChoices):
    """Why an order waits. Each has an owner and a next step (services/explain.py)."""

    RULE = "RULE", _("Review rule")
    STOCK_SHORT = "STOCK_SHORT", _("Out of stock")
    UNMATCHED = "UNMATCHED", _("Listing not matched")
    SUSPECTED_DUPLICATE = "SUSPECTED_DUPLICATE", _("Suspected duplicate")
    REFUND = "REFUND", _("Refund requested")
    ADDRESS_CHANGED = "ADDRESS_CHANGED", _("Address changed")
    PLATFORM_HOLD = "PLATFORM_HOLD", _("Platform forbids shipping")
    SOURCE_CONFLICT = "SOURCE_CONFLICT", _("Platform news contradicts the order")
    UNDERPAID = "UNDERPAID", _("Paid less than due")
    MANUAL = "MANUAL", _("Held by hand")


class CloseReason(TextChoices):
    NONE = "", _("None")
    UNPAID_EXPIRED = "unpaid_expired", _("Unpaid for too long")
    BUYER = "buyer", _("Cancelled on the platform")
    STAFF = "staff", _("Cancelled by staff")
    REFUNDED = "refunded", _("Refunded")


class ReceiverMode(TextChoices):
    OWN_ENCRYPTED = "own_encrypted", _("Encrypted by us")
    PLATFORM_CIPHER = "platform_cipher", _("Kept by the platform")


# States in which nothing more happens to an order.
FINAL_STATES = frozenset({OrderState.COMPLETED, OrderState.CANCELLED, OrderState.CLOSED})
# States before the warehouse works on it: what a reviewer can still change.
OPEN_BEFORE_FLOOR = (OrderState.PENDING_PAYMENT, OrderState.PAID, OrderState.IN_REVIEW, OrderState.APPROVED)
# Paid and not shipped: staying in one of these for hours means that somebody must look.
STUCK_STATES = (
    OrderState.PAID,
    OrderState.IN_REVIEW,
    OrderState.APPROVED,
    OrderState.ALLOCATED,
    OrderState.PICKING,
    OrderState.PACKED,
)
