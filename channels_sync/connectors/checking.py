"""What every connector says about an order before handing it on.

Doubts are warnings, an order is never refused for its sums.
"""

from dataclasses import replace
from decimal import Decimal

from oms.orders.contracts import IncomingOrder

# A platform's status that this version does not know. The order keeps its state and a person looks.
UNKNOWN_STATUS = "unknown"
# A till took goods back. Nobody books that yet, so it must not pass for a sale.
REFUND_RECEIPT = "refund_receipt"
CENT = Decimal("0.01")


def with_warnings(order: IncomingOrder) -> IncomingOrder:
    line_goods = sum((line.goods_amount for line in order.lines), Decimal(0))
    found = (
        ("unknown_status", order.status == UNKNOWN_STATUS),
        ("amounts_do_not_add_up", abs(order.amounts.paid - order.amounts.expected_paid) >= CENT),
        (
            "lines_do_not_add_up",
            abs(line_goods - order.amounts.goods) >= CENT,
        ),
        ("no_lines", not order.lines),
        ("updated_before_created", order.source_updated_at < order.source_created_at),
    )
    warnings = (*order.warnings, *(name for name, is_true in found if is_true))
    return replace(order, warnings=warnings) if warnings else order
