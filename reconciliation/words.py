"""What the causes and classes of differences mean for a person, and what to do next."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

CAUSES: dict[str, Text] = {
    "coupon_in_statement": _("A coupon that the statement itself shows was taken off what is settled"),
    "platform_discount_included": _("The platform's discount was paid out together with the payment"),
    "platform_discount_not_booked": _("The platform's discount was taken off what is settled"),
    "seller_discount_not_applied": _("Our own discount was not taken off"),
    "freight_not_paid": _("Freight was left out of the payment"),
    "freight_added": _("Freight was paid on top"),
    "refund_netted": _("A refund was already taken off the payment"),
    "service_fee_netted": _("The service fee was already taken off the payment"),
    "tax_not_paid": _("Tax was left out of the payment"),
    "refund_not_in_order": _("The money went back to the buyer, our order does not know it"),
    "refund_not_in_statement": _("Our order shows a refund that no statement shows yet"),
    "commission_rate": _("Commission was kept at another rate than agreed"),
    "service_fee_rate": _("The service fee was kept at another rate than agreed"),
    "second_payment": _("A second payment came in for an order that was paid"),
    "gift": _("The order is a gift or sample, no money was due"),
    "not_in_statement": _("No statement of this account shows the payment"),
    "not_shipped": _("The money is here, the goods have not left"),
    "payment_without_order": _("Payment without an order of ours"),
    "refund_without_order": _("Refund without an order of ours"),
    "commission_without_order": _("Commission without an order of ours"),
    "service_fee_without_order": _("Service fee without an order of ours"),
    "freight_without_order": _("Freight without an order of ours"),
    "subsidy_without_order": _("Subsidy without an order of ours"),
}

# One sentence a class: what the two sides say. The amounts come formatted.
SENTENCES: dict[str, Text] = {
    "amount": _("The statement pays %(stated)s for an order of %(expected)s."),
    "refund": _("The statement shows refunds of %(stated)s, the order %(expected)s."),
    "commission": _("Commission of %(stated)s was kept, %(expected)s was agreed."),
    "service_fee": _("A service fee of %(stated)s was kept, %(expected)s was agreed."),
    "order_missing": _("The statement shows %(stated)s for an order that our books do not know."),
    "payment_missing": _("An order of %(expected)s was paid, and no statement of this account shows it."),
    "shipment_missing": _("The statement pays %(stated)s for goods that have not left."),
    "duplicate_payment": _("%(stated)s came in for an order of %(expected)s."),
    "gift_counted": _("The statement pays %(stated)s for a gift, for which nothing is due."),
    "currency": _("The statement shows %(stated)s in a currency that is not the order's."),
    "unknown_row": _("A row of %(stated)s is of a kind that we do not know."),
}

NEXT_STEPS: dict[str, Text] = {
    "amount": _("Compare the parts below with the order's discounts; correct the promotion, or accept what it cost."),
    "refund": _("Look the refund up on the platform; have the order synced, then this clears by itself."),
    "commission": _("Check the agreed rate with the platform and claim what was kept too much."),
    "service_fee": _("Check the agreed rate with the gateway and claim what was kept too much."),
    "order_missing": _("Have the order pulled again from its shop; when it is here this clears by itself."),
    "payment_missing": _(
        "Wait for the next statement; if it is not there either, ask the platform for the payment number."
    ),
    "shipment_missing": _("Ask the warehouse why the parcel has not left; it clears by itself when it does."),
    "duplicate_payment": _(
        "Refund the second payment by the original route, then resolve this with the refund number."
    ),
    "gift_counted": _("Take the order out of the platform's promotion settlement, or mark it as a sale."),
    "currency": _("Find the settlement rate that was locked, and book the exchange difference."),
    "unknown_row": _("Read the row below and decide what it is; tell us its kind so that the next one is known."),
}

ROW_ERRORS: dict[str, Text] = {
    "not_a_number": _("is not a number"),
    "not_a_time": _("is not a time"),
    "not_a_currency": _("is not a currency code"),
    "other_currency": _("is not the currency of the account"),
    "too_many_decimals": _("has more decimals than its currency"),
    "row_conflict": _("was imported before with another amount"),
    "too_long": _("is too long"),
    "missing": _("is empty"),
    "unreadable_character": _("holds a character that no statement has"),
    "wrong_number_of_cells": _("has another number of cells than the header"),
    "not_a_bill_row": _("is not a row of a bill"),
    "not_a_csv_row": _("is not a CSV row"),
    "footer_missing": _("is missing: the file was cut off"),
    "total_differs": _("stated total and sum of rows differ"),
}

TOTALS: dict[str, Text] = {"rows": _("Rows"), "amount": _("Amount")}


EVIDENCE: dict[str, Text] = {
    "base": _("paid amount"),
    "percent": _("agreed %"),
    "order": _("order"),
    "statement": _("statement"),
    "row": _("row"),
    "line": _("line"),
    "state": _("state"),
    "stated_by": _("stated by"),
    "payment_no": _("payment"),
    "payment_nos": _("payments"),
    "paid_at": _("paid at"),
    "at": _("at"),
}
# Evidence that is a moment, kept as ISO 8601.
MOMENTS = ("paid_at", "at")
UNSIGNED = ("commission", "service_fee", "refund")


def cause(code: str) -> Text:
    return CAUSES.get(code, code)


def row_error(code: str) -> Text:
    return ROW_ERRORS.get(code, code)
