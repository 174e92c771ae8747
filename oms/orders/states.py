"""The life of an order, as data. Read this first.

pending payment → paid → in review → approved → allocated → picking → packed → shipped → signed → completed, with cancelled
and closed beside them. A hold is not a state: it stops the steps that need `not held`, whatever the state is.
From allocated on the state is that of the least advanced live fulfilment order (`state_from_fulfilments`).
"""

from collections.abc import Iterable

from accounts.api import can
from kernel.states import Machine, Transition
from oms.orders.choices import FulfilmentState, OrderState

S = OrderState

ORDER = Machine(
    field="state",
    transitions=(
        Transition("pay", (S.PENDING_PAYMENT,), S.PAID, effects=("stock_committed",)),
        Transition("accept_unpaid", (S.PENDING_PAYMENT,), S.PAID, effects=("stock_committed",)),
        Transition("submit_review", (S.PAID,), S.IN_REVIEW, effects=("review_reason",)),
        Transition(
            "approve",
            (S.PAID, S.IN_REVIEW),
            S.APPROVED,
            permission="orders.review_order",
            guards=("not_held",),
            effects=("order_approved_event",),
        ),
        Transition("allocate", (S.APPROVED,), S.ALLOCATED, guards=("not_held",), effects=("fulfilment_released",)),
        Transition(
            "cancel",
            (S.PENDING_PAYMENT, S.PAID, S.IN_REVIEW, S.APPROVED, S.ALLOCATED, S.PICKING, S.PACKED),
            S.CANCELLED,
            permission="orders.cancel_order",
            effects=("stock_released", "fulfilments_cancelled"),
        ),
        Transition("sign", (S.SHIPPED,), S.SIGNED),
        Transition("complete", (S.SHIPPED, S.SIGNED, S.PAID, S.APPROVED), S.COMPLETED),
        Transition("close", (S.SHIPPED, S.SIGNED, S.COMPLETED), S.CLOSED),
    ),
    may=lambda actor, transition: not transition.permission or can(actor, transition.permission),
)

FULFILMENT_STEPS = {
    "mark_picking": ((FulfilmentState.RELEASED,), FulfilmentState.PICKING),
    "mark_picked": ((FulfilmentState.RELEASED, FulfilmentState.PICKING), FulfilmentState.PICKED),
    "mark_packed": ((FulfilmentState.PICKED,), FulfilmentState.PACKED),
    "ship": ((FulfilmentState.PACKED,), FulfilmentState.SHIPPED),
}
LIVE_FULFILMENTS = (
    FulfilmentState.RELEASED,
    FulfilmentState.PICKING,
    FulfilmentState.PICKED,
    FulfilmentState.PACKED,
)
_PROGRESS = (
    (FulfilmentState.RELEASED, S.ALLOCATED),
    (FulfilmentState.PICKING, S.PICKING),
    (FulfilmentState.PICKED, S.PICKING),
    (FulfilmentState.PACKED, S.PACKED),
    (FulfilmentState.SHIPPED, S.SHIPPED),
)


def state_from_fulfilments(states: Iterable[str]) -> OrderState | None:
    """The order's state given its fulfilment orders' states, or None where none is live or shipped."""
    present = set(states)
    return next((order_state for fo_state, order_state in _PROGRESS if fo_state in present), None)
