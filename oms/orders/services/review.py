"""Review: the rules look at a paid order; it goes on by itself, or waits for a person with the reason beside it."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.api import User, audit
from kernel import clock, events
from kernel.states import HELD, NOT_ALLOWED, TransitionRefused
from oms.orders import selectors
from oms.orders.choices import HoldCode, OrderState
from oms.orders.decisions import SUPERVISOR, may_approve
from oms.orders.events import OrderApproved
from oms.orders.facts import facts_of
from oms.orders.models import Order, RuleRun
from oms.orders.services.dispatch import dispatch_locked
from oms.orders.services.holds import place_hold
from oms.orders.services.step import advance
from oms.orders.words import hold_word
from oms.rules import api as rules
from oms.rules.api import Evaluation

REVIEWABLE = (OrderState.PAID, OrderState.IN_REVIEW)


def review_order(*, order_no: str) -> None:
    """Run the rules over an order that was just paid. Without a hold or a required reviewer it is approved and dispatched."""
    with transaction.atomic():
        order = selectors.lock_order(order_no)
        if order.state not in REVIEWABLE or order.rule_runs.exists():
            return
        evaluation = rules.evaluate(facts=facts_of(order))
        _apply(order, evaluation)
        if order.is_held or order.review_role:
            _send_to_review(order)
        else:
            _approve(order, source=evaluation.ruleset)
        _remember(order, evaluation)


def review_again(order: Order) -> None:
    """Money, goods or address have changed since the rules looked at a locked order: they look again, a person decides."""
    if order.state != OrderState.IN_REVIEW:
        return
    evaluation = rules.evaluate(facts=facts_of(order))
    _apply(order, evaluation)
    order.review_role = order.review_role or "reviewer"
    order.save(update_fields=("review_role",))
    _remember(order, evaluation)


def approve_order(*, order_no: str, actor: User, note: str = "") -> None:
    """A person approves an order. Raises TransitionRefused: ST-4095 while held, ST-4092 when another role must decide."""
    with transaction.atomic():
        order = selectors.lock_order(order_no)
        check_reviewer(order, actor)
        before = order.state
        if order.state == OrderState.PAID:
            _send_to_review(order)
        _approve(order, actor=actor, note=note)
        audit.record(
            actor,
            "order.approved",
            "orders.order",
            order_no,
            before={"state": before},
            after={"state": order.state},
            reason=note,
        )


def check_reviewer(order: Order, actor: User) -> None:
    """Guards of approval that need the person: not held, and the role that a rule asked for."""
    if order.is_held:
        holds = ", ".join(hold_word(code) for code in sorted(selectors.open_hold_codes(order)))
        raise TransitionRefused(
            HELD,
            "approve",
            order.state,
            _("The order is on hold: %(holds)s.") % {"holds": holds},
            advice=_("Release the hold first."),
        )
    if order.review_role == SUPERVISOR and not may_approve(actor, order):
        raise TransitionRefused(
            NOT_ALLOWED,
            "approve",
            order.state,
            _("A rule asks for a supervisor's approval."),
            advice=_("Pass the order to a supervisor."),
        )


def approve_after_release(order: Order, *, actor: User | None) -> None:
    """The last hold is gone: an order that waited only for that goes on; released by no reviewer, it waits for one."""
    if order.state != OrderState.IN_REVIEW or order.is_held or order.review_role:
        return
    if actor is None or may_approve(actor, order):
        _approve(order, actor=actor, source="hold_released")


def _send_to_review(order: Order) -> None:
    if order.state == OrderState.PAID:
        advance(order, "submit_review", source="rules", role=order.review_role)


def _approve(order: Order, *, actor: User | None = None, source: str = "", note: str = "") -> None:
    advance(order, "approve", actor=actor, source=source, note=note)
    order.approved_at = clock.now()
    order.save(update_fields=("approved_at",))
    events.publish(OrderApproved(order_no=order.order_no))
    dispatch_locked(order)


def _apply(order: Order, evaluation: Evaluation) -> None:
    """Carry out what the rules ask for: holds with their reason, tags, priority, the role that must approve."""
    tags, priority, roles = set(order.tags), order.priority, {order.review_role}
    for result in evaluation.hits + evaluation.unknown_to_review:
        for action in result.actions:
            if action["action"] == "hold":
                evidence = {"ruleset": evaluation.ruleset} | _role_asked(result.actions)
                place_hold(order, HoldCode.RULE, source=result.rule, evidence=evidence)
            elif action["action"] == "require_review":
                roles.add(action["role"])
            elif action["action"] == "tag":
                tags.add(action["tag"])
            elif action["action"] == "priority":
                priority = max(priority, action["value"])
    order.tags, order.priority = sorted(tags), priority
    order.review_role = "supervisor" if "supervisor" in roles else "reviewer" if "reviewer" in roles else ""
    order.save(update_fields=("tags", "priority", "review_role"))


def _role_asked(actions: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Who must release a rule's hold, where the rule says so."""
    roles = {action["role"] for action in actions if action["action"] == "require_review"}
    return {"role": SUPERVISOR} if SUPERVISOR in roles else {}


def _remember(order: Order, evaluation: Evaluation) -> None:
    RuleRun.objects.create(
        order=order,
        at=clock.now(),
        ruleset=evaluation.ruleset,
        outcome=order.state,
        results=[asdict(result) for result in evaluation.results],
    )
