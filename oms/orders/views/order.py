from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.api import audit, can, require
from kernel.errors import InvalidInput
from kernel.states import TransitionRefused
from oms.orders.explain import explain
from oms.orders.selectors import get_order
from oms.orders.services.cancel import cancel_order
from oms.orders.services.hold import hold_order, release_holds
from oms.orders.services.pay import due_amount
from oms.orders.services.review import approve_order
from oms.orders.services.step import record_refusal
from oms.orders.states import ORDER
from oms.orders.story import tell_story
from oms.orders.views.page_parts import money_rows, rule_lines


@require_GET
def order_detail(request: HttpRequest, order_no: str) -> HttpResponse:
    """One order: why it waits, what can be done, its story, its money, its goods and its parcels."""
    require(request.user, "orders.view_order")
    order = get_order(request.user, order_no)
    audit.record(request.user, "order.viewed", "orders.order", order_no)
    timeline = order.timeline.select_related("actor").order_by("-at", "-id")
    context = {
        "order": order,
        "told": explain(order),
        "story": tell_story(list(timeline)),
        "money": money_rows(order),
        "due": due_amount(order),
        "rules": rule_lines(order),
        "actions": _actions(request, order),
    }
    return render(request, "orders/order_detail.html", context)


@require_POST
def order_act(request: HttpRequest, order_no: str, action: str) -> HttpResponse:
    """Approve, hold, release or cancel one order, then show it again with a word on what happened."""
    if action not in ACTS:
        raise Http404
    get_order(request.user, order_no)
    permission, act, done = ACTS[action]
    require(request.user, permission)
    reason = request.POST.get("reason", "").strip()
    if action in NEEDS_REASON and not reason:
        raise InvalidInput(_("Say why: the reason stands in the order's timeline."))
    try:
        act(order_no, request.user, reason)
    except TransitionRefused as refused:
        record_refusal(order_no, refused, actor=request.user)
        raise
    messages.success(request, done())
    return redirect("orders:detail", order_no=order_no)


ACTS = {
    "approve": (
        "orders.review_order",
        lambda order_no, actor, reason: approve_order(order_no=order_no, actor=actor, note=reason),
        lambda: _("Approved."),
    ),
    "hold": (
        "orders.hold_order",
        lambda order_no, actor, reason: hold_order(order_no=order_no, actor=actor, reason=reason),
        lambda: _("Held."),
    ),
    "release": (
        "orders.hold_order",
        lambda order_no, actor, reason: release_holds(order_no=order_no, actor=actor, reason=reason),
        lambda: _("Released; a hold whose cause lasts stays open."),
    ),
    "cancel": (
        "orders.cancel_order",
        lambda order_no, actor, reason: cancel_order(order_no=order_no, actor=actor, reason=reason),
        lambda: _("Cancelled; its stock is free again."),
    ),
}
NEEDS_REASON = frozenset({"hold", "release", "cancel"})


def _actions(request: HttpRequest, order: Any) -> dict[str, bool]:
    """What this person can do with this order now; the most useful of them is the page's one primary button."""
    steps = {transition.name for transition in ORDER.from_state(order.state)}
    may_review = can(request.user, "orders.review_order")
    may_hold = can(request.user, "orders.hold_order")
    needs_other = order.review_role == "supervisor" and not can(request.user, "orders.supervise_order")
    return {
        "approve": may_review and "approve" in steps and not order.is_held and not needs_other,
        "release": may_hold and order.is_held,
        "hold": may_hold and "cancel" in steps and not any(hold.code == "MANUAL" for hold in order.open_holds),
        "cancel": can(request.user, "orders.cancel_order") and "cancel" in steps,
    }
