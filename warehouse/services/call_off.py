"""A cancelled fulfilment order leaves the floor: its task ends, its parcel is unpacked."""

from django.db import transaction

from warehouse.choices import LIVE_TASKS, PackageState
from warehouse.models import Package, PickTask
from warehouse.services.waves import refresh_wave
from warehouse.states import PACKAGE, TASK


def call_off(*, fo_no: str) -> bool:
    """Take a fulfilment order off the floor; False when it was not on it."""
    with transaction.atomic():
        task = PickTask.objects.select_for_update().filter(fulfilment__fo_no=fo_no, state__in=LIVE_TASKS).first()
        if task is None:
            return False
        call_off_task(task)
        return True


def call_off_task(task: PickTask) -> None:
    """The same for a task that the caller has locked."""
    TASK.advance(task, "call_off", extra={"screen": "", "pending_tracking_no": ""})
    for package in Package.objects.filter(task=task, state=PackageState.PACKED):
        PACKAGE.advance(package, "unpack")
    refresh_wave(task.wave_id)
