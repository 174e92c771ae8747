from collections.abc import Iterable

from django.db import IntegrityError, transaction

from accounts.api import User
from kernel import clock
from oms.orders import api as orders
from warehouse.carrier_book import carriers, is_known_format
from warehouse.choices import WaybillSource
from warehouse.errors import TrackingNumberTaken, UnknownCarrier
from warehouse.models import Package, PackageItem, PickLine, PickTask, Waybill
from warehouse.services.numbers import next_number
from warehouse.states import TASK


def seal_parcel(
    *, task: PickTask, lines: Iterable[PickLine], carrier_code: str, tracking_no: str, actor: User
) -> Waybill:
    """Close the checked parcel of a locked task and put its waybill on. Raises TrackingNumberTaken, UnknownCarrier."""
    package = add_package(
        Package(
            package_no=next_number("P"),
            fulfilment_id=task.fo_no,
            warehouse_id=task.warehouse_id,
            task=task,
            order_no=task.order_no,
            packed_by=actor,
            packed_at=clock.now(),
        ),
        items={(line.sku_code, line.sku_name): line.qty for line in lines},
    )
    waybill = put_waybill(package, carrier_code=carrier_code, tracking_no=tracking_no, source=WaybillSource.SCAN)
    TASK.advance(task, "seal", extra={"packed_at": package.packed_at, "screen": ""})
    orders.mark_packed(fo_no=task.fo_no, actor=actor)
    return waybill


def add_package(package: Package, *, items: dict[tuple[str, str], int]) -> Package:
    package.save(force_insert=True)
    PackageItem.objects.bulk_create(
        PackageItem(package=package, sku_code=code, sku_name=name, qty=qty) for (code, name), qty in items.items()
    )
    return package


def put_waybill(package: Package, *, carrier_code: str, tracking_no: str, source: str) -> Waybill:
    """The tracking number goes on the parcel; that it stands on no other one is the database's word."""
    if carrier_code not in carriers():
        raise UnknownCarrier(f"There is no carrier {carrier_code}.", carrier=carrier_code)
    waybill = Waybill(
        package=package,
        carrier_code=carrier_code,
        tracking_no=tracking_no,
        is_known_format=is_known_format(carrier_code, tracking_no),
        source=source,
        created_at=clock.now(),
    )
    try:
        with transaction.atomic():
            waybill.save(force_insert=True)
    except IntegrityError as taken:
        raise TrackingNumberTaken(
            f"{tracking_no} of {carrier_code} is on another parcel.", carrier=carrier_code, tracking_no=tracking_no
        ) from taken
    return waybill
