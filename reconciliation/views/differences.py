"""Differences: the list with its sums, one difference with its evidence, and the workbook for accountants."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.api import audit, can, person, require
from kernel import looks
from kernel.clock import now, parse
from kernel.errors import Refused
from kernel.pages import ListPage, Sort
from oms.orders.api import MoneyFacts, find_money_facts
from reconciliation import selectors, words
from reconciliation.choices import DifferenceState
from reconciliation.export import workbook
from reconciliation.filters import DifferenceFilter
from reconciliation.forms import ResolveForm
from reconciliation.models import Difference
from reconciliation.services.resolve_difference import resolve_difference
from reconciliation.tables import DifferenceTable

EXPORT_ROWS = 100_000
VIEW, RESOLVE = "reconciliation.view_difference", "reconciliation.resolve_difference"


class DifferenceList(ListPage):
    title = _("Differences")
    permission_required = VIEW
    template_name = "reconciliation/difference_list.html"
    list_template = "reconciliation/_difference_rows.html"
    table_class = DifferenceTable
    filterset_class = DifferenceFilter
    order = ("-found_at", "-id")
    sorts = {
        "newest": Sort(_("Newest first"), ("-found_at", "-id")),
        "oldest": Sort(_("Oldest first"), ("found_at", "id")),
    }
    empty_why = _("No difference is open.")
    empty_next = _("A difference appears here when a statement says something else than the order.")

    def get_queryset(self) -> QuerySet[Difference]:
        return selectors.list_differences(person(self.request))

    def extra_context(self) -> dict[str, Any]:
        found = DifferenceFilter(self.request.GET, queryset=self.get_queryset(), request=self.request)
        rows = found.qs if found.is_valid() else Difference.objects.none()
        return {"sums": selectors.sums_of_differences(rows), "query": self.request.GET.urlencode()}


def difference_page(request: HttpRequest, uid: str) -> HttpResponse:
    require(person(request), VIEW)
    difference = selectors.get_difference(person(request), uid)
    form = ResolveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            resolve_difference(
                uid=uid,
                decision=request.POST.get("decision", ""),
                reason=form.cleaned_data["reason"],
                actor=person(request),
            )
        except Refused as error:
            messages.warning(request, error.detail)
        else:
            messages.success(request, _t("The difference is closed; the reason is kept with it."))
        return redirect("reconciliation:difference", uid)
    context = {
        "difference": difference,
        "form": form,
        "may_resolve": can(person(request), RESOLVE) and difference.state == DifferenceState.OPEN,
        "parts": [_part(part) for part in difference.parts],
        "sentence": _sentence(difference),
        "next_step": words.NEXT_STEPS.get(difference.kind, ""),
        "lines": selectors.lines_of_difference(difference)[:50],
        "facts": _facts(difference),
        "may_see_order": can(person(request), "orders.view_order"),
    }
    status = 422 if form.errors else 200
    return render(request, "reconciliation/difference_page.html", context, status=status)


def _part(part: dict[str, Any]) -> dict[str, Any]:
    evidence = [(words.EVIDENCE.get(name, name), _stated(name, value)) for name, value in part["evidence"].items()]
    return {"title": words.cause(part["cause"]), "evidence": evidence, "amount": Decimal(part["amount"])}


def _stated(name: str, value: str) -> SafeString | str:
    """A moment in the reader's zone, anything else as it stands."""
    return looks.when(parse(value, "UTC")) if name in words.MOMENTS else value


def _sentence(difference: Difference) -> str:
    amounts = {"stated": difference.stated_amount, "expected": difference.expected_amount}
    if difference.kind in words.UNSIGNED:
        amounts = {name: abs(amount) for name, amount in amounts.items()}
    shown = {name: looks.money_text(amount, difference.currency) for name, amount in amounts.items()}
    return str(words.SENTENCES[difference.kind]) % shown


def _facts(difference: Difference) -> MoneyFacts | None:
    found = find_money_facts(order_nos=[difference.order_no]) if difference.order_no else []
    return found[0] if found else None


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """What the filters show, as a workbook for accountants; taking it out is on record."""
    require(person(request), VIEW)
    rows = selectors.list_differences(person(request)).order_by("-found_at", "-id")
    found = DifferenceFilter(request.GET, queryset=rows, request=request)
    chosen = found.qs[:EXPORT_ROWS] if found.is_valid() else Difference.objects.none()
    audit.record(person(request), "differences.exported", after={"filters": request.GET.dict()})
    response = HttpResponse(
        workbook(chosen.iterator(chunk_size=2000)),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    response["Content-Disposition"] = f'attachment; filename="differences-{now():%Y%m%d-%H%M}.xlsx"'
    response["Cache-Control"] = "no-store"
    return response
