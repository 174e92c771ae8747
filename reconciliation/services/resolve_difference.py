"""A person closes a difference: resolved (the cause was put right) or accepted (it stays as it is), always with a reason."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.api import User, audit, require
from kernel.clock import now
from reconciliation.choices import DifferenceState
from reconciliation.errors import DifferenceClosed, ReasonMissing
from reconciliation.models import Difference
from reconciliation.selectors import get_difference

DECISIONS = (DifferenceState.RESOLVED, DifferenceState.ACCEPTED)


def resolve_difference(*, uid: str, decision: str, reason: str, actor: User) -> Difference:
    """Close an open difference once; of two people at the same moment the second is told so."""
    require(actor, "reconciliation.resolve_difference")
    difference = get_difference(actor, uid)
    reason = reason.strip()
    if decision not in DECISIONS:
        raise ReasonMissing(_("Say whether it is resolved or accepted."), errors=_at("decision"))
    if not reason:
        raise ReasonMissing(_("Write down why, so that the next person understands it."), errors=_at("reason"))
    with transaction.atomic():
        closed = Difference.objects.filter(pk=difference.pk, state=DifferenceState.OPEN).update(
            state=decision, note=reason[:500], resolved_by=actor, resolved_at=now()
        )
        if not closed:
            raise DifferenceClosed(_("Somebody closed this difference already, or it cleared by itself."))
        audit.record(
            actor, "difference.close", "reconciliation.difference", str(difference.uid),
            before={"state": difference.state}, after={"state": decision, "amount": str(difference.amount)}, reason=reason,
        )  # fmt: skip
    difference.refresh_from_db()
    return difference


def _at(path: str) -> list[dict[str, str]]:
    return [{"path": path, "code": "required", "message": ""}]
