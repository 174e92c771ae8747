"""The warehouse lead's pages: what waits, the waves, one wave, its pick list."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.api import require, signed_in
from inventory.api import Warehouse
from kernel.errors import InvalidInput
from kernel.pages import ListPage
from warehouse import selectors
from warehouse.contracts import WaitingGroup
from warehouse.filters import WaveFilter
from warehouse.forms import NewWaveForm
from warehouse.models import Wave
from warehouse.services.create_wave import create_wave
from warehouse.tables import WaveTable

MOST_SHOWN = 200


@dataclass(frozen=True)
class Waiting:
    """What waits for a wave in one warehouse, as its panel shows it."""

    warehouse: Warehouse
    count: int
    is_capped: bool
    oldest_paid_at: datetime | None
    groups: list[WaitingGroup]


class WaveList(ListPage):
    title = gettext_lazy("Waves")
    permission_required = "warehouse.view_wave"
    template_name = "warehouse/wave_list.html"
    table_class = WaveTable
    filterset_class = WaveFilter
    order = ("-created_at", "-id")
    row_key = "wave_no"
    empty_why = gettext_lazy("No wave has been made yet.")
    empty_next = gettext_lazy("Orders that are approved and paid wait above; send them to the floor from there.")

    def get_queryset(self) -> QuerySet[Wave]:
        return selectors.list_waves(signed_in(self.request))

    def extra_context(self) -> dict[str, Any]:
        warehouses = selectors.list_warehouses(signed_in(self.request), "warehouse.view_wave")
        return {
            "waiting": [_waiting(one) for one in warehouses],
            "may_create": signed_in(self.request).has_perm("warehouse.create_wave"),
        }


def _waiting(warehouse: Warehouse) -> Waiting:
    views = selectors.list_waiting(warehouse.code, limit=MOST_SHOWN + 1)
    shown = views[:MOST_SHOWN]
    paid = [view.paid_at for view in shown if view.paid_at]
    return Waiting(
        warehouse, len(shown), len(views) > MOST_SHOWN, min(paid, default=None), selectors.propose_waves(shown)
    )


@require_POST
def new_wave(request: HttpRequest) -> HttpResponse:
    form = NewWaveForm(request.POST)
    if not form.is_valid():
        raise InvalidInput(_("Say how many orders the wave may have."))
    warehouse = selectors.get_warehouse(signed_in(request), form.cleaned_data["warehouse"], "warehouse.create_wave")
    made = create_wave(
        warehouse=warehouse, actor=signed_in(request), limit=form.cleaned_data["limit"], filters=form.wave_filters()
    )
    count = made.task_count
    text = ngettext(
        "%(count)d order is on its way to the floor.", "%(count)d orders are on their way to the floor.", count
    )
    messages.success(request, text % {"count": count})
    return redirect("warehouse:wave", wave_no=made.wave_no)


@require_GET
def wave_detail(request: HttpRequest, wave_no: str) -> HttpResponse:
    """One wave: its tasks, how far each is, who has it, and why it waits."""
    require(signed_in(request), "warehouse.view_wave")
    wave = selectors.get_wave(signed_in(request), wave_no)
    tasks = list(selectors.wave_tasks(wave))
    context = {"wave": wave, "tasks": tasks, "counts": selectors.count_by_state(tasks)}
    return render(request, "warehouse/wave_detail.html", context)


@require_GET
def pick_list(request: HttpRequest, wave_no: str) -> HttpResponse:
    """The wave on paper: each order's stops in walking order."""
    require(signed_in(request), "warehouse.view_wave")
    wave = selectors.get_wave(signed_in(request), wave_no)
    return render(request, "warehouse/pick_list.html", {"wave": wave, "tasks": list(selectors.wave_tasks(wave))})
