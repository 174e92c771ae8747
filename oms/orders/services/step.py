"""One step of an order along its states: decided by one conditional update, told in the timeline, refused with a code."""

from typing import Any

from django.db import transaction

from accounts.api import User
from kernel import clock, correlation
from kernel.states import TransitionRefused
from oms.orders.models import Order, TransitionFailure
from oms.orders.services.timeline import tell
from oms.orders.states import ORDER
from oms.orders.words import refusal_words


def advance(order: Order, name: str, *, actor: User | None = None, source: str = "", **data: Any) -> None:
    """Take the named step in the caller's transaction. Raises TransitionRefused (ST-4xxx) and changes nothing."""
    where = {"is_held": False} if "not_held" in ORDER.transition(name).guards else {}
    try:
        step = ORDER.advance(order, name, actor=actor, extra={"state_changed_at": clock.now()}, where=where)
    except TransitionRefused as refused:
        detail, advice = refusal_words(refused.code, name, refused.state)
        raise TransitionRefused(refused.code, name, refused.state, detail, advice=advice) from refused
    tell(order, name, actor=actor, source=source, before=step.before, after=step.after, **data)


def record_refusal(order_no: str, refused: TransitionRefused, *, actor: User | None = None) -> None:
    """Keep a refused step after its transaction is gone (the caller's entry point does this)."""
    with transaction.atomic():
        order = Order.objects.get(order_no=order_no)
        TransitionFailure.objects.create(
            order=order,
            at=clock.now(),
            transition=refused.transition,
            state=order.state,
            code=refused.code,
            detail=refused.detail[:255],
            actor=actor,
            correlation_id=correlation.current(),
        )
        tell(
            order,
            "state_transition_failed",
            actor=actor,
            before=order.state,
            code=refused.code,
            step=refused.transition,
        )
