"""The warehouse's steps on a fulfilment order. Each is one conditional update, and each reads the hold in its transaction."""

from contextlib import AbstractContextManager
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.api import User
from inventory import api as inventory
from kernel import clock, correlation, events
from oms.orders import selectors
from oms.orders.choices import FulfilmentState, HoldCode, OrderState
from oms.orders.contracts import FulfilmentView
from oms.orders.errors import FulfilmentNotFound, FulfilmentNotLive, OrderOnHold
from oms.orders.events import OrderShipped
from oms.orders.models import FulfilmentOrder, Order
from oms.orders.services.holds import place_hold
from oms.orders.services.timeline import tell
from oms.orders.states import FULFILMENT_STEPS, LIVE_FULFILMENTS, state_from_fulfilments


def lock_fulfilment_for_floor(fo_no: str) -> FulfilmentView:
    """Lock a fulfilment order for one scan, in the caller's transaction.

    Raises FulfilmentNotFound, OrderOnHold (with `reasons`), FulfilmentNotLive when it is cancelled or gone.
    """
    order, fulfilment = selectors.lock_fulfilment(fo_no)
    _must_be_live(fulfilment)
    _must_not_be_held(order)
    return selectors.get_fulfilment(fo_no)


def check_fulfilment_for_floor(fo_no: str) -> None:
    """The same question for a scan that needs no facts: one statement when all is well, under the order's lock.

    Every writer locks the order first, so its row says truly whether it is held or called off.
    """
    fulfilment = (
        FulfilmentOrder.objects.select_related("order")
        .only("fo_no", "state", "order__order_no", "order__state", "order__is_held")
        .select_for_update(of=("order",))
        .filter(fo_no=fo_no)
        .first()
    )
    if fulfilment is None:
        raise FulfilmentNotFound(_("There is no fulfilment order %(fo_no)s.") % {"fo_no": fo_no}, fo_no=fo_no)
    if fulfilment.order.state == OrderState.CANCELLED:
        fulfilment.state = FulfilmentState.CANCELLED
    _must_be_live(fulfilment)
    _must_not_be_held(fulfilment.order)


def mark_picking(*, fo_no: str, actor: User | None) -> None:
    """The first pick has begun."""
    _step(fo_no, "mark_picking", actor)


def mark_picked(*, fo_no: str, actor: User | None) -> None:
    """Everything is in the tote."""
    _step(fo_no, "mark_picked", actor)


def mark_packed(*, fo_no: str, actor: User | None) -> None:
    """The packing check is passed."""
    _step(fo_no, "mark_packed", actor)


def ship_fulfilment(
    *,
    fo_no: str,
    carrier_code: str,
    tracking_no: str,
    actor: User | None,
    package_ref: str = "",
    shipped_at: datetime | None = None,
) -> FulfilmentView:
    """The parcel leaves: stock off the shelf, order advanced, the platform told, in one transaction with the caller's own rows.

    Raises FulfilmentNotFound, OrderOnHold, FulfilmentNotLive (not packed, cancelled, or shipped already).
    """
    with transaction.atomic(), _thread_of(fo_no):
        order, fulfilment = selectors.lock_fulfilment(fo_no)
        _must_not_be_held(order)
        at = shipped_at or clock.now()
        _move(order, fulfilment, "ship", carrier_code=carrier_code, tracking_no=tracking_no, shipped_at=at)
        inventory.ship_reservation(reservation_id=fulfilment.reservation_id, ref=fo_no)
        if order.shipped_at is None:
            order.shipped_at = at
            order.save(update_fields=("shipped_at",))
        _follow_fulfilments(
            order, actor, fo_no=fo_no, carrier=carrier_code, tracking_no=tracking_no, package=package_ref
        )
        events.publish(OrderShipped(order_no=order.order_no, fo_no=fo_no))
        return selectors.get_fulfilment(fo_no)


def report_short_pick(*, fo_no: str, sku_code: str, missing_qty: int, actor: User, reason: str) -> None:
    """The shelf has less than the books: the order is held until a person decides; nothing else on it moves."""
    with transaction.atomic():
        order, fulfilment = selectors.lock_fulfilment(fo_no)
        _must_be_live(fulfilment)
        place_hold(
            order,
            HoldCode.STOCK_SHORT,
            source=f"short_pick:{fo_no}",
            evidence={"sku": sku_code, "missing": missing_qty, "fo_no": fo_no},
            note=reason,
            actor=actor,
        )


def _thread_of(fo_no: str) -> AbstractContextManager[str]:
    """What follows from the parcel carries the id under which its order came in: one thread from webhook to shipment."""
    found = FulfilmentOrder.objects.filter(fo_no=fo_no).values_list("order__correlation_id", flat=True).first()
    return correlation.bound(found or correlation.current())


def _step(fo_no: str, step: str, actor: User | None) -> None:
    with transaction.atomic():
        order, fulfilment = selectors.lock_fulfilment(fo_no)
        _must_not_be_held(order)
        if fulfilment.state == FULFILMENT_STEPS[step][1]:
            return
        _move(order, fulfilment, step)
        _follow_fulfilments(order, actor, fo_no=fo_no)


def _move(order: Order, fulfilment: FulfilmentOrder, step: str, **columns: object) -> None:
    sources, target = FULFILMENT_STEPS[step]
    moved = FulfilmentOrder.objects.filter(pk=fulfilment.pk, state__in=sources, order__is_held=False).update(
        state=target, state_changed_at=clock.now(), **columns
    )
    if moved != 1:
        raise FulfilmentNotLive(
            _("%(fo_no)s is %(state)s, so it cannot take this step.")
            % {"fo_no": fulfilment.fo_no, "state": FulfilmentState(fulfilment.state).label},
            fo_no=fulfilment.fo_no,
            state=fulfilment.state,
            step=step,
        )


def _follow_fulfilments(order: Order, actor: User | None, **data: str) -> None:
    """Bring the order to the state of its least advanced live fulfilment order."""
    states = FulfilmentOrder.objects.filter(order=order).values_list("state", flat=True)
    target = state_from_fulfilments(states)
    if target is None or target == order.state:
        return
    before, order.state, order.state_changed_at = order.state, target, clock.now()
    order.save(update_fields=("state", "state_changed_at"))
    tell(order, target, actor=actor, source="warehouse", before=before, after=target, **data)


def _must_be_live(fulfilment: FulfilmentOrder) -> None:
    if fulfilment.state not in LIVE_FULFILMENTS:
        raise FulfilmentNotLive(
            _("%(fo_no)s is %(state)s: nothing is to be done with it.")
            % {"fo_no": fulfilment.fo_no, "state": FulfilmentState(fulfilment.state).label},
            fo_no=fulfilment.fo_no,
            state=fulfilment.state,
        )


def _must_not_be_held(order: Order) -> None:
    if order.is_held:
        codes = sorted(selectors.open_hold_codes(order))
        raise OrderOnHold(
            _("Order %(order_no)s is on hold: %(holds)s.")
            % {"order_no": order.order_no, "holds": ", ".join(str(HoldCode(code).label) for code in codes)},
            advice=_("Put the goods aside and call the reviewer."),
            order_no=order.order_no,
            reasons=codes,
        )
