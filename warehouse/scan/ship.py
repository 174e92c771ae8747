"""Shipping out: each parcel is scanned as the carrier takes it. The scan ships the order; there is nothing to choose before.

| screen | wants                                  | a right scan           | leads to |
| ------ | -------------------------------------- | ---------------------- | -------- |
| parcel | a tracking number on a closed parcel   | order shipped for good | parcel   |
"""

from warehouse import selectors
from warehouse.carrier_book import carrier_name
from warehouse.choices import PackageState, ScanKind
from warehouse.scan import messages as say
from warehouse.scan.envelope import Expects, Progress
from warehouse.scan.scenario import HandoverDesk, ScanInput, Scenario, Screen, Step, clean
from warehouse.services.ship import ship_package

PARCEL = "parcel"


def start(desk: HandoverDesk) -> Step:
    return Step(say.START_SHIP(waiting=selectors.count_waiting_parcels(desk.warehouse_id)), PARCEL)


def progress(desk: HandoverDesk) -> Progress:
    shipped = selectors.count_shipped_today(desk.warehouse_id, desk.now)
    return Progress(done=shipped, total=shipped + selectors.count_waiting_parcels(desk.warehouse_id))


def _wants_parcel(_desk: HandoverDesk) -> Expects:
    return Expects("scan", str(say.SCAN_PARCEL))


def _scan_parcel(desk: HandoverDesk, scan: ScanInput) -> Step:
    package = selectors.find_parcel(desk.warehouse_id, clean(scan.value))
    if package is None:
        return Step(say.UNKNOWN_PARCEL(), PARCEL)
    desk.task = package.task
    if package.state == PackageState.SHIPPED:
        return Step(say.ALREADY_SHIPPED(), PARCEL)
    ship_package(package_id=package.pk, actor=desk.user)
    said = say.SHIPPED(order_no=package.order_no, carrier=carrier_name(package.waybill.carrier_code))
    return Step(said, PARCEL, expected=package.waybill.tracking_no)


SCENARIO = Scenario(
    kind=ScanKind.SHIP,
    screens={PARCEL: Screen(_wants_parcel, _scan_parcel, next=(PARCEL,))},
    start=start,
    progress=progress,
)
