"""Who may decide what: which role a hold or an approval asks for, and which waiting orders are one person's to decide."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.api import User, can
from oms.orders.choices import HoldCode, OrderState
from oms.orders.models import Order, OrderHold

REVIEWER, SUPERVISOR = "reviewer", "supervisor"
PERMISSIONS = {REVIEWER: "orders.review_order", SUPERVISOR: "orders.supervise_order"}
# Holds that are a decision of this role. Every other one may be released by whoever may hold orders.
DECIDED_BY = {
    HoldCode.RULE: REVIEWER,
    HoldCode.ADDRESS_CHANGED: REVIEWER,
    HoldCode.SOURCE_CONFLICT: SUPERVISOR,
    HoldCode.PLATFORM_HOLD: SUPERVISOR,
    HoldCode.UNDERPAID: SUPERVISOR,
}


def role_for(hold: OrderHold) -> str:
    """The role that must decide about a hold, or "": the rule's own wish first, then what the kind of hold asks for."""
    asked = hold.evidence.get("role", "")
    return asked if asked in PERMISSIONS else DECIDED_BY.get(HoldCode(hold.code), "")


def may_release(person: User, hold: OrderHold) -> bool:
    role = role_for(hold)
    return can(person, "orders.hold_order") and (not role or can(person, PERMISSIONS[role]))


def may_approve(person: User, order: Order) -> bool:
    return can(person, PERMISSIONS[SUPERVISOR if order.review_role == SUPERVISOR else REVIEWER])


def mine_to_decide(rows: QuerySet[Order], person: User) -> QuerySet[Order]:
    """Of orders in review or held, those that this person may approve or whose hold this person may release."""
    if can(person, PERMISSIONS[SUPERVISOR]):
        return rows
    may_review = can(person, PERMISSIONS[REVIEWER])
    barred = [code for code, role in DECIDED_BY.items() if role == SUPERVISOR or not may_review]
    holds: Any = OrderHold.objects.filter(order=OuterRef("pk"), cleared_at__isnull=True)
    holds = holds.exclude(code__in=barred).exclude(evidence__contains={"role": SUPERVISOR})
    mine: Any = Q(is_held=True) & Exists(holds)
    if may_review:
        mine |= Q(is_held=False, state=OrderState.IN_REVIEW) & ~Q(review_role=SUPERVISOR)
    return rows.filter(mine)
