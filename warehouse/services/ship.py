"""The parcel leaves: parcel, task, stock, order and the news to the platform in one transaction."""

from django.db import transaction

from accounts.api import User
from kernel import clock
from kernel.states import TransitionRefused
from oms.orders import api as orders
from warehouse import metrics
from warehouse.errors import ParcelAlreadyShipped
from warehouse.models import Package, PickTask
from warehouse.states import PACKAGE, TASK


def ship_package(*, package_id: int, actor: User) -> Package:
    """Ship a closed parcel, once. Raises ParcelAlreadyShipped, OrderOnHold, FulfilmentNotLive; then nothing has changed."""
    with transaction.atomic():
        package = Package.objects.select_related("waybill").get(pk=package_id)
        task = PickTask.objects.select_for_update(of=("self",)).filter(packages=package).first()
        at = clock.now()
        try:
            PACKAGE.advance(package, "ship", extra={"shipped_at": at, "shipped_by": actor})
        except TransitionRefused as refused:
            raise ParcelAlreadyShipped(
                f"Parcel {package.package_no} has left already.", package_no=package.package_no
            ) from refused
        if task is not None:
            TASK.advance(task, "ship", extra={"shipped_at": at})
        orders.ship_fulfilment(
            fo_no=package.fo_no,
            carrier_code=package.waybill.carrier_code,
            tracking_no=package.waybill.tracking_no,
            package_ref=package.package_no,
            shipped_at=at,
            actor=actor,
        )
        transaction.on_commit(lambda: metrics.SHIPPED_PARCELS.labels(source=package.waybill.source).inc())
        return package
