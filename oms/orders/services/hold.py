"""A person holds an order or lets it go on."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.api import User, audit
from kernel.states import NOT_ALLOWED, TransitionRefused
from oms.orders import selectors
from oms.orders.choices import HoldCode, OrderState
from oms.orders.contracts import ReleaseResult, StillHeld
from oms.orders.decisions import may_release, role_for
from oms.orders.errors import NothingToRelease
from oms.orders.models import Order, OrderHold
from oms.orders.services.dispatch import dispatch_locked
from oms.orders.services.holds import clear_holds, place_hold
from oms.orders.services.lines import match_lines
from oms.orders.services.reserve import commit_stock, reserve_stock
from oms.orders.services.review import approve_after_release, review_order
from oms.orders.services.timeline import tell
from oms.orders.words import still_held_words

# Holds that end when their cause does, not by a decision.
MADE_GOOD = (HoldCode.STOCK_SHORT, HoldCode.UNMATCHED)


def hold_order(*, order_no: str, actor: User, reason: str) -> bool:
    """Stop an order, wherever it is; the warehouse's next scan stops too. False when it was held by hand already."""
    with transaction.atomic():
        order = selectors.lock_order(order_no)
        placed = place_hold(order, HoldCode.MANUAL, source="manual", note=reason, actor=actor)
        if placed:
            audit.record(actor, "order.held", "orders.order", order_no, after={"hold": HoldCode.MANUAL}, reason=reason)
        return placed


def release_holds(*, order_no: str, actor: User, reason: str) -> ReleaseResult:
    """Close the open holds that this person may release, making good first what can be (stock, matching); the order goes on.

    What cannot be made good (still short, still unmatched) and what is another role's stays held, and the result says why.
    Raises NothingToRelease; TransitionRefused ST-4092 when every hold is another role's.
    """
    with transaction.atomic():
        order = selectors.lock_order(order_no)
        before = selectors.open_holds(order)
        if not before:
            raise NothingToRelease(_("Order %(order_no)s is not on hold.") % {"order_no": order_no})
        mine = [hold for hold in before if may_release(actor, hold)]
        others = tuple(StillHeld(hold.code, role=role_for(hold)) for hold in before if hold not in mine)
        if not mine:
            raise _not_theirs(order, others)
        still = (*_release(order, mine, actor=actor, reason=reason), *others)
        for one in still:
            tell(order, "release_failed", actor=actor, reason=reason, hold=one.hold, role=one.role, **one.evidence)
        after = selectors.open_hold_codes(order)
        audit.record(
            actor,
            "order.hold_released",
            "orders.order",
            order_no,
            before={"holds": sorted({hold.code for hold in before})},
            after={"holds": sorted(after)},
            reason=reason,
        )
        _go_on(order, actor)
        return ReleaseResult(tuple(sorted({hold.code for hold in before} - set(after))), still, order.state)


def retry_stock(*, order_no: str) -> bool:
    """Try again to find articles and stock for a held order, as after a receipt of goods. True when it could go on."""
    with transaction.atomic():
        order = selectors.lock_order(order_no)
        _make_good(order, actor=None, reason="stock_arrived")
        _go_on(order, None)
        return not order.is_held


def _release(order: Order, holds: list[OrderHold], *, actor: User, reason: str) -> tuple[StillHeld, ...]:
    decided = tuple(hold for hold in holds if hold.code not in MADE_GOOD)
    if decided:
        codes, ids = tuple(sorted({hold.code for hold in decided})), tuple(hold.pk for hold in decided)
        clear_holds(order, reason=reason, actor=actor, codes=codes, ids=ids)
    if len(decided) == len(holds):
        return ()
    return _make_good(order, actor=actor, reason=reason)


def _make_good(order: Order, *, actor: User | None, reason: str) -> tuple[StillHeld, ...]:
    """Match articles and take stock, and close the holds that waited for it. Answers what still lacks."""
    if unmatched := match_lines(order):
        return (StillHeld(HoldCode.UNMATCHED, {"articles": unmatched}),)
    clear_holds(order, reason=reason, actor=actor, codes=(HoldCode.UNMATCHED,))
    is_paid = order.state != OrderState.PENDING_PAYMENT
    if commit_stock(order) if is_paid else reserve_stock(order, is_paid=False):
        clear_holds(order, reason=reason, actor=actor, codes=(HoldCode.STOCK_SHORT,))
        return ()
    short = [hold.evidence for hold in selectors.open_holds(order) if hold.code == HoldCode.STOCK_SHORT]
    return (StillHeld(HoldCode.STOCK_SHORT, short[-1] if short else {}),)


def _not_theirs(order: Order, others: tuple[StillHeld, ...]) -> TransitionRefused:
    advice = _("Pass it to a reviewer, or to a supervisor where the order asks for one.")
    words = " ".join(still_held_words(one) for one in others)
    return TransitionRefused(NOT_ALLOWED, "release", order.state, words, advice=advice)


def _go_on(order: Order, actor: User | None) -> None:
    if order.is_held:
        return
    if order.state == OrderState.PAID:
        review_order(order_no=order.order_no)
    elif order.state == OrderState.APPROVED:
        dispatch_locked(order)
    else:
        approve_after_release(order, actor=actor)
