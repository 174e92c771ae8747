"""What the warehouse has before it, step by step."""

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from accounts.api import User, can, in_scope
from insights.figures import Figure, Metric, counted
from inventory.api import Warehouse
from oms.orders.api import FulfilmentOrder
from warehouse.api import tasks_in_scope

WAITING = Metric(
    _("To be waved"), _("Released fulfilment orders, not held and in no wave"), "building-warehouse", "/waves/"
)
STEPS = {
    "waiting": Metric(_("To pick"), _("Tasks in a wave that nobody picks yet"), "basket", "/pda/pick/"),
    "picking": Metric(_("Being picked"), _("Tasks that a picker holds"), "basket", "/pda/pick/"),
    "picked": Metric(_("To pack"), _("Picked tasks that wait for the packing check"), "package", "/pda/pack/"),
    "packing": Metric(_("Being packed"), _("Tasks at a packing desk"), "package", "/pda/pack/"),
    "packed": Metric(_("To ship out"), _("Packed parcels that have not been scanned out"), "truck-delivery", "/pda/"),
}


def floor_figures(user: User) -> list[Figure]:
    counts = tasks_in_scope(user).filter(state__in=STEPS).order_by().values("state").annotate(count=Count("pk"))
    found = {row["state"]: row["count"] for row in counts}
    lead = can(user, "warehouse.view_wave")
    steps = [
        Figure(metric, counted(metric, (found.get(state, 0), False)).value, url="/floor/" if lead else metric.url)
        for state, metric in STEPS.items()
    ]
    return [_released(user), *steps] if lead else steps


def _released(user: User) -> Figure:
    waved = tasks_in_scope(user).filter(state="waiting").order_by().values("fulfilment_id")  # its number
    rows = FulfilmentOrder.objects.filter(state="released", order__is_held=False).exclude(fo_no__in=waved)
    scoped = in_scope(rows, user, "inventory.work_in_warehouse", "warehouse_id", Warehouse)
    return counted(WAITING, (scoped.count(), False), alarm="warn")
