"""The words of reconciliation, stored in lower snake English, shown translated."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AccountKind(TextChoices):
    WECHAT = "wechat", _("WeChat Pay")
    ALIPAY = "alipay", _("Alipay")
    PLATFORM = "platform", _("Platform settlement")
    BANK = "bank", _("Bank")


class SettlesOn(TextChoices):
    """When an order's money must stand on a statement of the account."""

    PAYMENT = "payment", _("Payment")
    SHIPMENT = "shipment", _("Shipment")


class StatementState(TextChoices):
    REJECTED = "rejected", _("Not imported")
    IMPORTED = "imported", _("Waiting for matching")
    MATCHED = "matched", _("Matched")


class LineKind(TextChoices):
    PAYMENT = "payment", _("Payment")
    REFUND = "refund", _("Refund")
    COMMISSION = "commission", _("Commission")
    SERVICE_FEE = "service_fee", _("Service fee")
    FREIGHT = "freight", _("Freight")
    SUBSIDY = "subsidy", _("Platform subsidy")
    OTHER = "other", _("Unknown kind")


class MatchMethod(TextChoices):
    PAYMENT_NO = "payment_no", _("Payment number")
    CHANNEL_ORDER_NO = "channel_order_no", _("Platform order number")
    ORDER_NO = "order_no", _("Unified order number")


class DifferenceKind(TextChoices):
    AMOUNT = "amount", _("Amount differs")
    REFUND = "refund", _("Refund not synced")
    COMMISSION = "commission", _("Commission differs")
    SERVICE_FEE = "service_fee", _("Service fee differs")
    ORDER_MISSING = "order_missing", _("Order missing")
    PAYMENT_MISSING = "payment_missing", _("Payment missing in statement")
    SHIPMENT_MISSING = "shipment_missing", _("Shipment missing")
    DUPLICATE_PAYMENT = "duplicate_payment", _("Paid twice")
    GIFT_COUNTED = "gift_counted", _("Gift counted as a sale")
    CURRENCY = "currency", _("Currency differs")
    UNKNOWN_ROW = "unknown_row", _("Row not understood")


class DifferenceState(TextChoices):
    OPEN = "open", _("Open")
    RESOLVED = "resolved", _("Resolved")
    ACCEPTED = "accepted", _("Accepted")
    CLEARED = "cleared", _("Cleared by itself")


# Differences that later news of the order can make disappear: re-checked by themselves.
TRANSIENT_KINDS = (
    DifferenceKind.ORDER_MISSING,
    DifferenceKind.PAYMENT_MISSING,
    DifferenceKind.SHIPMENT_MISSING,
    DifferenceKind.REFUND,
    DifferenceKind.AMOUNT,
)
