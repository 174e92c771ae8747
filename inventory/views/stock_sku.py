from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.api import require, signed_in
from inventory import page_selectors
from inventory.forms import AdjustForm
from inventory.models import Movement, Sku
from inventory.services.adjust import set_stock
from inventory.tables import LedgerTable
from kernel.pages import ListPage

ADJUST = "inventory.adjust_stock"


class SkuPage(ListPage):
    """One SKU: where it stands, who holds it until when, and its ledger."""

    permission_required = "inventory.view_stock"
    template_name = "inventory/sku_page.html"
    table_class = LedgerTable
    order = ("-id",)
    row_key = "pk"
    empty_why = gettext_lazy("Nothing has moved yet.")
    empty_next = gettext_lazy("The ledger begins with the first receipt or count.")

    @cached_property
    def sku(self) -> Sku:
        return page_selectors.get_sku_or_404(self.kwargs["sku_code"])

    def get_queryset(self) -> QuerySet[Movement]:
        return page_selectors.list_movements(self.request.user, self.sku)

    def extra_context(self) -> dict[str, Any]:
        user = self.request.user
        levels = page_selectors.live_levels_of(user, self.sku)
        holders = page_selectors.list_holders(user, self.sku)
        return {
            "title": self.sku.code,
            "sku": self.sku,
            "levels": levels,
            "available": sum(level.available for level in levels),
            "sellable": sum(level.sellable for level in levels),
            "holders": holders[: page_selectors.MOST_HOLDERS],
            "has_more_holders": len(holders) > page_selectors.MOST_HOLDERS,
            "may_adjust": page_selectors.places_in_scope(user, ADJUST).exists() and user.has_perm(ADJUST),
        }


sku_page = SkuPage.as_view()


@require_http_methods(["GET", "POST"])
def adjust(request: HttpRequest, sku_code: str) -> HttpResponse:
    """Book what was counted on the shelf."""
    require(request.user, ADJUST)
    sku = page_selectors.get_sku_or_404(sku_code)
    places = page_selectors.places_in_scope(request.user, ADJUST)
    form = AdjustForm(places, request.POST or None, initial={"warehouse": request.GET.get("warehouse", "")})
    if not form.is_valid():
        context = {"sku": sku, "form": form, "levels": page_selectors.live_levels_of(request.user, sku)}
        return render(request, "inventory/sku_adjust.html", context, status=422 if request.method == "POST" else 200)
    row = set_stock(
        sku_code=sku.code,
        warehouse_code=form.cleaned_data["warehouse"].code,
        qty=form.cleaned_data["qty"],
        reason=form.cleaned_data["reason"],
        actor=signed_in(request),
    )
    text = _("%(sku)s now has %(qty)d on hand and %(available)d available.")
    messages.success(request, text % {"sku": sku.code, "qty": row.on_hand, "available": row.available})
    return redirect("inventory:sku", sku_code=sku.code)
