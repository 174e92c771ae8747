from django.utils.translation import gettext_lazy as _

from kernel.shell import Look

BADGES = {
    "statement": {
        "rejected": Look(_("Not imported"), "bad", "file-x"),
        "imported": Look(_("Waiting for matching"), "info", "loader"),
        "matched": Look(_("Matched"), "good", "circle-check"),
    },
    "statement_line": {
        "payment": Look(_("Payment"), "neutral", "coins"),
        "refund": Look(_("Refund"), "neutral", "receipt-refund"),
        "commission": Look(_("Commission"), "neutral", "percentage"),
        "service_fee": Look(_("Service fee"), "neutral", "percentage"),
        "freight": Look(_("Freight"), "neutral", "truck"),
        "subsidy": Look(_("Platform subsidy"), "neutral", "discount"),
        "other": Look(_("Unknown kind"), "warn", "help-circle"),
    },
    "line_match": {
        "payment_no": Look(_("By payment number"), "good", "link"),
        "channel_order_no": Look(_("By platform order number"), "good", "link"),
        "order_no": Look(_("By unified order number"), "good", "link"),
        "none": Look(_("No order found"), "warn", "link-off"),
        "waiting": Look(_("Waiting for matching"), "info", "loader"),
    },
    "difference": {
        "open": Look(_("Open"), "warn", "circle-dashed"),
        "resolved": Look(_("Resolved"), "good", "circle-check"),
        "accepted": Look(_("Accepted"), "neutral", "thumb-up"),
        "cleared": Look(_("Cleared by itself"), "good", "refresh"),
    },
    "difference_kind": {
        "amount": Look(_("Amount differs"), "warn", "equal-not"),
        "refund": Look(_("Refund not synced"), "warn", "receipt-refund"),
        "commission": Look(_("Commission differs"), "warn", "percentage"),
        "service_fee": Look(_("Service fee differs"), "warn", "percentage"),
        "order_missing": Look(_("Order missing"), "bad", "file-unknown"),
        "payment_missing": Look(_("Payment missing in statement"), "warn", "coin-off"),
        "shipment_missing": Look(_("Shipment missing"), "warn", "truck-off"),
        "duplicate_payment": Look(_("Paid twice"), "bad", "copy"),
        "gift_counted": Look(_("Gift counted as a sale"), "warn", "gift"),
        "currency": Look(_("Currency differs"), "bad", "currency-dollar"),
        "unknown_row": Look(_("Row not understood"), "warn", "help-circle"),
    },
    "link": {
        "there": Look(_("There"), "good", "check"),
        "missing": Look(_("Missing"), "bad", "link-off"),
        "early": Look(_("Not due yet"), "neutral", "clock"),
        "none": Look(_("Not needed"), "neutral", "minus"),
    },
    "audit": {
        "statement.import": Look(_("Statement imported"), "info", "file-import"),
        "difference.close": Look(_("Difference closed"), "info", "scale"),
        "differences.exported": Look(_("Differences exported"), "info", "download"),
    },
    "work_kind": {"reconciliation.matchchunk": Look(_("Matching of a statement"), "neutral", "scale")},
}
