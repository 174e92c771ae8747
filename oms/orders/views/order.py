from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.api import User, audit, can, require
from kernel.errors import BusinessError, InvalidInput
from kernel.states import TransitionRefused
from oms.orders.choices import OrderState
from oms.orders.contracts import StillHeld
from oms.orders.decisions import may_approve, may_release, role_for
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
from oms.orders.words import still_held_words


@require_GET
def order_detail(request: HttpRequest, order_no: str) -> HttpResponse:
    """One order: why it waits, what can be done, its story, its money, its goods and its parcels."""
    require(request.user, "orders.view_order")
    order = get_order(request.user, order_no)
    audit.record(request.user, "order.viewed", "orders.order", order_no)
    actions = _actions(request, order)
    timeline = order.timeline.select_related("actor").order_by("-at", "-id")
    context = {
        "order": order,
        "told": explain(order),
        "story": tell_story(list(timeline)),
        "money": money_rows(order),
        "due": due_amount(order),
        "rules": rule_lines(order),
        "actions": actions,
        "only": "" if actions["release"] else _who_releases(request, order),
    }
    return render(request, "orders/order_detail.html", context)


@require_POST
def order_act(request: HttpRequest, order_no: str, action: str) -> HttpResponse:
    """Approve, hold, release or cancel one order, then show it again with a word on what happened or why not."""
    if action not in ACTS:
        raise Http404
    get_order(request.user, order_no)
    permission, act = ACTS[action]
    require(request.user, permission)
    reason = request.POST.get("reason", "").strip()
    if action in NEEDS_REASON and not reason:
        raise InvalidInput(_("Say why: the reason stands in the order's timeline."))
    try:
        level, words = act(order_no, request.user, reason)
    except BusinessError as refused:
        if isinstance(refused, TransitionRefused):
            record_refusal(order_no, refused, actor=request.user)
        level, words = messages.ERROR, f"{refused.detail} {refused.advice}".strip()
    messages.add_message(request, level, words)
    return redirect("orders:detail", order_no=order_no)


Said = tuple[int, str]


def _approve(order_no: str, actor: User, reason: str) -> Said:
    approve_order(order_no=order_no, actor=actor, note=reason)
    return messages.SUCCESS, _("Approved.")


def _hold(order_no: str, actor: User, reason: str) -> Said:
    hold_order(order_no=order_no, actor=actor, reason=reason)
    return messages.SUCCESS, _("Held.")


def _release(order_no: str, actor: User, reason: str) -> Said:
    result = release_holds(order_no=order_no, actor=actor, reason=reason)
    if result.still_held:
        words = [_("Released in part.")] if result.released else [_("Not released.")]
        return messages.ERROR, " ".join([*words, *map(still_held_words, result.still_held)])
    if result.state == OrderState.IN_REVIEW:
        return messages.SUCCESS, _("Released; a reviewer decides now.")
    return messages.SUCCESS, _("Released.")


def _cancel(order_no: str, actor: User, reason: str) -> Said:
    cancel_order(order_no=order_no, actor=actor, reason=reason)
    return messages.SUCCESS, _("Cancelled; its stock is free again.")


ACTS: dict[str, tuple[str, Callable[[str, User, str], Said]]] = {
    "approve": ("orders.review_order", _approve),
    "hold": ("orders.hold_order", _hold),
    "release": ("orders.hold_order", _release),
    "cancel": ("orders.cancel_order", _cancel),
}
NEEDS_REASON = frozenset({"hold", "release", "cancel"})


def _actions(request: HttpRequest, order: Any) -> dict[str, bool]:
    """What this person can do with this order now; the most useful of them is the page's one primary button."""
    steps = {transition.name for transition in ORDER.from_state(order.state)}
    may_review = can(request.user, "orders.review_order")
    may_hold = can(request.user, "orders.hold_order")
    return {
        "approve": may_review and "approve" in steps and not order.is_held and may_approve(request.user, order),
        "release": any(may_release(request.user, hold) for hold in order.open_holds),
        "hold": may_hold and "cancel" in steps and not any(hold.code == "MANUAL" for hold in order.open_holds),
        "cancel": can(request.user, "orders.cancel_order") and "cancel" in steps,
    }


def _who_releases(request: HttpRequest, order: Any) -> str:
    """To somebody who may hold, but not release what is open here: who may."""
    if not order.open_holds or not can(request.user, "orders.hold_order"):
        return ""
    return " ".join(still_held_words(StillHeld(hold.code, role=role_for(hold))) for hold in order.open_holds)
