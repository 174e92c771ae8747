"""An external warehouse tells us that it has sent an order: all steps at once, in one transaction."""

from django.db import transaction

from accounts.api import User, audit
from inventory.api import Warehouse
from kernel import clock
from oms.orders import api as orders
from oms.orders.api import FulfilmentView
from warehouse import metrics, selectors
from warehouse.choices import LIVE_TASKS, PackageState, WaybillSource
from warehouse.contracts import ShipmentView
from warehouse.errors import ParcelAlreadyShipped
from warehouse.models import Package, PickTask
from warehouse.scan.scenario import clean
from warehouse.services.numbers import next_number
from warehouse.services.seal import add_package, put_waybill
from warehouse.services.ship import ship_package
from warehouse.services.waves import refresh_wave
from warehouse.states import TASK

# Words of the order centre's fulfilment state.
NOT_BEGUN, BEING_PICKED, PACKED = "released", "picking", "packed"


def report_shipped(*, fo_no: str, carrier_code: str, tracking_no: str, actor: User) -> ShipmentView:
    """Ship a fulfilment order that nobody here has touched, or somebody has begun. The same news twice changes nothing.

    Raises FulfilmentNotFound, OrderOnHold, FulfilmentNotLive, ParcelAlreadyShipped (another number), UnknownCarrier,
    TrackingNumberTaken.
    """
    number = clean(tracking_no)
    with transaction.atomic():
        task = PickTask.objects.select_for_update().filter(fulfilment__fo_no=fo_no, state__in=LIVE_TASKS).first()
        package = (
            Package.objects.select_related("waybill", "warehouse")
            .filter(fulfilment__fo_no=fo_no)
            .exclude(state=PackageState.VOID)
            .first()
        )
        if package is not None and package.state == PackageState.SHIPPED:
            return _told_again(package, carrier_code, number)
        if package is not None and _is_on(package, carrier_code, number):
            return selectors.shipment_view(ship_package(package_id=package.pk, actor=actor))
        view = orders.lock_fulfilment_for_floor(fo_no)
        package = _pack(view, task, actor)
        put_waybill(package, carrier_code=carrier_code, tracking_no=number, source=WaybillSource.WMS)
        _catch_up(view, actor)
        orders.ship_fulfilment(
            fo_no=fo_no,
            carrier_code=carrier_code,
            tracking_no=number,
            package_ref=package.package_no,
            shipped_at=package.shipped_at,
            actor=actor,
        )
        if task is not None:
            TASK.advance(task, "report_shipped", extra={"shipped_at": package.shipped_at, "screen": ""})
            refresh_wave(task.wave_id)
        audit.record(
            actor,
            "shipment.reported",
            "warehouse.package",
            package.package_no,
            after={"fo_no": fo_no, "carrier": carrier_code, "tracking_no": number},
        )
        transaction.on_commit(lambda: metrics.SHIPPED_PARCELS.labels(source=WaybillSource.WMS).inc())
        return selectors.shipment_view(package)


def _told_again(package: Package, carrier_code: str, number: str) -> ShipmentView:
    if not _is_on(package, carrier_code, number):
        raise ParcelAlreadyShipped(f"{package.fo_no} has left with {package.waybill}.", fo_no=package.fo_no)
    return selectors.shipment_view(package)


def _is_on(package: Package, carrier_code: str, number: str) -> bool:
    return (package.waybill.carrier_code, package.waybill.tracking_no) == (carrier_code, number)


def _catch_up(view: FulfilmentView, actor: User) -> None:
    """Take the steps that the floor has not taken yet."""
    if view.state in (NOT_BEGUN, BEING_PICKED):
        orders.mark_picked(fo_no=view.fo_no, actor=actor)
    if view.state != PACKED:
        orders.mark_packed(fo_no=view.fo_no, actor=actor)


def _pack(view: FulfilmentView, task: PickTask | None, actor: User) -> Package:
    items: dict[tuple[str, str], int] = {}
    for line in view.lines:
        items[line.sku_code, line.sku_name] = items.get((line.sku_code, line.sku_name), 0) + line.qty
    Package.objects.filter(fulfilment__fo_no=view.fo_no, state=PackageState.PACKED).update(state=PackageState.VOID)
    now = clock.now()
    package = Package(
        package_no=next_number("P"),
        fulfilment_id=view.fo_no,
        warehouse=Warehouse.objects.get(code=view.warehouse_code),
        task=task,
        order_no=view.order_no,
        state=PackageState.SHIPPED,
        shipped_by=actor,
        packed_at=now,
        shipped_at=now,
    )
    return add_package(package, items=items)
