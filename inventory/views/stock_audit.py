from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.api import require
from inventory import page_selectors
from inventory.services.audit import audit_stock
from inventory.services.gatekeeper import rebuild_gate
from inventory.stock_gate import GateNotReady
from kernel.errors import Refused

MANAGE = "inventory.manage_gate"
INVARIANTS: dict[str, str | Promise] = {
    "expired_now": gettext_lazy("Reservations that this run let expire"),
    "reaped_now": gettext_lazy("Gate entries without a reservation that this run gave back"),
    "ledger_on_hand": gettext_lazy("The ledger's sum is what is on hand"),
    "ledger_reserved": gettext_lazy("The ledger's sum is what is reserved"),
    "ledger_committed": gettext_lazy("The ledger's sum is what is committed"),
    "held_reserved": gettext_lazy("Held reservations are what is reserved"),
    "committed_committed": gettext_lazy("Committed reservations are what is committed"),
    "promises_covered": gettext_lazy("Nothing is promised that is not on the shelf"),
    "none_overdue": gettext_lazy("No reservation is held past its time"),
    "none_orphaned": gettext_lazy("Every reserved line has its reservation and its stock"),
    "all_folded": gettext_lazy("Every change of a reservation has reached the levels"),
}

# What a run did, beside what it proved.
COUNTS = ("expired_now", "reaped_now")


@dataclass(frozen=True)
class InvariantRow:
    """One invariant as a person reads it."""

    sentence: str
    finding: dict[str, Any]
    is_count: bool = False


@require_http_methods(["GET", "POST"])
def audit_page(request: HttpRequest) -> HttpResponse:
    """The proof and its time. A POST checks now, or rebuilds one gate."""
    require(request.user, "inventory.view_stock")
    if request.method == "POST":
        return _act(request)
    audits = page_selectors.last_audits()
    newest = audits[0] if audits else None
    context = {
        "audit": newest,
        "rows": [_row(finding) for finding in newest.findings] if newest else [],
        "audits": audits,
        "gates": page_selectors.list_gates(request.user),
        "may_manage": request.user.has_perm(MANAGE),
    }
    return render(request, "inventory/stock_audit.html", context)


def _act(request: HttpRequest) -> HttpResponse:
    require(request.user, MANAGE)
    warehouse = request.POST.get("rebuild")
    if warehouse:
        place = page_selectors.places_in_scope(request.user, MANAGE).get(code=warehouse)
        try:
            rebuild_gate(place.code)
        except GateNotReady as error:
            raise Refused(
                _("Redis does not answer, so the gate stays closed. Orders go on through PostgreSQL.")
            ) from error
        messages.success(request, _("The gate of %(warehouse)s was rebuilt and is open.") % {"warehouse": place.name})
    elif audit_stock().is_sound:
        messages.success(request, _("Every invariant holds."))
    else:
        messages.error(request, _("An invariant is broken: see below."))
    return redirect("inventory:audit")


def _row(finding: dict[str, Any]) -> InvariantRow:
    code = str(finding["code"])
    if code.startswith("gate:"):
        sentence = _("The gate of %(warehouse)s is what the ledger says") % {"warehouse": code.removeprefix("gate:")}
    else:
        sentence = str(INVARIANTS.get(code, code))
    return InvariantRow(sentence, finding, is_count=code in COUNTS)
