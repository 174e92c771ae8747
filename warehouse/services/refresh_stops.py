from oms.orders import api as orders
from warehouse.choices import LIVE_TASKS
from warehouse.models import PickTask


def refresh_stops(*, order_no: str) -> None:
    """Repeat an order's holds on its tasks, so that lists show them. The scans read the holds themselves."""
    tasks = {task.fo_no: task for task in PickTask.objects.filter(order_no=order_no, state__in=LIVE_TASKS)}
    for view in orders.list_fulfilments(tasks):
        reasons = list(view.hold_reasons) if view.is_held else []
        PickTask.objects.filter(pk=tasks[view.fo_no].pk).update(stop_reasons=reasons)
