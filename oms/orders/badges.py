from django.utils.translation import gettext_lazy as _

from kernel.shell import Look

BADGES = {
    "order": {
        "pending_payment": Look(_("Pending payment"), "neutral", "clock-dollar"),
        "paid": Look(_("Paid"), "info", "coins"),
        "in_review": Look(_("In review"), "warn", "eye-search"),
        "approved": Look(_("Approved"), "info", "check"),
        "allocated": Look(_("Allocated"), "info", "building-warehouse"),
        "picking": Look(_("Picking"), "info", "basket"),
        "packed": Look(_("Packed"), "info", "package"),
        "shipped": Look(_("Shipped"), "good", "truck-delivery"),
        "signed": Look(_("Signed"), "good", "signature"),
        "completed": Look(_("Completed"), "good", "circle-check"),
        "cancelled": Look(_("Cancelled"), "neutral", "ban"),
        "closed": Look(_("Closed"), "neutral", "archive"),
    },
    "payment": {
        "unpaid": Look(_("Unpaid"), "neutral", "clock-dollar"),
        "partly_paid": Look(_("Partly paid"), "warn", "coins"),
        "paid": Look(_("Paid in full"), "good", "coins"),
        "partly_refunded": Look(_("Partly refunded"), "warn", "receipt-refund"),
        "refunded": Look(_("Refunded"), "neutral", "receipt-refund"),
        "on_delivery": Look(_("Cash on delivery"), "info", "truck-delivery"),
    },
    "fulfilment": {
        "released": Look(_("Released to warehouse"), "info", "building-warehouse"),
        "picking": Look(_("Picking"), "info", "basket"),
        "picked": Look(_("Picked"), "info", "basket-check"),
        "packed": Look(_("Packed"), "info", "package"),
        "shipped": Look(_("Shipped"), "good", "truck-delivery"),
        "cancelled": Look(_("Cancelled"), "neutral", "ban"),
    },
    "hold": {
        "RULE": Look(_("Review rule"), "warn", "hand-stop"),
        "STOCK_SHORT": Look(_("Out of stock"), "bad", "packages"),
        "UNMATCHED": Look(_("Listing not matched"), "warn", "puzzle-off"),
        "SUSPECTED_DUPLICATE": Look(_("Suspected duplicate"), "warn", "copy"),
        "REFUND": Look(_("Refund requested"), "bad", "receipt-refund"),
        "ADDRESS_CHANGED": Look(_("Address changed"), "warn", "map-pin-exclamation"),
        "PLATFORM_HOLD": Look(_("Platform forbids shipping"), "warn", "lock"),
        "SOURCE_CONFLICT": Look(_("Platform news contradicts the order"), "bad", "git-compare"),
        "UNDERPAID": Look(_("Paid less than due"), "warn", "coins"),
        "MANUAL": Look(_("Held by hand"), "warn", "hand-stop"),
    },
    "bulk_item": {
        "ready": Look(_("Waiting"), "neutral", "clock"),
        "running": Look(_("Running"), "info", "loader"),
        "done": Look(_("Done"), "good", "check"),
        "refused": Look(_("Refused"), "warn", "hand-stop"),
        "dead": Look(_("Failed"), "bad", "alert-octagon"),
    },
}
